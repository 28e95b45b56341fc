/** What one sample of many timed calls says. */
export type Summary = { readonly minimum: number; readonly median: number; readonly p95: number }

/** A median with the bounds that hold it. */
export type Interval = { readonly median: number; readonly low: number; readonly high: number }

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

/** The value below which `share` of the values lie, interpolated as numpy does: Hyndman & Fan (1996), type 7. */
export const quantile = (values: readonly number[], share: number): number => {
  if (values.length === 0) throw new Error('quantile: expected at least one value, got none')
  const sorted = ascending(values)
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (place - below)
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const summarise = (values: readonly number[]): Summary => ({
  minimum: Math.min(...values),
  median: median(values),
  p95: quantile(values, 0.95),
})

const confidence = 0.9

/**
 * Rank, from 1, of the lower bound of the median among n sorted values: the highest k for which the interval from the
 * k-th value to the k-th from above holds the median with at least 90 %, P(k <= B < n - k + 1) with B ~ Bin(n, 1/2).
 * The interval assumes nothing of the distribution. Conover, Practical Nonparametric Statistics, 3.2.
 */
export const lowerRank = (n: number): number => {
  const mostOutside = (1 - confidence) / 2
  let chance = 0.5 ** n
  let below = chance
  let rank = 0
  while (below <= mostOutside) {
    rank += 1
    chance *= (n - rank + 1) / rank
    below += chance
  }
  return rank
}

/** The median with its 90 % interval. Throws for fewer than 5 values, of which no interval holds it with 90 %. */
export const medianInterval = (values: readonly number[]): Interval => {
  const sorted = ascending(values)
  const rank = lowerRank(sorted.length)
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]]
  if (low === undefined || high === undefined)
    throw new Error(`interval of a median: expected at least 5 values, got ${sorted.length}`)
  return { median: median(sorted), low, high }
}
