import { InferenceSession } from 'onnxruntime-node'
import type { Tensor } from '../src/tensor/tensor.ts'
import { feedsOf, fetchesOf } from './onnx-tensor.ts'

/** A whole table in one run: the memory of the inputs is there already, that of a linear graph's steps is as much again. */
export const runGraph =
  (threads: number) =>
  async (bytes: Uint8Array, inputs: readonly Tensor[], outputs: readonly string[]): Promise<readonly Tensor[]> => {
    const session = await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    })
    try {
      const { names, read } = fetchesOf(session, outputs)
      return read(await session.run(feedsOf(inputs), names))
    } finally {
      await session.release()
    }
  }
