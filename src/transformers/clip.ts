import { rowOf } from './nodes.ts'
import { quantile, sortedPresent } from './order.ts'
import type { Columns, Transformer } from './transformer.ts'

/** The least and the largest value that a column keeps. */
export type Bounds = { readonly lows: readonly number[]; readonly highs: readonly number[] }

/**
 * `tail` is the share of values beyond each quantile. The bounds lie `reach` times the distance of the two quantiles
 * beyond them: 0 is winsorising (Tukey 1962); with more, only values far out are moved and a trend may go on.
 */
export type ClipOptions = { readonly tail: number; readonly reach: number }

/** A value beyond a column's bounds becomes the bound; NaN stays. A column whose quantiles are equal keeps all. */
export const clip = ({ tail, reach }: ClipOptions): Transformer<Columns, Bounds, string> => ({
  fit: (columns) => {
    const bounds = columns.map((column) => {
      const sorted = sortedPresent(column)
      const low = quantile(sorted, tail)
      const high = quantile(sorted, 1 - tail)
      const distance = high - low
      return distance > 0 ? [low - reach * distance, high + reach * distance] : [-Number.MAX_VALUE, Number.MAX_VALUE]
    })
    // JSON has no infinity, which the sum can reach.
    const finite = (value: number): number => Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)
    return { lows: bounds.map(([low]) => finite(low!)), highs: bounds.map(([, high]) => finite(high!)) }
  },
  apply: ({ lows, highs }, columns) =>
    columns.map((column, place) => {
      const low = lows[place]!
      const high = highs[place]!
      return column.map((value) => Math.min(Math.max(value, low), high))
    }),
  toGraph: ({ lows, highs }, graph, source) => {
    const low = rowOf(graph, 'FP64', lows)
    const high = rowOf(graph, 'FP64', highs)
    // Not Max and Min nodes, which drop NaN on some machines.
    const raised = graph.node('Where', [graph.node('Less', [source, low]), low, source])
    return graph.node('Where', [graph.node('Greater', [raised, high]), high, raised])
  },
})
