import { InferenceSession } from 'onnxruntime-node'
import { type Times, timesOf } from '../../src/optimise/variant.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { feedsOf, fetchesOf } from './onnx-tensor.ts'

/** Times of single rows through a graph, as measured here: they say nothing of another machine. */
export type RowLatency = Times & { readonly rows: number }

/** Enough for a median and a 95th percentile that rests on ten of them, in some milliseconds. */
const mostRows = 200
/** The first runs of a session allocate. */
const warmUps = 10

const rowOf = (tensors: readonly Tensor[], row: number): readonly Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, shape: [1, ...tensor.shape.slice(1)], data: tensor.data.slice(row, row + 1) }))

/** Runs a graph on some rows, one at a time, on one thread as a call of one row does. */
export const rowLatency = async (
  bytes: Uint8Array,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Promise<RowLatency> => {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  })
  try {
    const { names } = fetchesOf(session, outputs)
    const rows = Math.min(mostRows, inputs[0]?.shape[0] ?? 0)
    const timesMs: number[] = []
    for (let i = -Math.min(warmUps, rows); i < rows; i++) {
      const feeds = feedsOf(rowOf(inputs, Math.max(0, i)))
      const beganAtMs = performance.now()
      await session.run(feeds, names)
      if (i >= 0) timesMs.push(performance.now() - beganAtMs)
    }
    return { ...timesOf(timesMs), rows }
  } finally {
    await session.release()
  }
}
