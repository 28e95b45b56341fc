import type { Columns, Transformer } from './transformer.ts'

/** A missing number becomes the median of its column, or the most frequent value (for true and false). */
export type Strategy = 'median' | 'most-frequent'

/** The fill of each column. */
export type Fills = readonly number[]

/** NaN -> the column's fill. A column that is all missing gets 0. */
export const impute = (strategies: readonly Strategy[]): Transformer<Columns, Fills, string> => ({
  fit: (columns) =>
    columns.map((column, place) => {
      const present = column.filter((value) => !Number.isNaN(value)).sort()
      return strategies[place] === 'median' ? median(present) : mode(present)
    }),
  apply: (fills, columns) =>
    columns.map((column, place) => column.map((value) => (Number.isNaN(value) ? fills[place]! : value))),
  toGraph: (fills, graph, source) => {
    const fill = graph.constant('FP64', [1, fills.length], Float64Array.from(fills))
    return graph.node('Where', [graph.node('IsNaN', [source]), fill, source])
  },
})

/** Of sorted values; the mean of the middle two when their number is even, as numpy. */
const median = (sorted: Float64Array): number => {
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Of sorted values; the smallest of the most frequent, as scikit-learn. */
const mode = (sorted: Float64Array): number => {
  const counts = new Map<number, number>()
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts].find(([, count]) => count === most)?.[0] ?? 0
}
