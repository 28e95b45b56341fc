import type { Matrix } from '../estimators/estimator.ts'

/** One figure of fixed answers under the rows' weights [n]; a bootstrap asks it again and again. NaN where undefined. */
export type Measure = (weights: Float64Array) => number

/** Answers beside the truth. */
export type Judged = {
  /** Values, or class numbers. */
  readonly truth: Float64Array
  /** [n, 1] values or [n, K] probabilities. */
  readonly answers: Matrix
  /** Class numbers as answered; empty for regression. */
  readonly labels: Float64Array
  /** The class number that binary metrics look at; the last by default. */
  readonly positive?: number
  /** Of a quantile loss: 0.5 is the median. */
  readonly quantile?: number
}

/** Weights of rows that count alike. */
export const evenWeights = (rows: number): Float64Array => new Float64Array(rows).fill(1)

/** sum w v / sum w. */
export const weightedMean = (values: Float64Array, weights: Float64Array): number => {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!
    total += weights[i]!
  }
  return sum / total
}

/** The mean of a figure of each row. */
export const rowMean =
  (values: Float64Array): Measure =>
  (weights) =>
    weightedMean(values, weights)
