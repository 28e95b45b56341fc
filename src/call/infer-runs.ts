import { PercallError } from '../errors.ts'
import type { Infer, Inference } from '../ports.ts'
import type { Version } from '../registry/version.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** One call that is several runs of its model, one after the other. */
export type Runs = {
  /** The inputs of each run, the dearest first. */
  readonly inputs: readonly (readonly Tensor[])[]
  /** What is kept of a run's outputs while the others run. */
  readonly keep: (outputs: readonly Tensor[], run: number) => readonly Tensor[]
}

type Asked = { readonly version: Version; readonly runs: Runs; readonly outputs: readonly string[] }

// Lambda ends the function after 29 s, and a run that has begun is not stopped: as long as one call in a child has.
export const mostGatewayMs = 20_000
// A worker has 15 minutes, and its answer is still to be written.
export const mostWorkerMs = 600_000

/**
 * Runs a version once for each of the inputs; answers all that was kept, in the order of the runs. `untilMs` is on the
 * clock of `nowMs`. Throws INFERENCE_TIMEOUT before a run that would not end by then, if it takes as long as the one
 * before it.
 */
export const inferRuns =
  (infer: Infer, nowMs: () => number) =>
  async ({ version, runs, outputs }: Asked, untilMs: number): Promise<Inference> => {
    const kept: Tensor[] = []
    let loadMs = 0
    let tookMs = 0
    for (const [run, inputs] of runs.inputs.entries()) {
      const beganAtMs = nowMs()
      if (run > 0 && beganAtMs + tookMs > untilMs) {
        const { model, number } = version
        const words = `expected ${runs.inputs.length} runs within the time of one call, got ${run}`
        throw new PercallError(
          'INFERENCE_TIMEOUT',
          `model ${model}/${number}: ${words}; send less, or ask for it later`,
        )
      }
      const inference = await infer(version, inputs, outputs)
      loadMs += inference.loadMs
      tookMs = nowMs() - beganAtMs - inference.loadMs
      kept.push(...runs.keep(inference.outputs, run))
    }
    return { outputs: kept, loadMs }
  }
