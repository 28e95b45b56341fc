/** Area under the ROC curve: the share of (positive, negative) pairs in order, ties one half. NaN with one class only. */
export const rocAuc = (positive: Float64Array, scores: Float64Array): number => {
  let rankSum = 0
  let positives = 0
  let seen = 0
  for (const tie of ties(positive, scores)) {
    // The mean rank of a tie of m rows after `seen` others is seen + (m + 1) / 2.
    rankSum += tie.positives * (seen + (tie.rows + 1) / 2)
    positives += tie.positives
    seen += tie.rows
  }
  const negatives = seen - positives
  // Mann-Whitney: AUC = (R - P (P + 1) / 2) / (P N)
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** sum over thresholds of (R_k - R_{k-1}) P_k, highest scores first (sklearn.metrics.average_precision_score). */
export const averagePrecision = (positive: Float64Array, scores: Float64Array): number => {
  const all = positive.reduce((sum, t) => sum + t, 0)
  let found = 0
  let seen = 0
  let area = 0
  for (const tie of ties(positive, scores).reverse()) {
    found += tie.positives
    seen += tie.rows
    area += (tie.positives / all) * (found / seen)
  }
  return area
}

/** Groups of equal scores, lowest first. */
const ties = (
  positive: Float64Array,
  scores: Float64Array,
): { readonly rows: number; readonly positives: number }[] => {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!)
  const groups: { rows: number; positives: number }[] = []
  order.forEach((row, place) => {
    const previous = order[place - 1]
    if (previous === undefined || scores[previous] !== scores[row]) groups.push({ rows: 0, positives: 0 })
    const group = groups.at(-1)!
    group.rows += 1
    group.positives += positive[row]!
  })
  return groups
}
