import { PercallError } from '../errors.ts'
import { type Cell, type Codec, type ColumnCodec, type ColumnKind, encodeColumn, missingInt64 } from './codec.ts'
import { inferColumn } from './infer.ts'

/** A file as read: names and cells by column, text or JSON scalars, all columns of one length. */
export type Table = { readonly names: readonly string[]; readonly columns: readonly (readonly Cell[])[] }

/** What the owner says about a column; `format` is a date pattern, or `decimal-comma` for numbers. */
export type ColumnOverride = { readonly kind?: ColumnKind; readonly format?: string; readonly drop?: boolean }

export type ColumnProfile = {
  readonly name: string
  readonly kind: ColumnKind | 'identifier' | 'constant'
  /** How its cells are read; absent when nothing but missing cells came. */
  readonly codec?: ColumnCodec
  /** Absent when the column is an input candidate, else why it is left out. */
  readonly leftOut?: 'identifier' | 'constant' | 'dropped'
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
    return profileColumn(name, table.columns[place]!, override)
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

const profileColumn = (name: string, cells: readonly Cell[], override: ColumnOverride): ColumnProfile => {
  const codec = inferColumn(name, cells, override)
  if (codec === undefined) {
    return {
      name,
      kind: 'constant',
      leftOut: override.drop ? 'dropped' : 'constant',
      missing: cells.length,
      distinct: 0,
    }
  }
  const { missing, distinct, range } = summary(codec, cells)
  const present = cells.length - missing
  const odd = override.kind === undefined ? oddKind(codec, present, distinct, range) : undefined
  const leftOut = override.drop ? ('dropped' as const) : odd
  return {
    name,
    kind: odd ?? codec.kind,
    codec,
    ...(leftOut && { leftOut }),
    missing,
    distinct,
    ...(range && { range }),
  }
}

/** Fewer rows say nothing about whether a column names its rows. */
const leastRowsOfIdentifier = 20
/** Above this share of distinct texts a column names rows rather than groups them. */
const identifierShare = 0.5

const oddKind = (
  codec: ColumnCodec,
  present: number,
  distinct: number,
  range: ColumnProfile['range'],
): 'constant' | 'identifier' | undefined => {
  if (distinct <= 1) return 'constant'
  if (present < leastRowsOfIdentifier) return undefined
  if (codec.kind === 'category') return distinct > identifierShare * present ? 'identifier' : undefined
  // Row numbers: whole, all distinct, without gaps.
  const numbered = codec.kind === 'integer' && distinct === present && range!.highest - range!.lowest === present - 1
  return numbered ? 'identifier' : undefined
}

const summary = (
  codec: ColumnCodec,
  cells: readonly Cell[],
): { readonly missing: number; readonly distinct: number; readonly range?: { lowest: number; highest: number } } => {
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
