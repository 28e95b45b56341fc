import { InferenceSession } from 'onnxruntime-node'
import type { Compute } from '../src/estimators/compute.ts'
import { feedsOf, fetchesOf } from './onnx-tensor.ts'

/** Graphs of training steps, run by ONNX Runtime with the function's threads. */
export const compute = (threads: number): Compute => ({
  threads,
  openGraph: async (bytes) => {
    const session = await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    })
    return {
      run: async (inputs, outputs) => {
        const { names, read } = fetchesOf(session, outputs)
        return read(await session.run(feedsOf(inputs), names))
      },
      close: () => session.release(),
    }
  },
})
