import type { Graph } from '../onnx/graph.ts'
import { cast, rowOf } from './nodes.ts'
import { quantile, sortedPresent } from './order.ts'
import type { Columns, Transformer } from './transformer.ts'

/**
 * The distinct quantiles of one column, ascending, with what they become: `at` itself, and right of it a line from
 * `right` with `slopes`. Several equal quantiles span a range of shares, whose middle is `at`.
 */
export type Steps = {
  readonly values: readonly number[]
  readonly at: readonly number[]
  readonly right: readonly number[]
  readonly slopes: readonly number[]
}

/** Number of quantiles. A row of the graph compares each value with all of them, so 100 instead of scikit-learn's 1000. */
export const mostQuantiles = 100

/**
 * x -> the share of training values below it, in [0, 1]: the interpolation of scikit-learn's QuantileTransformer (from
 * both ends, so that ties get their middle). NaN stays.
 */
export const quantileScale: Transformer<Columns, readonly Steps[], string> = {
  fit: (columns) => columns.map((column) => stepsOf(sortedPresent(column))),
  apply: (fitted, columns) =>
    columns.map((column, place) => {
      const steps = fitted[place]!
      return column.map((value) => shareOf(steps, value))
    }),
  toGraph: shareNodes,
}

const stepsOf = (sorted: Float64Array): Steps => {
  const count = Math.min(mostQuantiles, Math.max(2, sorted.length))
  const values: number[] = []
  const first: number[] = []
  const last: number[] = []
  for (let k = 0; k < count; k++) {
    const share = k / (count - 1)
    // Rounding may take an interpolated quantile below the one before it.
    const value = Math.max(quantile(sorted, share), values.at(-1) ?? Number.NEGATIVE_INFINITY)
    if (value === values.at(-1)) last[last.length - 1] = share
    else {
      values.push(value)
      first.push(share)
      last.push(share)
    }
  }
  const end = values.length - 1
  // scikit-learn: the least value is 0 and the largest 1, whatever their ties.
  const at = values.map((_, k) => (k === 0 ? 0 : k === end ? 1 : (first[k]! + last[k]!) / 2))
  // Between neighbours of the least numbers the slope is infinite, which JSON has not, and no value lies there.
  const slope = (k: number): number => (first[k + 1]! - last[k]!) / (values[k + 1]! - values[k]!)
  const slopes = values.map((_, k) => (k === end ? 0 : Math.min(slope(k), Number.MAX_VALUE)))
  const right = last.map((share, k) => (k === end ? 1 : share))
  return { values, at, right, slopes }
}

const shareOf = ({ values, at, right, slopes }: Steps, value: number): number => {
  let low = 0
  let high = values.length
  // The number of quantiles that are not above the value.
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! > value) high = middle
    else low = middle + 1
  }
  if (low === 0) return 0
  const k = low - 1
  return value === values[k] ? at[k]! : (value - values[k]!) * slopes[k]! + right[k]!
}

/** float64 [n, p] -> [n, p]: counts the quantiles not above a value, then looks the step up in one table of all columns. */
function shareNodes(fitted: readonly Steps[], graph: Graph, source: string): string {
  const width = Math.max(...fitted.map(({ values }) => values.length))
  const table = (member: keyof Steps, filler: number): string => {
    const rows = fitted.flatMap((steps) => [
      ...steps[member],
      ...new Array<number>(width - steps.values.length).fill(filler),
    ])
    return graph.constant('FP64', [fitted.length * width], Float64Array.from(rows))
  }
  const edges = graph.node('Reshape', [
    table('values', Number.POSITIVE_INFINITY),
    graph.constant('INT64', [3], BigInt64Array.of(1n, BigInt(fitted.length), BigInt(width))),
  ])
  const deep = graph.node('Unsqueeze', [source, graph.constant('INT64', [1], BigInt64Array.of(2n))])
  const above = cast(graph, graph.node('Greater', [edges, deep]), 'INT64')
  const counts = { attributes: { keepdims: { int: 0 } } }
  const higher = graph.node('ReduceSum', [above, graph.constant('INT64', [1], BigInt64Array.of(2n))], counts)
  // The place in the table: the column's own part, and in it the last quantile that is not above.
  const ends = BigInt64Array.from(fitted, (_, column) => BigInt(column * width + width - 1))
  const starts = BigInt64Array.from(fitted, (_, column) => BigInt(column * width))
  const place = graph.node('Sub', [graph.constant('INT64', [1, fitted.length], ends), higher])
  const inside = graph.node('Max', [place, graph.constant('INT64', [1, fitted.length], starts)])
  const looked = (name: string): string => graph.node('Gather', [name, inside])
  const values = looked(table('values', Number.POSITIVE_INFINITY))
  const line = graph.node('Add', [
    graph.node('Mul', [graph.node('Sub', [source, values]), looked(table('slopes', 0))]),
    looked(table('right', 1)),
  ])
  const share = graph.node('Where', [graph.node('Equal', [source, values]), looked(table('at', 1)), line])
  const below = graph.node('Less', [
    source,
    rowOf(
      graph,
      'FP64',
      fitted.map(({ values: [least] }) => least!),
    ),
  ])
  return graph.node('Where', [below, graph.constant('FP64', [1, 1], Float64Array.of(0)), share])
}
