import { type Above, cumulative } from './ranking.ts'

/** One threshold: the shares of other rows and of positive rows above it, and what share of those above is positive. */
export type CurvePoint = {
  readonly threshold: number
  readonly falsePositiveRate: number
  readonly truePositiveRate: number
  readonly precision: number
}

/** The least step of either rate between two kept points, so that a curve has about 200. */
const leastStep = 0.01

/**
 * ROC and precision-recall points of one class (recall is the true positive rate), highest threshold first, thinned; the
 * first and the last are always there. Empty with one class only.
 */
export const curvePoints = (
  positive: Float64Array,
  scores: Float64Array,
  weights?: Float64Array,
): readonly CurvePoint[] => {
  const sums = cumulative(positive, scores, weights)
  const { positives = 0, others = 0 } = sums.at(-1) ?? {}
  if (positives === 0 || others === 0) return []
  const points = sums.map((above) => point(above, positives, others))
  let kept = points[0]!
  return points.filter((next, i) => {
    const step = Math.max(
      next.falsePositiveRate - kept.falsePositiveRate,
      next.truePositiveRate - kept.truePositiveRate,
    )
    if (i !== 0 && i !== points.length - 1 && step < leastStep) return false
    kept = next
    return true
  })
}

const point = (above: Above, positives: number, others: number): CurvePoint => ({
  threshold: above.score,
  falsePositiveRate: above.others / others,
  truePositiveRate: above.positives / positives,
  precision: above.positives + above.others > 0 ? above.positives / (above.positives + above.others) : 1,
})
