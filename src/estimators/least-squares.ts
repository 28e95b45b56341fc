import { choleskySolve } from './cholesky.ts'
import type { LinearModel, TrainingData } from './estimator.ts'
import { gramOf } from './gram.ts'
import { weightedMean } from './losses/weighted.ts'
import { pivotedQrSolve } from './pivoted-qr.ts'

/**
 * Weighted least squares: minimises sum w (y - x b - b0)^2 + ridge b'b, the intercept unpenalised.
 * Centred Gram matrix and Cholesky; QR with pivoting when columns depend on each other. With fewer rows than columns the
 * Gram matrix of the rows under a ridge, and QR without one: a cube of the rows, not of the columns.
 */
export const leastSquares = (data: TrainingData, ridge: number, intercept: boolean): LinearModel => {
  const { X, y } = data
  const weights = data.weights ?? new Float64Array(X.rows).fill(1)
  const p = X.columns
  const means = intercept ? columnMeans(data, weights) : new Float64Array(p)
  const target = intercept ? weightedMean(y, weights) : 0
  const centred: Centred = { data, weights, means, target }
  const solution =
    (X.rows < p ? ofRows(centred, ridge) : ofColumns(centred, ridge)) ?? pivotedQrSolve(...augmented(centred, ridge))
  let offset = target
  for (let j = 0; j < p; j++) offset -= solution[j]! * means[j]!
  return { weights: [Array.from(solution)], intercepts: [offset] }
}

/** The mean of each column and of y: 0 without an intercept. */
type Centred = {
  readonly data: TrainingData
  readonly weights: Float64Array
  readonly means: Float64Array
  readonly target: number
}

/** (X'WX + ridge I)^-1 X'Wy; undefined where the columns depend on each other. */
const ofColumns = (centred: Centred, ridge: number): Float64Array | undefined => {
  const p = centred.data.X.columns
  const { gram, moment } = centredGram(centred)
  for (let j = 0; j < p; j++) gram[j * p + j]! += ridge
  return choleskySolve(gram, moment)
}

/** The same as X'(XX' + ridge I)^-1 y, X and y weighted by their roots; undefined without a ridge: there are many solutions. */
const ofRows = ({ data: { X, y }, weights, means, target }: Centred, ridge: number): Float64Array | undefined => {
  if (ridge === 0) return undefined
  const { rows: n, columns: p } = X
  const roots = weights.map(Math.sqrt)
  const cell = (row: number, j: number): number => (X.values[row * p + j]! - means[j]!) * roots[row]!
  const gram = gramOf(p, n, (j, block, at) => {
    for (let row = 0; row < n; row++) block[at + row] = cell(row, j)
  })
  for (let row = 0; row < n; row++) gram[row * n + row]! += ridge
  const shares = choleskySolve(
    gram,
    y.map((value, row) => (value - target) * roots[row]!),
  )
  return (
    shares &&
    Float64Array.from({ length: p }, (_, j) => shares.reduce((sum, share, row) => sum + share * cell(row, j), 0))
  )
}

const columnMeans = ({ X }: TrainingData, weights: Float64Array): Float64Array => {
  const means = new Float64Array(X.columns)
  let total = 0
  for (let i = 0; i < X.rows; i++) {
    total += weights[i]!
    for (let j = 0; j < X.columns; j++) means[j]! += weights[i]! * X.values[i * X.columns + j]!
  }
  return means.map((sum) => sum / total)
}

/** X'WX [p, p] and X'Wy [p] of the centred data. */
const centredGram = ({ data: { X, y }, weights, means, target }: Centred) => {
  const p = X.columns
  const moment = new Float64Array(p)
  const gram = gramOf(X.rows, p, (row, block, at) => {
    const root = Math.sqrt(weights[row]!)
    const centred = (y[row]! - target) * root
    for (let j = 0; j < p; j++) {
      const x = (X.values[row * p + j]! - means[j]!) * root
      block[at + j] = x
      moment[j]! += x * centred
    }
  })
  return { gram, moment }
}

/** sqrt(w) (x - mean) by columns, below them sqrt(ridge) I; and the target likewise. */
const augmented = (
  { data: { X, y }, weights, means, target }: Centred,
  ridge: number,
): [Float64Array[], Float64Array] => {
  const p = X.columns
  const extra = ridge > 0 ? p : 0
  const columns = Array.from({ length: p }, (_, j) => {
    const column = new Float64Array(X.rows + extra)
    let largest = 0
    for (let i = 0; i < X.rows; i++) {
      column[i] = (X.values[i * p + j]! - means[j]!) * Math.sqrt(weights[i]!)
      largest = Math.max(largest, Math.abs(column[i]!))
    }
    // Rounding noise of a constant column must not count as a direction.
    if (largest <= X.rows * Number.EPSILON * Math.abs(means[j]!)) column.fill(0)
    if (extra > 0) column[X.rows + j] = Math.sqrt(ridge)
    return column
  })
  const right = new Float64Array(X.rows + extra)
  for (let i = 0; i < X.rows; i++) right[i] = (y[i]! - target) * Math.sqrt(weights[i]!)
  return [columns, right]
}
