import { type Codec, type ColumnCodec, missingInt64 } from '../dataset/codec.ts'
import { shortestFloat32 } from '../tensor/shortest-float32.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** A value of a column's tensor. */
export type Element = string | number | bigint

/** What a column had among the rows that were learned from. */
export type ColumnRange = { readonly name: string } & (
  | {
      /** A date is in seconds since 1970. */
      readonly kind: 'number' | 'date'
      readonly whole: boolean
      readonly min: number
      readonly max: number
      /** Distinct quantiles, from the lowest value to the highest. */
      readonly points: readonly number[]
    }
  /** In their order where they have one, else the most frequent first. */
  | { readonly kind: 'levels'; readonly ordered: boolean; readonly levels: readonly string[] }
  | { readonly kind: 'boolean' }
  /** One that is not told or varied. */
  | { readonly kind: 'kept'; readonly why: 'text' | 'personal' | 'constant' }
)

const mostPoints = 20
const mostLevels = 50

export const isMissing = (element: Element): boolean =>
  element === missingInt64 || element === '' || Number.isNaN(element)

/** The element as a number; NaN where it is missing. */
const numberOf = (element: Element): number => (isMissing(element) ? Number.NaN : Number(element))

/** A number as the column's tensor has it. */
export const elementOf = ({ datatype }: ColumnCodec, value: number): Element => {
  if (datatype === 'INT64') return BigInt(Math.round(value))
  return datatype === 'FP32' ? shortestFloat32(Math.fround(value)) : value
}

const quantiles = (sorted: Float64Array): readonly number[] => {
  const last = sorted.length - 1
  const points = Array.from({ length: mostPoints }, (_, i) => sorted[Math.round((i * last) / (mostPoints - 1))]!)
  return points.filter((point, i) => i === 0 || point !== points[i - 1])
}

const numberRange = (column: ColumnCodec, data: Tensor['data']): ColumnRange => {
  const { name, kind, datatype } = column
  const shown = datatype === 'FP32' ? shortestFloat32 : (value: number): number => value
  const known = Float64Array.from(data, numberOf).filter(Number.isFinite).sort().map(shown)
  const points = known.length === 0 ? [] : quantiles(known)
  if (points.length < 2) return { name, kind: 'kept', why: 'constant' }
  const whole = kind === 'integer' || kind === 'date' || datatype === 'INT64' || known.every(Number.isInteger)
  return { name, kind: kind === 'date' ? 'date' : 'number', whole, min: points[0]!, max: points.at(-1)!, points }
}

const levelRange = (column: ColumnCodec, data: readonly string[]): ColumnRange => {
  const { name } = column
  const counts = new Map<string, number>()
  for (const text of data) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1)
  if (counts.size < 2) return { name, kind: 'kept', why: 'constant' }
  if (column.kind === 'ordinal') {
    const levels = column.levels.filter((level) => counts.has(level))
    return levels.length < 2 ? { name, kind: 'kept', why: 'constant' } : { name, kind: 'levels', ordered: true, levels }
  }
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return { name, kind: 'levels', ordered: false, levels: byCount.slice(0, mostLevels).map(([level]) => level) }
}

const rangeOf = (column: ColumnCodec, data: Tensor['data'], personal: readonly string[]): ColumnRange => {
  const { name, kind } = column
  if (personal.includes(name)) return { name, kind: 'kept', why: 'personal' }
  if (kind === 'text') return { name, kind: 'kept', why: 'text' }
  if (kind === 'boolean') return { name, kind: 'boolean' }
  // The codec gives categories and ordinals as BYTES.
  return kind === 'category' || kind === 'ordinal'
    ? levelRange(column, data as readonly string[])
    : numberRange(column, data)
}

/** Of each codec column, in its order, what its tensor has; nothing is told of the columns named in `personal`. */
export const columnRanges = (
  { columns }: Codec,
  tensors: readonly Tensor[],
  personal: readonly string[],
): readonly ColumnRange[] => columns.map((column, place) => rangeOf(column, tensors[place]!.data, personal))
