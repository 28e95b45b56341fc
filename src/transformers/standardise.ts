import { rowOf } from './nodes.ts'
import type { Columns, Transformer } from './transformer.ts'

/** Centre and divisor of each column. */
export type Scaling = { readonly centres: readonly number[]; readonly divisors: readonly number[] }

/** (x - centre) / divisor, in float64. */
export const rescale: Pick<Transformer<Columns, Scaling, string>, 'apply' | 'toGraph'> = {
  apply: ({ centres, divisors }, columns) =>
    columns.map((column, place) => column.map((value) => (value - centres[place]!) / divisors[place]!)),
  toGraph: ({ centres, divisors }, graph, source) =>
    graph.node('Div', [graph.node('Sub', [source, rowOf(graph, 'FP64', centres)]), rowOf(graph, 'FP64', divisors)]),
}

/** (x - mean) / standard deviation, the latter of n rows (not n - 1). A constant column is divided by 1. */
export const standardise: Transformer<Columns, Scaling, string> = {
  fit: (columns) => {
    const centres = columns.map(meanOf)
    return { centres, divisors: columns.map((column, place) => deviationOf(column, centres[place]!)) }
  },
  ...rescale,
}

const meanOf = (column: Float64Array): number => {
  const sum = column.reduce((all, value) => all + value, 0)
  // Finite cells may have an infinite sum.
  return Number.isFinite(sum) ? sum / column.length : column.reduce((all, value) => all + value / column.length, 0)
}

const deviationOf = (column: Float64Array, mean: number): number => {
  const n = column.length
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n
  // Rounding noise of a constant column: the bound of sklearn.preprocessing._data._is_constant_feature.
  const noise = n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2
  // Squares of distances above 1e154 are infinite, which JSON has not.
  return variance <= noise ? 1 : Math.min(Math.sqrt(variance), Number.MAX_VALUE)
}
