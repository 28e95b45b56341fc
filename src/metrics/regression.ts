import { evenWeights, type Judged, type Measure, rowMean, weightedMean } from './measure.ts'

export type RegressionMetric =
  | 'rmse'
  | 'mae'
  | 'r2'
  | 'mape'
  | 'medianAbsoluteError'
  | 'pinball'
  | 'meanPoissonDeviance'

export type RegressionMetrics = Readonly<Record<RegressionMetric, number>>

/** Each metric of values, made ready for any weights; as scikit-learn 1.2 sklearn.metrics._regression. */
export const regressionMeasures: Readonly<Record<RegressionMetric, (judged: Judged) => Measure>> = {
  rmse: (judged) => {
    const squares = errors(judged).map((e) => e * e)
    return (weights) => Math.sqrt(weightedMean(squares, weights))
  },
  mae: (judged) => rowMean(errors(judged).map(Math.abs)),
  r2: (judged) => {
    const { truth } = judged
    const squares = errors(judged).map((e) => e * e)
    return (weights) => {
      const mean = weightedMean(truth, weights)
      let left = 0
      let total = 0
      for (let i = 0; i < truth.length; i++) {
        left += weights[i]! * squares[i]!
        total += weights[i]! * (truth[i]! - mean) ** 2
      }
      // R2 = 1 - sum w (y - f)^2 / sum w (y - mean)^2
      return total > 0 ? 1 - left / total : Number.NaN
    }
  },
  // Where a truth is 0 the relative error has no meaning; scikit-learn answers about 1e15 there.
  mape: (judged) =>
    judged.truth.includes(0) ? () => Number.NaN : rowMean(errors(judged).map((e, i) => Math.abs(e / judged.truth[i]!))),
  medianAbsoluteError: (judged) => medianMeasure(errors(judged).map(Math.abs)),
  // q e where e = y - f >= 0, else (q - 1) e
  pinball: (judged) => {
    const { quantile } = judged
    if (quantile === undefined) return () => Number.NaN
    return rowMean(errors(judged).map((e) => Math.max(quantile * e, (quantile - 1) * e)))
  },
  // 2 (y log(y / f) - y + f), for y >= 0 and f > 0
  meanPoissonDeviance: ({ truth, answers: { values } }) => {
    if (truth.some((y) => y < 0) || values.some((f) => !(f > 0))) return () => Number.NaN
    return rowMean(truth.map((y, i) => 2 * ((y === 0 ? 0 : y * Math.log(y / values[i]!)) - y + values[i]!)))
  },
}

/** truth and predicted [n]. NaN where a metric is not defined: R2 of a constant truth, relative errors of a 0. */
export const regressionMetrics = (
  truth: Float64Array,
  predicted: Float64Array,
  weights = evenWeights(truth.length),
  quantile?: number,
): RegressionMetrics => {
  const answers = { rows: truth.length, columns: 1, values: predicted }
  const judged = { truth, answers, labels: new Float64Array(), ...(quantile !== undefined && { quantile }) }
  const figures = Object.entries(regressionMeasures).map(([name, make]) => [name, make(judged)(weights)])
  return Object.fromEntries(figures) as RegressionMetrics // the keys of regressionMeasures
}

const errors = ({ truth, answers }: Judged): Float64Array => truth.map((y, i) => y - answers.values[i]!)

/** The mean of the middle two when rows count alike, else the first value that half the weight reaches (scikit-learn). */
const medianMeasure = (values: Float64Array): Measure => {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  const n = values.length
  return (weights) => {
    if (weights.every((w) => w === weights[0])) return (values[order[(n - 1) >> 1]!]! + values[order[n >> 1]!]!) / 2
    const half = weights.reduce((sum, w) => sum + w, 0) / 2
    let reached = 0
    for (const row of order) {
      reached += weights[row]!
      if (reached >= half) return values[row]!
    }
    return Number.NaN
  }
}
