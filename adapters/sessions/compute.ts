import { InferenceSession } from 'onnxruntime-node'
import type { Compute } from '../../src/estimators/compute.ts'
import { openTeam } from '../team/open.ts'
import { feedsOf, fetchesOf } from './onnx-tensor.ts'
import { sessionOptions } from './session-options.ts'

/**
 * Graphs of training steps, run by ONNX Runtime with the function's threads; and threads that run `program`, that of
 * team/member.ts, where there is more than one.
 */
export const compute = (threads: number, program?: string): Compute => ({
  threads,
  ...(program !== undefined && threads > 1 && { openTeam: openTeam(program) }),
  openGraph: async (bytes) => {
    const session = await InferenceSession.create(bytes, sessionOptions('onnx', threads))
    return {
      run: async (inputs, outputs) => {
        const { names, read } = fetchesOf(session, outputs)
        return read(await session.run(feedsOf(inputs), names))
      },
      close: () => session.release(),
    }
  },
})
