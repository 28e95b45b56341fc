export const weightedMean = (values: Float64Array, weights?: Float64Array): number => {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1
    sum += weight * values[i]!
    total += weight
  }
  return sum / total
}

/**
 * The value with `share` of the weight below it: a minimiser of the pinball loss. Where a whole interval minimises it,
 * its middle, which is the usual median of an even number of values.
 */
export const weightedQuantile = (values: Float64Array, share: number, weights?: Float64Array): number => {
  const order = Array.from(values, (_, i) => i)
    .filter((i) => (weights?.[i] ?? 1) > 0)
    .sort((a, b) => values[a]! - values[b]!)
  let total = 0
  for (const i of order) total += weights?.[i] ?? 1
  let below = 0
  for (let at = 0; at < order.length; at++) {
    below += weights?.[order[at]!] ?? 1
    // Sums of weights carry rounding: a share met within it is met.
    const over = below - share * total
    if (over > total * Number.EPSILON * order.length) return values[order[at]!]!
    if (over > -total * Number.EPSILON * order.length) {
      return (values[order[at]!]! + values[order[Math.min(at + 1, order.length - 1)]!]!) / 2
    }
  }
  return values[order.at(-1)!]!
}
