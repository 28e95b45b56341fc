import { PercallError } from '../errors.ts'
import type { Codec } from './codec.ts'
import { type ColumnOverride, type ColumnProfile, profileColumn } from './profile-column.ts'
import { rowCount, rowPlace, type Table } from './table.ts'

export type { ColumnOverride, ColumnProfile } from './profile-column.ts'
export type { Table } from './table.ts'

export type Profile = {
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
  /** How many rows are as an earlier one; absent where they were not counted. */
  readonly duplicates?: number
}

/** The column that a run predicts, and the codec of the live version, which its columns are read by again. */
export type Context = { readonly target?: string; readonly earlier?: Codec | undefined }

/** A table may have thousands of names. */
const mostShown = 500

/**
 * Kinds, formats, missing and distinct counts of each column. Throws BAD_TABLE (no rows, no columns, a name twice,
 * ambiguous dates, stray text among numbers, a cell that a given kind or the live version's codec does not read),
 * UNKNOWN_COLUMN (overrides).
 */
export const profileTable = (
  table: Table,
  overrides: Readonly<Record<string, ColumnOverride>> = {},
  { target, earlier }: Context = {},
): Profile => {
  const rows = rowCount(table)
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
  const surroundings = { delimiter: table.delimiter, place: rowPlace(table) }
  const known = new Map(earlier?.columns.map((codec) => [codec.name, codec]))
  const gone = [...known.keys()].find((name) => !table.names.includes(name))
  if (gone !== undefined)
    throw new PercallError(
      'BAD_TABLE',
      `column ${gone}: expected it as in the live version, got ${table.names.join(', ').slice(0, mostShown)}; add it, or train under another name`,
    )
  const columns = table.names.map((name, place) => {
    const override = Object.hasOwn(overrides, name) ? overrides[name]! : {}
    const said = { ...override, isTarget: name === target, earlier: known.get(name) }
    return profileColumn(name, table.columns[place]!, said, surroundings)
  })
  return { rows, columns }
}

/**
 * The codec of a model that predicts `target` from all columns that are not left out, nor in `others`: what a row weighs,
 * and the group that tells its side. Throws UNKNOWN_TARGET, BAD_TABLE (no input left).
 */
export const decideCodec = (profile: Profile, target: string, others: readonly string[] = []): Codec => {
  if (!profile.columns.some((column) => column.name === target)) {
    const names = profile.columns.map((column) => column.name).join(', ')
    throw new PercallError('UNKNOWN_TARGET', `target: expected one of ${names}, got ${target}`)
  }
  const columns = profile.columns
    .filter(({ name, leftOut }) => name !== target && leftOut === undefined && !others.includes(name))
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
