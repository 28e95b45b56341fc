import type { Matrix } from '../estimators/estimator.ts'
import type { Task } from '../task.ts'
import { type ClassificationMetric, classificationMeasures } from './classification.ts'
import type { Judged, Measure } from './measure.ts'
import { type RegressionMetric, regressionMeasures } from './regression.ts'

export type MetricName = ClassificationMetric | RegressionMetric

/** Where more is better, at most 1. */
const higher: ReadonlySet<MetricName> = new Set([
  'accuracy',
  'balancedAccuracy',
  'macroF1',
  'rocAuc',
  'averagePrecision',
  'r2',
])

const measures = { ...classificationMeasures, ...regressionMeasures }

/** A proper loss: of values the pinball loss of the quantile that was learned, if any. */
export const defaultMetric = (task: Task, quantile?: number): MetricName => {
  if (task !== 'regression') return 'logLoss'
  return quantile === undefined ? 'rmse' : 'pinball'
}

/** A metric as a loss, less is better: those where more is better count as 1 - value. */
const lossOf = (metric: MetricName, value: number): number => (higher.has(metric) ? 1 - value : value)

/** The metric's own value of a loss. */
export const metricValue = (metric: MetricName, loss: number): number => lossOf(metric, loss)

export const lossMeasure = (metric: MetricName, judged: Judged): Measure => {
  const measure = measures[metric](judged)
  return (weights) => lossOf(metric, measure(weights))
}

/** The least probability of the positive class that is answered as positive, unless one was chosen. */
export const defaultThreshold = 0.5

/** Probabilities [n, K] -> class numbers: positive where its probability reaches the threshold, else the largest. */
export const labelsOf = (
  { rows, columns, values }: Matrix,
  positive: number | undefined,
  threshold = defaultThreshold,
): Float64Array => {
  const labels = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    if (positive !== undefined) {
      labels[i] = values[i * columns + positive]! >= threshold ? positive : 1 - positive
      continue
    }
    let best = 0
    for (let k = 1; k < columns; k++) if (values[i * columns + k]! > values[i * columns + best]!) best = k
    labels[i] = best
  }
  return labels
}
