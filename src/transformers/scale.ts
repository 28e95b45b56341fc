import type { Columns, Transformer } from './transformer.ts'

/** Mean and divisor of each column. */
export type Scaling = { readonly means: readonly number[]; readonly scales: readonly number[] }

/** (x - mean) / standard deviation, the latter of n rows (not n - 1). A constant column is divided by 1. */
export const scale: Transformer<Columns, Scaling, string> = {
  fit: (columns) => {
    const means = columns.map(meanOf)
    return { means, scales: columns.map((column, place) => scaleOf(column, means[place]!)) }
  },
  apply: ({ means, scales }, columns) =>
    columns.map((column, place) => column.map((value) => (value - means[place]!) / scales[place]!)),
  toGraph: ({ means, scales }, graph, source) => {
    const mean = graph.constant('FP64', [1, means.length], Float64Array.from(means))
    const divisor = graph.constant('FP64', [1, scales.length], Float64Array.from(scales))
    return graph.node('Div', [graph.node('Sub', [source, mean]), divisor])
  },
}

const meanOf = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0) / column.length

const scaleOf = (column: Float64Array, mean: number): number => {
  const n = column.length
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n
  // Rounding noise of a constant column: the bound of sklearn.preprocessing._data._is_constant_feature.
  const noise = n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2
  return variance <= noise ? 1 : Math.sqrt(variance)
}
