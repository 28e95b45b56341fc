import { cast, rowOf } from './nodes.ts'
import { sortedPresent } from './order.ts'
import type { Columns, Transformer } from './transformer.ts'

/** A missing number becomes the median of its column, or the most frequent value (for true and false). */
export type Strategy = 'median' | 'most-frequent'

/** The fill of each column. */
export type Fills = readonly number[]

/** NaN -> the column's fill. A column that is all missing gets 0. */
export const impute = (strategies: readonly Strategy[]): Transformer<Columns, Fills, string> => ({
  fit: (columns) =>
    columns.map((column, place) => {
      const present = sortedPresent(column)
      return strategies[place] === 'median' ? median(present) : mode(present)
    }),
  apply: (fills, columns) =>
    columns.map((column, place) => column.map((value) => (Number.isNaN(value) ? fills[place]! : value))),
  toGraph: (fills, graph, source) =>
    graph.node('Where', [graph.node('IsNaN', [source]), rowOf(graph, 'FP64', fills), source]),
})

/** 1 where a number is missing, else 0, of those columns that lacked some when it was fitted, by their places. */
export const missingIndicator: Transformer<Columns, readonly number[], string> = {
  fit: (columns) => columns.flatMap((column, place) => (column.some(Number.isNaN) ? [place] : [])),
  apply: (places, columns) => places.map((place) => columns[place]!.map((value) => (Number.isNaN(value) ? 1 : 0))),
  toGraph: (places, graph, source) => {
    const chosen = graph.constant('INT64', [places.length], BigInt64Array.from(places, BigInt))
    const columns = graph.node('Gather', [source, chosen], { attributes: { axis: { int: 1 } } })
    return cast(graph, graph.node('IsNaN', [columns]), 'FP64')
  },
}

/** Of sorted values; the mean of the middle two when their number is even, as numpy. */
const median = (sorted: Float64Array): number => {
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Of sorted values; the smallest of the most frequent, as scikit-learn. */
const mode = (sorted: Float64Array): number => {
  let best = 0
  let most = 0
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to] === sorted[from]) to += 1
    if (to - from > most) [best, most] = [sorted[from]!, to - from]
  }
  return best
}
