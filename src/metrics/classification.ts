import type { Matrix } from '../estimators/estimator.ts'
import { averagePrecision, rocAuc } from './ranking.ts'

export type ClassificationMetrics = {
  readonly logLoss: number
  readonly accuracy: number
  readonly balancedAccuracy: number
  readonly macroF1: number
  readonly brier: number
  /** Binary only. */
  readonly rocAuc?: number
  readonly averagePrecision?: number
}

/** Probabilities are clipped to [eps, 1 - eps] as scikit-learn 1.2 does by default. */
const logLossClip = 1e-15

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

/**
 * Metrics of the exported graph's answers: truth [n] class numbers, probabilities [n, K], labels [n] class numbers as
 * answered. `positive` is the class number of the binary metrics. Brier is the mean of (p - t)^2 of the positive class
 * when binary, else its sum over classes (Brier 1950).
 */
export const classificationMetrics = (
  truth: Float64Array,
  probabilities: Matrix,
  labels: Float64Array,
  positive = probabilities.columns - 1,
): ClassificationMetrics => {
  const { rows, columns, values } = probabilities
  const hits = new Float64Array(columns)
  const actual = new Float64Array(columns)
  const answered = new Float64Array(columns)
  let brier = 0
  for (let i = 0; i < rows; i++) {
    actual[truth[i]!]! += 1
    answered[labels[i]!]! += 1
    if (truth[i] === labels[i]) hits[labels[i]!]! += 1
    for (let k = 0; k < columns; k++) {
      if (columns > 2 || k === positive) brier += (values[i * columns + k]! - (truth[i] === k ? 1 : 0)) ** 2
    }
  }
  const present = [...actual.keys()].filter((k) => actual[k]! > 0)
  // A class that is neither true nor answered has no F1: scikit-learn leaves it out of the mean as well.
  const judged = [...actual.keys()].filter((k) => actual[k]! + answered[k]! > 0)
  const losses = logLosses(truth, probabilities)
  const isPositive = truth.map((k) => (k === positive ? 1 : 0))
  const scores = Float64Array.from({ length: rows }, (_, i) => values[i * columns + positive]!)
  return {
    logLoss: mean([...losses]),
    accuracy: hits.reduce((sum, h) => sum + h, 0) / rows,
    balancedAccuracy: mean(present.map((k) => hits[k]! / actual[k]!)),
    // F1 = 2 TP / (2 TP + FP + FN) = 2 TP / (answered + actual)
    macroF1: mean(judged.map((k) => (2 * hits[k]!) / (answered[k]! + actual[k]!))),
    brier: brier / rows,
    ...(columns === 2 && {
      rocAuc: rocAuc(isPositive, scores),
      averagePrecision: averagePrecision(isPositive, scores),
    }),
  }
}

const clip = (p: number): number => Math.min(Math.max(p, logLossClip), 1 - logLossClip)

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
