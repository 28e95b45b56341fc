import { createRequire } from 'node:module'
import { join } from 'node:path'

type Handler = (event: unknown, context: { readonly getRemainingTimeInMillis: () => number }) => Promise<unknown>

/**
 * Runs the function of a training state out of its own bundle, which lies beside the job's: `train-{state}/index.js`.
 * A call gets `sliceMs` of time; what cannot end in it keeps a checkpoint and asks to go on.
 */
export const runState =
  (bundles: string, sliceMs: number) =>
  async (state: string, event: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const folder = join(bundles, `train-${state}`)
    // Its threads' program lies there too: team/program.ts.
    process.env.LAMBDA_TASK_ROOT = folder
    // A bundle of ours, made by infra/build.ts.
    const { handler } = createRequire(join(folder, 'index.js'))('./index.js') as { readonly handler: Handler }
    const answer = await handler(event, { getRemainingTimeInMillis: () => sliceMs })
    return answer as Readonly<Record<string, unknown>> // a state answers an object
  }
