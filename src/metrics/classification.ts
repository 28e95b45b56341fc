import type { Matrix } from '../estimators/estimator.ts'
import { evenWeights, type Judged, type Measure, rowMean } from './measure.ts'
import { aucMeasure, precisionMeasure, type Ranking, rankRows } from './ranking.ts'

export type ClassificationMetric =
  | 'logLoss'
  | 'accuracy'
  | 'balancedAccuracy'
  | 'macroF1'
  | 'brier'
  | 'rocAuc'
  | 'averagePrecision'

/** rocAuc and averagePrecision: of the positive class when binary, else the mean over classes, each against the rest. */
export type ClassificationMetrics = Readonly<Record<ClassificationMetric, number>>

/** Probabilities are clipped to [eps, 1 - eps] as scikit-learn 1.2 does by default for float64. */
const logLossClip = Number.EPSILON

/** -log of each row's probability of its own class, clipped and renormalised as sklearn.metrics.log_loss 1.2 does. */
export const logLosses = (truth: Float64Array, { rows, columns, values }: Matrix): Float64Array => {
  const losses = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += clip(values[i * columns + k]!)
    losses[i] = -Math.log(clip(values[i * columns + truth[i]!]!) / sum)
  }
  return losses
}

/** Each metric of classes, made ready for any weights. */
export const classificationMeasures: Readonly<Record<ClassificationMetric, (judged: Judged) => Measure>> = {
  logLoss: ({ truth, answers }) => rowMean(logLosses(truth, answers)),
  accuracy: ({ truth, labels }) => rowMean(truth.map((k, i) => (k === labels[i] ? 1 : 0))),
  balancedAccuracy: (judged) => (weights) => {
    const { actual, hits } = classSums(judged, weights)
    return mean([...actual.keys()].filter((k) => actual[k]! > 0).map((k) => hits[k]! / actual[k]!))
  },
  macroF1: (judged) => (weights) => {
    const { actual, answered, hits } = classSums(judged, weights)
    // A class that is neither true nor answered has no F1: scikit-learn leaves it out of the mean as well.
    const seen = [...actual.keys()].filter((k) => actual[k]! + answered[k]! > 0)
    // F1 = 2 TP / (2 TP + FP + FN) = 2 TP / (answered + actual)
    return mean(seen.map((k) => (2 * hits[k]!) / (answered[k]! + actual[k]!)))
  },
  brier: (judged) => rowMean(brierScores(judged)),
  rocAuc: (judged) => overClasses(judged, aucMeasure),
  averagePrecision: (judged) => overClasses(judged, precisionMeasure),
}

/**
 * Metrics of the exported graph's answers: truth [n] class numbers, probabilities [n, K], labels [n] class numbers as
 * answered. `positive` is the class number of the binary metrics. NaN where a metric is not defined.
 */
export const classificationMetrics = (
  truth: Float64Array,
  answers: Matrix,
  labels: Float64Array,
  positive = answers.columns - 1,
  weights = evenWeights(answers.rows),
): ClassificationMetrics => {
  const judged = { truth, answers, labels, positive }
  const figures = Object.entries(classificationMeasures).map(([name, make]) => [name, make(judged)(weights)])
  return Object.fromEntries(figures) as ClassificationMetrics // the keys of classificationMeasures
}

/** Mean of (p - t)^2 of the positive class when binary, else its sum over classes (Brier 1950). */
const brierScores = ({ truth, answers, positive }: Judged): Float64Array => {
  const { rows, columns, values } = answers
  const only = positive ?? columns - 1
  const scores = new Float64Array(rows)
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < columns; k++)
      if (columns > 2 || k === only) scores[i]! += (values[i * columns + k]! - (truth[i] === k ? 1 : 0)) ** 2
  return scores
}

/** Weights of the rows that are of each class, are answered as it, and both. */
const classSums = ({ truth, labels, answers }: Judged, weights: Float64Array) => {
  const actual = new Float64Array(answers.columns)
  const answered = new Float64Array(answers.columns)
  const hits = new Float64Array(answers.columns)
  for (let i = 0; i < truth.length; i++) {
    actual[truth[i]!]! += weights[i]!
    answered[labels[i]!]! += weights[i]!
    if (truth[i] === labels[i]) hits[truth[i]!]! += weights[i]!
  }
  return { actual, answered, hits }
}

/** Of more classes the orders of all rows are not kept: they take 13 bytes for each row and class. */
export const mostRankings = 20

/** A class without rows, or without others, has no curve and stays out of the mean. */
const overClasses = (
  { truth, answers, positive }: Judged,
  measure: (isClass: Float64Array, ranking: Ranking) => Measure,
): Measure => {
  const { rows, columns, values } = answers
  const classes = columns === 2 ? [positive ?? 1] : [...Array(columns).keys()]
  const ofClass = (k: number): Measure =>
    measure(
      truth.map((own) => (own === k ? 1 : 0)),
      rankRows(Float64Array.from({ length: rows }, (_, i) => values[i * columns + k]!)),
    )
  const kept = columns <= mostRankings ? classes.map(ofClass) : undefined
  return (weights) => mean(classes.map((k, at) => (kept?.[at] ?? ofClass(k))(weights)).filter(Number.isFinite))
}

const clip = (p: number): number => Math.min(Math.max(p, logLossClip), 1 - logLossClip)

/** NaN of nothing. */
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
