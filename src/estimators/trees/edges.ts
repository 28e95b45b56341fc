import { binCount } from './plan.ts'

/** Thresholds of a feature; one lies between the last value of its bin and the first of the next. */
const mostThresholds = binCount - 2

/**
 * Where the bins of sorted values end. Up to 255 distinct values have a bin each; more are cut into bins of about equally
 * many rows, where a value with more rows than that has a bin of its own.
 */
export const edgesOf = (sorted: Float64Array): readonly number[] =>
  hasFewValues(sorted) ? everyEdge(sorted) : equalEdges(sorted)

const hasFewValues = (sorted: Float64Array): boolean => {
  let edges = 0
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1] && ++edges > mostThresholds) return false
  return true
}

const everyEdge = (sorted: Float64Array): readonly number[] => {
  const edges: number[] = []
  for (let i = 1; i < sorted.length; i++)
    if (sorted[i] !== sorted[i - 1]) edges.push(between(sorted[i - 1]!, sorted[i]!))
  return edges
}

const equalEdges = (sorted: Float64Array): readonly number[] => {
  const edges: number[] = []
  let first = 0
  let start = 0
  while (edges.length < mostThresholds) {
    const most = (sorted.length - first) / (mostThresholds + 1 - edges.length)
    const end = endOfValue(sorted, start)
    if (end === sorted.length) return edges
    // A value with many rows begins a bin, and ends it.
    if (end - first >= most || endOfValue(sorted, end) - end >= most) {
      edges.push(between(sorted[end - 1]!, sorted[end]!))
      first = end
    }
    start = end
  }
  return edges
}

/** The place behind the last one with the value at `start`. */
const endOfValue = (sorted: Float64Array, start: number): number => {
  const value = sorted[start]
  let end = start + 1
  while (end < sorted.length && sorted[end] === value) end += 1
  return end
}

/** A threshold t with low <= t < high: a float32 number where there is one, so that graphs over float32 decide alike. */
const between = (low: number, high: number): number => {
  const middle = low + (high - low) / 2
  const rounded = Math.fround(middle)
  if (rounded >= low && rounded < high) return rounded
  const lower = Math.fround(low)
  if (lower >= low && lower < high) return lower
  return middle < high ? middle : low
}
