import type { Features } from '../estimators/estimator.ts'

/**
 * Interventional Shapley values of one linear margin [rows, features]: phi_f = w_f (x_f - the background's mean of f).
 * Lundberg and Lee (2017), corollary 1; exact for a background of any dependence, and for columns of several features the
 * sum. weights [rows of the background], sum 1.
 */
export const linearValues = (
  coefficients: readonly number[],
  X: Features,
  background: Features,
  weights: Float64Array,
): Float64Array => {
  const features = coefficients.length
  const means = featureMeans(background, weights, features)
  const phi = new Float64Array(X.rows * features)
  for (let row = 0; row < X.rows; row++) {
    const from = row * features
    // Terms that a text lacks are zeros.
    for (let f = 0; f < features; f++) phi[from + f] = -coefficients[f]! * means[f]!
    eachValue(X, row, (f, value) => {
      phi[from + f]! = coefficients[f]! * (value - means[f]!)
    })
  }
  return phi
}

/** The margin at the background's mean, which is the mean of its margins. */
export const linearBase = (
  coefficients: readonly number[],
  intercept: number,
  background: Features,
  weights: Float64Array,
): number =>
  featureMeans(background, weights, coefficients.length).reduce(
    (sum, mean, f) => sum + coefficients[f]! * mean,
    intercept,
  )

const featureMeans = (background: Features, weights: Float64Array, features: number): Float64Array => {
  const means = new Float64Array(features)
  for (let row = 0; row < background.rows; row++)
    eachValue(background, row, (f, value) => {
      means[f]! += weights[row]! * value
    })
  return means
}

/** The dense features of a row, then its terms. */
const eachValue = (
  { columns, values, sparse }: Features,
  row: number,
  take: (f: number, value: number) => void,
): void => {
  for (let f = 0; f < columns; f++) take(f, values[row * columns + f]!)
  if (sparse === undefined) return
  for (let at = sparse.starts[row]!; at < sparse.starts[row + 1]!; at++)
    take(columns + sparse.places[at]!, sparse.values[at]!)
}
