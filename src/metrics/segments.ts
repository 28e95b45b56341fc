import { missingInt64 } from '../dataset/column-codec.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { evenWeights } from './measure.ts'
import { quantileOf } from './residuals.ts'

/** Rows that share a level of a category column, or a quartile of a number column. */
export type Segment = {
  readonly column: string
  readonly segment: string
  readonly rows: number
  readonly loss: number
  /** Loss of the segment - loss of all rows: above 0 is worse. */
  readonly difference: number
  /** Of the segment's loss. */
  readonly standardError: number
}

export type Segments = {
  /** Worst first. */
  readonly worst: readonly Segment[]
  /** Segments that were not judged, for they have fewer than leastRows rows. */
  readonly tooFewRows: number
  readonly leastRows: number
}

/** Fewer rows say nothing: the standard error of a loss is then about a quarter of its rows' spread. */
const leastRows = 20
const mostSegments = 20

/** A column of the table [n, 1] with the kind that the codec gave it. */
export type SegmentColumn = { readonly kind: string; readonly tensor: Tensor }

/**
 * Scores by segment: losses [n] of rows, whose weighted mean is the loss (its root where `root`, as for RMSE).
 * Free text and columns of one segment are not cut. Many segments are looked at: the worst of them is bad by chance too.
 */
export const segmentScores = (
  columns: readonly SegmentColumn[],
  losses: Float64Array,
  root: boolean,
  weights = evenWeights(losses.length),
): Segments => {
  const everyRow = [...losses.keys()]
  const overall = scoreOf(everyRow, losses, weights, root).loss
  const groups = columns
    .filter(({ kind }) => kind !== 'text')
    .flatMap((column) => {
      const rowsBySegment = Map.groupBy(everyRow, segmentNamer(column))
      const name = column.tensor.name
      return rowsBySegment.size < 2
        ? []
        : [...rowsBySegment].map(([segment, rows]) => ({ column: name, segment, rows }))
    })
  const judged = groups
    .filter(({ rows }) => rows.length >= leastRows && rows.some((row) => weights[row]! > 0))
    .map(({ column, segment, rows }): Segment => {
      const { loss, standardError } = scoreOf(rows, losses, weights, root)
      return { column, segment, rows: rows.length, loss, difference: loss - overall, standardError }
    })
  const worst = judged.sort((a, b) => b.difference - a.difference).slice(0, mostSegments)
  return { worst, tooFewRows: groups.filter(({ rows }) => rows.length < leastRows).length, leastRows }
}

const scoreOf = (rows: readonly number[], losses: Float64Array, weights: Float64Array, root: boolean) => {
  let total = 0
  let sum = 0
  for (const row of rows) {
    total += weights[row]!
    sum += weights[row]! * losses[row]!
  }
  const mean = sum / total
  let squares = 0
  for (const row of rows) squares += (weights[row]! * (losses[row]! - mean)) ** 2
  // se = sqrt(sum w^2 (l - mean)^2) / sum w; of a root by its slope 1 / (2 root)
  const error = Math.sqrt(squares) / total
  if (!root) return { loss: mean, standardError: error }
  const loss = Math.sqrt(mean)
  return { loss, standardError: loss > 0 ? error / (2 * loss) : 0 }
}

const missing = '(missing)'

/** Row -> the name of its segment. */
const segmentNamer = ({ kind, tensor }: SegmentColumn): ((row: number) => string) => {
  const { data } = tensor
  if (!ArrayBuffer.isView(data)) return (row) => data[row] || missing
  const values = Float64Array.from(data as Iterable<number | bigint>, (value) =>
    value === missingInt64 ? Number.NaN : Number(value),
  )
  if (kind === 'boolean') {
    return (row) => (Number.isNaN(values[row]!) ? missing : String(values[row] === 1))
  }
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  if (sorted.length === 0) return () => missing
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantileOf(sorted, share)) as [number, number, number]
  const text = (value: number): string =>
    kind === 'date' ? new Date(value * 1000).toISOString().slice(0, 10) : String(Number(value.toPrecision(4)))
  const names = [
    `up to ${text(low)}`,
    `above ${text(low)} to ${text(middle)}`,
    `above ${text(middle)} to ${text(high)}`,
    `above ${text(high)}`,
  ]
  return (row) => {
    const value = values[row]!
    if (Number.isNaN(value)) return missing
    return names[value <= low ? 0 : value <= middle ? 1 : value <= high ? 2 : 3]!
  }
}
