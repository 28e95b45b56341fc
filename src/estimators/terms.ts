import type { SparseMatrix } from './estimator.ts'

/** A row's terms times the coefficients from `from` on. */
export const termsMargin = (
  { starts, places, values }: SparseMatrix,
  row: number,
  coefficients: Float64Array,
  from: number,
): number => {
  let margin = 0
  for (let at = starts[row]!; at < starts[row + 1]!; at++) margin += values[at]! * coefficients[from + places[at]!]!
  return margin
}

/** Adds `slope` times a row's terms to the elements from `from` on. */
export const addTerms = (
  { starts, places, values }: SparseMatrix,
  row: number,
  slope: number,
  gradient: Float64Array,
  from: number,
): void => {
  for (let at = starts[row]!; at < starts[row + 1]!; at++) gradient[from + places[at]!]! += slope * values[at]!
}
