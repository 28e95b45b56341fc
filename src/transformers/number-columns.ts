import { dateParting } from './date-parts.ts'
import { ordinal } from './ordinal.ts'
import type { Unnamed } from './pipeline-shape.ts'
import type { RawColumns } from './raw-columns.ts'
import { targetEncode } from './target-encode.ts'
import type { Columns } from './transformer.ts'

/** A feature's values, NaN for missing, and its raw column's name. */
export type NumberColumn = { readonly source: string; readonly column: Float64Array }

/**
 * Numbers, date parts, ordinals' ranks and target encodings in the features' order, one raw column at a time.
 * `crossed` stands in for the encodings of all targets.
 */
export function* numberColumns(
  { numbers, dates, ordinals, targets }: Pick<Unnamed, 'numbers' | 'dates' | 'ordinals' | 'targets'>,
  raw: RawColumns,
  crossed?: Columns,
): Generator<NumberColumn> {
  for (const name of numbers) yield { source: name, column: raw.numbers(name) }
  const parting = dateParting('FP64')
  for (const { name, parts } of dates)
    for (const column of parting.apply(parts, raw.dates(name))) yield { source: name, column }
  const ranks = ordinal(0, 'FP64')
  for (const { name, ...levels } of ordinals) yield { source: name, column: ranks.apply(levels, raw.texts(name)) }
  const encoding = targetEncode('FP64')
  let first = 0
  for (const { name, ...encoded } of targets) {
    const width = encoded.prior.length
    const columns = crossed?.slice(first, first + width) ?? encoding.apply(encoded, raw.texts(name))
    for (const column of columns) yield { source: name, column }
    first += width
  }
}
