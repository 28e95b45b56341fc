import { binCount } from './plan.ts'

/** Thresholds of a feature; one lies between the last value of its bin and the first of the next. */
const mostThresholds = binCount - 2

/**
 * Where the bins of sorted values end. Up to 255 distinct values have a bin each; more are cut into bins of about equally
 * many rows, where a value with more rows than that has a bin of its own.
 */
export const edgesOf = (sorted: Float64Array): readonly number[] => {
  const { values, counts } = distinctOf(sorted)
  if (values.length <= mostThresholds + 1) return values.slice(1).map((value, k) => between(values[k]!, value))
  const edges: number[] = []
  let left = sorted.length
  let bins = mostThresholds + 1
  let inBin = 0
  for (let k = 0; k < values.length - 1 && bins > 1; k++) {
    inBin += counts[k]!
    const most = left / bins
    if (inBin < most && counts[k + 1]! < most) continue
    edges.push(between(values[k]!, values[k + 1]!))
    left -= inBin
    bins -= 1
    inBin = 0
  }
  return edges
}

const distinctOf = (sorted: Float64Array): { readonly values: number[]; readonly counts: number[] } => {
  const values: number[] = []
  const counts: number[] = []
  let start = 0
  for (let i = 1; i <= sorted.length; i++) {
    if (sorted[i] === sorted[start]) continue
    values.push(sorted[start]!)
    counts.push(i - start)
    start = i
  }
  return { values, counts }
}

/** A threshold t with low <= t < high: a float32 number where there is one, so that graphs over float32 decide alike. */
export const between = (low: number, high: number): number => {
  const middle = low + (high - low) / 2
  const rounded = Math.fround(middle)
  if (rounded >= low && rounded < high) return rounded
  const lower = Math.fround(low)
  if (lower >= low && lower < high) return lower
  return middle < high ? middle : low
}
