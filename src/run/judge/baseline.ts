import type { Matrix } from '../../estimators/estimator.ts'
import { evenWeights } from '../../metrics/measure.ts'
import type { MetricName } from '../../metrics/metric.ts'

/** What of the train rows' target a model that looks at no row would answer: the best constant for the metric. */
export type TrainTarget = {
  /** Values or class numbers. */
  readonly y: Float64Array
  readonly weights?: Float64Array
}

/**
 * Class priors [n, K]; or [n, 1] the mean, the median for absolute errors, the quantile for a pinball loss. Never majority
 * accuracy: where classes are rare it beats every useful model.
 */
export const baselineAnswers = (
  { y, weights = evenWeights(y.length) }: TrainTarget,
  metric: MetricName,
  rows: number,
  columns: number,
  quantile = 0.5,
): Matrix => {
  const constant = columns > 1 ? priors(y, weights, columns) : [center(y, weights, metric, quantile)]
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) values.set(constant, i * columns)
  return { rows, columns, values }
}

const priors = (y: Float64Array, weights: Float64Array, columns: number): readonly number[] => {
  const sums = new Array<number>(columns).fill(0)
  y.forEach((k, i) => {
    sums[k]! += weights[i]!
  })
  const total = sums.reduce((sum, own) => sum + own, 0)
  return sums.map((sum) => sum / total)
}

const center = (y: Float64Array, weights: Float64Array, metric: MetricName, quantile: number): number => {
  if (metric === 'mae' || metric === 'medianAbsoluteError' || metric === 'mape') return quantileOf(y, weights, 0.5)
  if (metric === 'pinball') return quantileOf(y, weights, quantile)
  const total = weights.reduce((sum, w) => sum + w, 0)
  return y.reduce((sum, value, i) => sum + weights[i]! * value, 0) / total
}

/** The least value that a share of the weight reaches. */
const quantileOf = (y: Float64Array, weights: Float64Array, share: number): number => {
  const order = Uint32Array.from(y.keys()).sort((a, b) => y[a]! - y[b]!)
  const wanted = share * weights.reduce((sum, w) => sum + w, 0)
  let reached = 0
  for (const row of order) {
    reached += weights[row]!
    if (reached >= wanted) return y[row]!
  }
  return y[order.at(-1)!]!
}
