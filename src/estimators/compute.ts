import type { Tensor } from '../tensor/tensor.ts'

/** A graph that is run again and again, such as a training step. */
export type OpenedGraph = {
  readonly run: (inputs: readonly Tensor[], outputs: readonly string[]) => Promise<readonly Tensor[]>
  readonly close: () => Promise<void>
}

/** What estimators may use of the machine besides plain code. */
export type Compute = {
  /** Processors that a fit may use. Answers do not depend on it. */
  readonly threads: number
  readonly openGraph: (bytes: Uint8Array) => Promise<OpenedGraph>
}
