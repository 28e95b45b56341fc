import type { Tensor } from '../tensor/tensor.ts'
import type { Plan } from './trees/plan.ts'

/** A graph that is run again and again, such as a training step. */
export type OpenedGraph = {
  readonly run: (inputs: readonly Tensor[], outputs: readonly string[]) => Promise<readonly Tensor[]>
  readonly close: () => Promise<void>
}

/** Threads beside the caller's that work on one memory. */
export type Team = {
  /** Waits until they have ended; they must have been dismissed. */
  readonly close: () => Promise<void>
}

/** What estimators may use of the machine besides plain code. */
export type Compute = {
  /** Processors that a fit may use. Answers do not depend on it. */
  readonly threads: number
  readonly openGraph: (bytes: Uint8Array) => Promise<OpenedGraph>
  /** Starts plan.members - 1 threads, each in `serve` of trees/team.ts. Absent where there are no threads. */
  readonly openTeam?: (memory: WebAssembly.Memory, plan: Plan) => Promise<Team>
}
