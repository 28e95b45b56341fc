import { PercallError } from '../errors.ts'
import type { TrainingData } from './estimator.ts'

/**
 * What every estimator asks of its data. Throws BAD_TABLE: no rows, lengths that differ, values that are not finite.
 * Trees allow NaN for a missing value.
 */
export const checkTrainingData = ({ X, y, weights, classes }: TrainingData, missing?: 'missing allowed'): void => {
  if (X.rows === 0 || X.columns === 0) refuse(`expected at least one row and one feature, got [${X.rows},${X.columns}]`)
  if (X.values.length !== X.rows * X.columns) refuse(`expected ${X.rows * X.columns} values, got ${X.values.length}`)
  if (y.length !== X.rows) refuse(`expected ${X.rows} targets, got ${y.length}`)
  const odd = firstOdd(X.values, missing !== undefined)
  if (odd !== -1) {
    refuse(
      `row ${Math.floor(odd / X.columns)}, feature ${odd % X.columns}: expected a finite number, got ${X.values[odd]}`,
    )
  }
  const row = y.findIndex((value) => !Number.isFinite(value))
  if (row !== -1) refuse(`row ${row}, target: expected a finite number, got ${y[row]}`)
  if (weights !== undefined) checkWeights(weights, X.rows)
  if (classes !== undefined) checkClasses(y, classes)
}

/** A loop, because findIndex takes six times as long and a table has millions of cells. */
const firstOdd = (values: Float64Array, missingAllowed: boolean): number => {
  for (let at = 0; at < values.length; at++) {
    // x - x is 0 for finite numbers only.
    const value = values[at]!
    if (value - value !== 0 && !(missingAllowed && Number.isNaN(value))) return at
  }
  return -1
}

const checkWeights = (weights: Float64Array, rows: number): void => {
  if (weights.length !== rows) refuse(`expected ${rows} weights, got ${weights.length}`)
  const row = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)))
  if (row !== -1) refuse(`row ${row}, weight: expected a finite number of at least 0, got ${weights[row]}`)
  if (weights.every((weight) => weight === 0)) refuse('weights: expected one above 0, got none')
}

const checkClasses = (y: Float64Array, classes: number): void => {
  const odd = y.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= classes)
  if (odd !== -1) refuse(`row ${odd}, target: expected a class number below ${classes}, got ${y[odd]}`)
  const present = new Set(y).size
  if (present < 2) refuse(`target: expected rows of at least 2 classes, got ${present}`)
}

const refuse = (message: string): never => {
  throw new PercallError('BAD_TABLE', `training data: ${message}`)
}
