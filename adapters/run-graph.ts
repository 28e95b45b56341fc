import { InferenceSession } from 'onnxruntime-node'
import type { Tensor } from '../src/tensor/tensor.ts'
import { fromOnnx, toOnnx } from './onnx-tensor.ts'

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
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, toOnnx(input)]))
      const results = await session.run(feeds, outputs)
      return outputs.map((name) => {
        const result = results[name]
        if (!result) throw new Error(`output ${name}: expected it from ONNX Runtime, got none`)
        return fromOnnx(name, result)
      })
    } finally {
      await session.release()
    }
  }
