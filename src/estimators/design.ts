import type { LabelledData, SparseMatrix } from './estimator.ts'
import { weightedRows } from './weighted-rows.ts'

/**
 * Features as a minimiser of convex losses takes them: columns centred and of like length, behind them a column of ones.
 * The optimum is that of the features as they came: the penalty is carried over.
 */
export type Design = {
  readonly rows: number
  /** [blocks x blockRows, stride] row-major, rows of zeros behind: p columns, then ones, or zeros without an intercept. */
  readonly dense: Float64Array
  readonly stride: number
  /** Not centred, so that it stays sparse. */
  readonly sparse?: SparseMatrix
  /** Coefficients of one output: [p columns, intercept, terms]. */
  readonly size: number
  /** y and weights [blocks x blockRows]; fillers have weight 0. */
  readonly y: Float64Array
  readonly weights: Float64Array
  readonly totalWeight: number
  /** Penalty of each squared coefficient [size]. */
  readonly penalties: Float64Array
  /** Coefficients [outputs][size] -> [outputs][features, intercept] of the features as they came. */
  readonly unscaled: (point: Float64Array) => Float64Array
}

/** Rows that a graph takes at a time: 1024 x 50 float64 stay in a processor's second cache. */
export const blockRows = 1024

/** `ridge` is the weight of b'b / 2 beside the summed loss. */
export const designOf = (data: LabelledData, ridge: number, intercept = true): Design => {
  const { X, y, weights } = weightedRows(data)
  const { rows, columns } = X
  const stride = columns + 1
  const padded = Math.ceil(rows / blockRows) * blockRows
  const rowWeights = new Float64Array(padded)
  rowWeights.set(weights ?? new Float64Array(rows).fill(1))
  const totalWeight = rowWeights.reduce((sum, weight) => sum + weight, 0)
  const { means, squares } = momentsOf(X.values, columns, rowWeights, totalWeight, intercept)
  // The curvature by a column is about its mean square and its part of the penalty: divided by its root, all are alike.
  const lengthOf = (square: number): number => Math.sqrt(square + ridge / totalWeight) || 1
  const lengths = squares.map(lengthOf)
  const dense = new Float64Array(padded * stride)
  const { values } = X
  for (let i = 0; i < rows; i++) {
    const from = i * columns
    const to = i * stride
    for (let j = 0; j < columns; j++) dense[to + j] = (values[from + j]! - means[j]!) / lengths[j]!
    if (intercept) dense[to + columns] = 1
  }
  const terms = X.sparse && scaledTerms(X.sparse, rowWeights, totalWeight, lengthOf)
  const size = stride + (terms?.lengths.length ?? 0)
  const targets = new Float64Array(padded)
  targets.set(y)
  const penalties = new Float64Array(size)
  lengths.forEach((length, j) => {
    penalties[j] = ridge / length ** 2
  })
  terms?.lengths.forEach((length, t) => {
    penalties[stride + t] = ridge / length ** 2
  })
  const unscaled = (point: Float64Array): Float64Array => {
    const outputs = point.length / size
    const theta = new Float64Array(point.length)
    for (let k = 0; k < outputs; k++) {
      const at = k * size
      let offset = point[at + columns]!
      for (let j = 0; j < columns; j++) {
        theta[at + j] = point[at + j]! / lengths[j]!
        offset -= theta[at + j]! * means[j]!
      }
      terms?.lengths.forEach((length, t) => {
        theta[at + columns + t] = point[at + stride + t]! / length
      })
      theta[at + size - 1] = intercept ? offset : 0
    }
    return theta
  }
  return {
    ...{ rows, dense, stride, size, y: targets, weights: rowWeights, totalWeight, penalties, unscaled },
    ...(terms && { sparse: terms.sparse }),
  }
}

/** Weighted means (0 without an intercept) and mean squares of the distance from them, column by column. */
const momentsOf = (
  values: Float64Array,
  columns: number,
  weights: Float64Array,
  totalWeight: number,
  intercept: boolean,
): { readonly means: Float64Array; readonly squares: Float64Array } => {
  const rows = columns === 0 ? 0 : values.length / columns
  const means = new Float64Array(columns)
  if (intercept) {
    for (let i = 0, at = 0; i < rows; i++) {
      const weight = weights[i]!
      for (let j = 0; j < columns; j++, at++) means[j]! += weight * values[at]!
    }
    for (let j = 0; j < columns; j++) means[j]! /= totalWeight
  }
  const squares = new Float64Array(columns)
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = weights[i]!
    for (let j = 0; j < columns; j++, at++) {
      const distance = values[at]! - means[j]!
      squares[j]! += weight * distance * distance
    }
  }
  for (let j = 0; j < columns; j++) {
    squares[j]! /= totalWeight
    // A constant column's distance from its mean is rounding alone.
    if (squares[j]! <= (rows * Number.EPSILON * means[j]!) ** 2) squares[j] = 0
  }
  return { means, squares }
}

const scaledTerms = (
  terms: SparseMatrix,
  weights: Float64Array,
  totalWeight: number,
  lengthOf: (square: number) => number,
): { readonly sparse: SparseMatrix; readonly lengths: Float64Array } => {
  const { rows, columns, starts, places, values } = terms
  const squares = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at++) squares[places[at]!]! += weights[i]! * values[at]! ** 2
  }
  const lengths = squares.map((square) => lengthOf(square / totalWeight))
  return { sparse: { ...terms, values: values.map((value, at) => value / lengths[places[at]!]!) }, lengths }
}
