import { PercallError } from '../../errors.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Features, LabelledData } from '../estimator.ts'
import type { TargetScale } from './target-scale.ts'

/** Cells of float32 features that a net keeps in memory, text terms spread out: 1 GiB. */
const mostCells = 2 ** 28

/** Dense block and spread-out terms as float32 [rows, p] of the given rows, `spare` rows of zeros behind. */
export const float32Rows = (X: Features, rows: Uint32Array, spare = 0): Float32Array<ArrayBuffer> => {
  const dense = X.columns
  const width = dense + (X.sparse?.columns ?? 0)
  if ((rows.length + spare) * width > mostCells) {
    throw new PercallError(
      'BAD_TABLE',
      `training data: expected at most ${mostCells} cells for a net, got [${rows.length},${width}]; a text column may have up to 256 terms`,
    )
  }
  const values = new Float32Array((rows.length + spare) * width)
  rows.forEach((row, i) => {
    values.set(X.values.subarray(row * dense, (row + 1) * dense), i * width)
    if (X.sparse === undefined) return
    const { starts, places, values: terms } = X.sparse
    for (let at = starts[row]!; at < starts[row + 1]!; at++) values[i * width + dense + places[at]!] = terms[at]!
  })
  return values
}

export type NetTable = {
  readonly rows: number
  /** x [rows + 1, p], y and weight [rows + 1, 1]: the last row is zeros. */
  readonly tensors: readonly Tensor[]
}

/** The table as the epoch's graph takes it. Rows without weight are left out; the others' weights have mean 1. */
export const netTable = ({ X, y, weights }: LabelledData, scale: TargetScale): NetTable => {
  const kept = Uint32Array.from({ length: X.rows }, (_, row) => row).filter((row) => (weights?.[row] ?? 1) > 0)
  const rows = kept.length
  const total = kept.reduce((sum, row) => sum + (weights?.[row] ?? 1), 0)
  const target = new Float32Array(rows + 1)
  const weight = new Float32Array(rows + 1)
  kept.forEach((row, i) => {
    target[i] = scale.scaled(y[row]!)
    weight[i] = ((weights?.[row] ?? 1) * rows) / total
  })
  const x = float32Rows(X, kept, 1)
  const column = { datatype: 'FP32', shape: [rows + 1, 1] } as const
  return {
    rows,
    tensors: [
      { name: 'x', datatype: 'FP32', shape: [rows + 1, x.length / (rows + 1)], data: x },
      { name: 'y', ...column, data: target },
      { name: 'weight', ...column, data: weight },
    ],
  }
}
