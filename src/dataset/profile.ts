import { PercallError } from '../errors.ts'
import { type Cell, type Codec, type ColumnCodec, type ColumnKind, encodeColumn, missingInt64 } from './codec.ts'
import { inferColumn } from './infer.ts'
import { type CellCounts, groupingNotice, leftOutNotice, oddKind } from './left-out.ts'

/** A file as read: names and cells by column, text or JSON scalars, all columns of one length. */
export type Table = {
  readonly names: readonly string[]
  readonly columns: readonly (readonly Cell[])[]
  /** Of a CSV file. */
  readonly delimiter?: string
}

/** What the owner says about a column; `format` is a date pattern, or `decimal-comma` for numbers. */
export type ColumnOverride = { readonly kind?: ColumnKind; readonly format?: string; readonly drop?: boolean }

export type ColumnProfile = {
  readonly name: string
  readonly kind: ColumnKind | 'identifier' | 'constant'
  /** How its cells are read; absent when nothing but missing cells came. */
  readonly codec?: ColumnCodec
  /** Absent when the column is an input candidate, else why it is left out. */
  readonly leftOut?: 'identifier' | 'constant' | 'dropped'
  /** What the owner should know of it: that it is left out although nobody asked, or not read as numbers. */
  readonly notice?: string
  readonly missing: number
  readonly distinct: number
  /** Of numbers, and of dates in epoch seconds. */
  readonly range?: { readonly lowest: number; readonly highest: number }
}

export type Profile = { readonly rows: number; readonly columns: readonly ColumnProfile[] }

/**
 * Kinds, formats, missing and distinct counts of each column. Throws BAD_TABLE (no rows, no columns, a name twice,
 * ambiguous dates, stray text among numbers), UNKNOWN_COLUMN (overrides), BAD_CELL (a given kind that a cell breaks).
 */
export const profileTable = (table: Table, overrides: Readonly<Record<string, ColumnOverride>> = {}): Profile => {
  const rows = table.columns[0]?.length ?? 0
  if (rows === 0) throw new PercallError('BAD_TABLE', `table: expected a header and at least one row, got ${rows} rows`)
  const twice = table.names.find((name, place) => table.names.indexOf(name) !== place || name === '')
  if (twice !== undefined)
    throw new PercallError(
      'BAD_TABLE',
      `header: expected a name of its own for each column, got ${JSON.stringify(twice)}`,
    )
  const stranger = Object.keys(overrides).find((name) => !table.names.includes(name))
  if (stranger !== undefined) {
    throw new PercallError(
      'UNKNOWN_COLUMN',
      `column ${stranger}: expected one of ${table.names.join(', ')}, got ${stranger}`,
    )
  }
  const columns = table.names.map((name, place) => {
    const override = Object.hasOwn(overrides, name) ? overrides[name]! : {}
    return profileColumn(name, table.columns[place]!, override, table.delimiter)
  })
  return { rows, columns }
}

/** The codec of a model that predicts `target` from all columns that are not left out. Throws UNKNOWN_TARGET, BAD_TABLE (no input left). */
export const decideCodec = (profile: Profile, target: string): Codec => {
  if (!profile.columns.some((column) => column.name === target)) {
    const names = profile.columns.map((column) => column.name).join(', ')
    throw new PercallError('UNKNOWN_TARGET', `target: expected one of ${names}, got ${target}`)
  }
  const columns = profile.columns
    .filter((column) => column.name !== target && column.leftOut === undefined)
    .flatMap((column) => (column.codec === undefined ? [] : [column.codec]))
  if (columns.length === 0) {
    const why = profile.columns.map((column) => `${column.name} (${column.leftOut ?? 'target'})`).join(', ')
    throw new PercallError('BAD_TABLE', `table: expected at least one column to learn from, got ${why}`)
  }
  return { codecVersion: 1, columns }
}

/** The notices of all columns but the target, whose fate is the run's own. */
export const columnNotices = ({ columns }: Profile, target: string): readonly string[] =>
  columns.flatMap(({ name, notice }) => (notice === undefined || name === target ? [] : [notice]))

const profileColumn = (
  name: string,
  cells: readonly Cell[],
  override: ColumnOverride,
  delimiter: string | undefined,
): ColumnProfile => {
  const codec = inferColumn(name, cells, override, delimiter)
  const rows = cells.length
  const counts = codec === undefined ? { rows, missing: rows, distinct: 0 } : { rows, ...summary(codec, cells) }
  const odd = codec === undefined ? 'constant' : override.kind === undefined ? oddKind(codec, counts) : undefined
  const leftOut = override.drop ? ('dropped' as const) : odd
  const { missing, distinct, range } = counts
  const notice = noticeOf(name, cells, codec, override, odd, counts)
  return {
    name,
    kind: odd ?? codec!.kind, // without a codec it is odd
    ...(codec && { codec }),
    ...(leftOut && { leftOut }),
    ...(notice !== undefined && { notice }),
    missing,
    distinct,
    ...(range && { range }),
  }
}

const noticeOf = (
  name: string,
  cells: readonly Cell[],
  codec: ColumnCodec | undefined,
  { kind, drop }: ColumnOverride,
  odd: 'constant' | 'identifier' | undefined,
  counts: CellCounts,
): string | undefined => {
  if (drop || kind !== undefined) return undefined
  const grouping = codec?.kind === 'category' ? groupingNotice(name, cells, codec.missing) : undefined
  return grouping ?? (odd && leftOutNotice(name, codec, odd, counts))
}

const summary = (codec: ColumnCodec, cells: readonly Cell[]): Omit<CellCounts, 'rows'> => {
  const seen = new Set<string | number | bigint>()
  let missing = 0
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const element of encodeColumn(codec, cells)) {
    if (element === '' || element === missingInt64 || Number.isNaN(element)) {
      missing += 1
      continue
    }
    seen.add(element)
    if (typeof element === 'string') continue
    lowest = Math.min(lowest, Number(element))
    highest = Math.max(highest, Number(element))
  }
  const range = lowest <= highest && codec.kind !== 'boolean' ? { range: { lowest, highest } } : {}
  return { missing, distinct: seen.size, ...range }
}
