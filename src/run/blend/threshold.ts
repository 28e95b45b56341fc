import { cumulative } from '../../metrics/ranking.ts'

/** How the least probability of a positive answer is found: best F1, or least cost of wrong positives and negatives. */
export type ThresholdRule =
  | { readonly kind: 'f1' }
  | { readonly kind: 'cost'; readonly costs: readonly [falsePositive: number, falseNegative: number] }

/**
 * The threshold that serves the rule best on rows that the model has not seen. positive [n] of 0 and 1, probabilities
 * [n]. It lies half-way between two probabilities that came, so that rounding moves no label. Ties go to the fewer
 * positive answers. 0.5 with one class only.
 */
export const chooseThreshold = (
  rule: ThresholdRule,
  positive: Float64Array,
  probabilities: Float64Array,
  weights?: Float64Array,
): number => {
  const sums = cumulative(positive, probabilities, weights)
  const { positives: all = 0, others: rest = 0 } = sums.at(-1) ?? {}
  if (all === 0 || rest === 0) return 0.5
  // Less is better. F1 = 2 TP / (TP + FP + P)
  const badness = (positives: number, others: number): number =>
    rule.kind === 'f1'
      ? -(2 * positives) / (positives + others + all)
      : rule.costs[0] * others + rule.costs[1] * (all - positives)
  // Above the largest probability nothing is positive; above 1, where it is 1.
  const top = sums[0]!.score
  let best = { threshold: top < 1 ? (1 + top) / 2 : 2, badness: badness(0, 0) }
  sums.forEach(({ score, positives, others }, i) => {
    const own = badness(positives, others)
    const next = sums[i + 1]?.score ?? 0
    if (own < best.badness) best = { threshold: (score + next) / 2, badness: own }
  })
  return best.threshold
}
