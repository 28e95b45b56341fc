import { Worker } from 'node:worker_threads'
import type { Compute } from '../../src/estimators/compute.ts'
import type { Plan } from '../../src/estimators/trees/plan.ts'

/** What a thread is started with. */
export type Membership = { readonly memory: WebAssembly.Memory; readonly plan: Plan; readonly member: number }

/** Starts plan.members - 1 threads of the program in `file`; they end when they are dismissed, or with this process. */
export const openTeam =
  (file: string): NonNullable<Compute['openTeam']> =>
  async (memory, plan) => {
    const faults: Error[] = []
    const started = Array.from({ length: plan.members - 1 }, (_, i) => {
      const workerData: Membership = { memory, plan, member: i + 1 }
      const worker = new Worker(file, { workerData })
      // The fit sees by a flag in its memory that a member ended; why it did is thrown when the team is closed.
      worker.on('error', (error: Error) => faults.push(error))
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      const ready = new Promise<void>((resolve) => worker.once('message', () => resolve()))
      return { ended, ready: Promise.race([ready, ended]), worker }
    })
    const closed = async (): Promise<void> => {
      await Promise.all(started.map(({ ended }) => ended))
      if (faults[0]) throw faults[0]
    }
    await Promise.all(started.map(({ ready }) => ready))
    if (faults[0]) {
      await Promise.all(started.map(({ worker }) => worker.terminate()))
      throw faults[0]
    }
    return { close: closed }
  }
