import { evenWeights, type Measure } from './measure.ts'

/** Rows by score, highest first; ends[i] = 1 where row order[i] is the last of its tie. */
export type Ranking = { readonly order: Uint32Array; readonly ends: Uint8Array }

export const rankRows = (scores: Float64Array): Ranking => {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const ends = Uint8Array.from(order, (row, i) =>
    i + 1 === order.length || scores[row] !== scores[order[i + 1]!] ? 1 : 0,
  )
  return { order, ends }
}

/** What lies above a threshold: weights of positive and of other rows. */
export type Above = { readonly score: number; readonly positives: number; readonly others: number }

/** The two sums at each distinct score, highest first (sklearn.metrics._ranking._binary_clf_curve). */
export const cumulative = (
  positive: Float64Array,
  scores: Float64Array,
  weights: Float64Array = evenWeights(scores.length),
): readonly Above[] => {
  const { order, ends } = rankRows(scores)
  const points: Above[] = []
  let positives = 0
  let others = 0
  order.forEach((row, i) => {
    positives += weights[row]! * positive[row]!
    others += weights[row]! * (1 - positive[row]!)
    if (ends[i] === 1) points.push({ score: scores[row]!, positives, others })
  })
  return points
}

/** Area under the ROC curve by trapezoids: the share of (positive, other) pairs in order, ties one half. */
export const aucMeasure =
  (positive: Float64Array, { order, ends }: Ranking): Measure =>
  (weights) => {
    let positives = 0
    let others = 0
    let positivesBefore = 0
    let othersBefore = 0
    let area = 0
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!
      const weight = weights[row]!
      positives += weight * positive[row]!
      others += weight * (1 - positive[row]!)
      if (ends[i] === 0) continue
      area += ((others - othersBefore) * (positives + positivesBefore)) / 2
      positivesBefore = positives
      othersBefore = others
    }
    return positives > 0 && others > 0 ? area / (positives * others) : Number.NaN
  }

/** sum over thresholds of (R_k - R_{k-1}) P_k, highest scores first (sklearn.metrics.average_precision_score). */
export const precisionMeasure =
  (positive: Float64Array, { order, ends }: Ranking): Measure =>
  (weights) => {
    let positives = 0
    let all = 0
    let before = 0
    let area = 0
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!
      positives += weights[row]! * positive[row]!
      all += weights[row]!
      if (ends[i] === 0) continue
      if (positives > before) area += (positives - before) * (positives / all)
      before = positives
    }
    return positives > 0 ? area / positives : Number.NaN
  }

/** NaN with one class only. positive [n] of 0 and 1. */
export const rocAuc = (positive: Float64Array, scores: Float64Array, weights = evenWeights(scores.length)): number =>
  aucMeasure(positive, rankRows(scores))(weights)

/** NaN without a positive row. */
export const averagePrecision = (
  positive: Float64Array,
  scores: Float64Array,
  weights = evenWeights(scores.length),
): number => precisionMeasure(positive, rankRows(scores))(weights)
