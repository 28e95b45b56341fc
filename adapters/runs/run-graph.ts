import { InferenceSession } from 'onnxruntime-node'
import { cutRows, joinRows } from '../../src/tensor/cut-rows.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { feedsOf, fetchesOf } from '../sessions/onnx-tensor.ts'

/**
 * A whole table in one run, or in runs of `rowsPerRun` rows: the memory of the inputs is there already, that of a linear
 * graph's steps is as much again, but terms of texts are many numbers a row.
 */
export const runGraph =
  (threads: number) =>
  async (
    bytes: Uint8Array,
    inputs: readonly Tensor[],
    outputs: readonly string[],
    rowsPerRun = Number.POSITIVE_INFINITY,
  ): Promise<readonly Tensor[]> => {
    const session = await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    })
    try {
      const { names, read } = fetchesOf(session, outputs)
      const parts: (readonly Tensor[])[] = []
      for (const part of cutRows(inputs, rowsPerRun)) parts.push(read(await session.run(feedsOf(part), names)))
      return joinRows(parts)
    } finally {
      await session.release()
    }
  }
