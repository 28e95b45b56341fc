import type { Matrix } from '../estimators/estimator.ts'

export const selectValues = (values: Float64Array, rows: Uint32Array): Float64Array => {
  const chosen = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) chosen[i] = values[rows[i]!]!
  return chosen
}

export const selectMatrix = ({ columns, values }: Matrix, rows: Uint32Array): Matrix => {
  const chosen = new Float64Array(rows.length * columns)
  rows.forEach((row, i) => {
    chosen.set(values.subarray(row * columns, (row + 1) * columns), i * columns)
  })
  return { rows: rows.length, columns, values: chosen }
}
