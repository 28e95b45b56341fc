import { PercallError } from '../errors.ts'
import type { Features, LabelledData, SparseMatrix, TrainingData } from './estimator.ts'

/** Columns of the dense block and terms behind them. */
export const featureCount = ({ columns, sparse }: Features): number => columns + (sparse?.columns ?? 0)

/**
 * What every estimator asks of its data. Throws BAD_TABLE: no rows, lengths that differ, values that are not finite,
 * fewer than two classes among the rows that are learned from. Trees allow NaN for a missing value.
 */
export const checkTrainingData = (
  data: TrainingData,
  rows: 'training' | 'watched' = 'training',
  missing?: 'missing allowed',
): void => {
  const refuse: Refuse = (message) => {
    throw new PercallError('BAD_TABLE', `${rows} data: ${message}`)
  }
  const { X, y, weights, classes } = data
  if (X.rows === 0 || featureCount(X) === 0)
    refuse(`expected at least one row and one feature, got [${X.rows},${featureCount(X)}]`)
  if (X.values.length !== X.rows * X.columns) refuse(`expected ${X.rows * X.columns} values, got ${X.values.length}`)
  if (y.length !== X.rows) refuse(`expected ${X.rows} targets, got ${y.length}`)
  const odd = firstOdd(X.values, missing !== undefined)
  if (odd !== -1) {
    refuse(
      `row ${Math.floor(odd / X.columns)}, feature ${odd % X.columns}: expected a finite number, got ${X.values[odd]}`,
    )
  }
  if (X.sparse !== undefined) checkSparse(X.sparse, X.rows, refuse)
  const row = firstOdd(y)
  if (row !== -1) refuse(`row ${row}, target: expected a finite number, got ${y[row]}`)
  if (weights !== undefined) checkWeights(weights, X.rows, refuse)
  if (classes !== undefined) checkClasses(data, classes, rows === 'training' ? 2 : 1, refuse)
}

type Refuse = (message: string) => void

const checkSparse = ({ rows, starts, places, values }: SparseMatrix, expected: number, refuse: Refuse): void => {
  if (rows !== expected) refuse(`expected ${expected} rows of terms, got ${rows}`)
  if (starts.length !== rows + 1) refuse(`expected ${rows + 1} starts of terms, got ${starts.length}`)
  const cells = starts[rows] ?? 0
  if (places.length < cells || values.length < cells) refuse(`expected ${cells} terms, got ${values.length}`)
  const odd = firstOdd(values)
  if (odd !== -1) refuse(`term ${odd}: expected a finite number, got ${values[odd]}`)
}

/** A loop, because findIndex takes six times as long and a table has millions of cells. */
const firstOdd = (values: Float64Array, missingAllowed = false): number => {
  for (let at = 0; at < values.length; at++) {
    // x - x is 0 for finite numbers only.
    const value = values[at]!
    if (value - value !== 0 && !(missingAllowed && Number.isNaN(value))) return at
  }
  return -1
}

const checkWeights = (weights: Float64Array, rows: number, refuse: Refuse): void => {
  if (weights.length !== rows) refuse(`expected ${rows} weights, got ${weights.length}`)
  const row = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)))
  if (row !== -1) refuse(`row ${row}, weight: expected a finite number of at least 0, got ${weights[row]}`)
  if (weights.every((weight) => weight === 0)) refuse('weights: expected one above 0, got none')
}

const checkClasses = ({ y, weights }: LabelledData, classes: number, least: number, refuse: Refuse): void => {
  const odd = y.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= classes)
  if (odd !== -1) refuse(`row ${odd}, target: expected a class number below ${classes}, got ${y[odd]}`)
  const present = new Set(y.filter((_, row) => (weights?.[row] ?? 1) > 0)).size
  if (present < least) refuse(`target: expected rows of at least ${least} classes, got ${present}`)
}
