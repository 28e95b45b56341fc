import * as z from 'zod'
import { PercallError } from '../errors.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import { cellReader } from './cell-reader.ts'

export type { Cell, ColumnCodec, ColumnKind } from './column-codec.ts'
export { missingInt64 } from './column-codec.ts'

import { type Column, cellReaderOf, columnLength } from './column.ts'
import { type Cell, type ColumnCodec, columnCodecSchema } from './column-codec.ts'
import type { Place } from './infer-kind.ts'

/** An instance: an object by column name, or an array in the codec's column order. */
export type Row = Readonly<Record<string, Cell>> | readonly Cell[]

/** All that turns a row into the graph's inputs; nothing in it is fitted. */
export const codecSchema = z
  .object({ codecVersion: z.literal(1), columns: z.array(columnCodecSchema).readonly() })
  .readonly()

export type Codec = z.infer<typeof codecSchema>

/** Whether a column outside the codec is an error or dropped. */
export type UnknownColumns = { readonly unknown: 'refuse' | 'ignore' }

/** Of an instance: its index, as in `predictions`. */
const placeOfRow: Place = (row) => `row ${row}`

/**
 * Rows -> one tensor [n, 1] per codec column, in its order. Throws UNKNOWN_COLUMN, MISSING_INPUT for rows of another table,
 * BAD_CELL, BAD_REQUEST.
 */
export const rowsToTensors = (codec: Codec, rows: readonly Row[], { unknown }: UnknownColumns): readonly Tensor[] => {
  const names = codec.columns.map((column) => column.name)
  const columns = cellsByColumn(names, rows, unknown)
  return codec.columns.map((column, place) => tensor(column, encodeColumn(column, columns[place]!)))
}

/** Whole columns by name -> one tensor [n, 1] per codec column. Throws UNKNOWN_COLUMN for an absent one, BAD_CELL. */
export const columnsToTensors = (
  codec: Codec,
  columns: Readonly<Record<string, Column>>,
  place: Place = placeOfRow,
): readonly Tensor[] =>
  codec.columns.map((column) => {
    const cells = Object.hasOwn(columns, column.name) ? columns[column.name] : undefined
    if (cells === undefined) {
      throw new PercallError(
        'UNKNOWN_COLUMN',
        `column ${column.name}: expected it in the table, got ${Object.keys(columns).join(', ')}`,
      )
    }
    return tensor(column, encodeColumn(column, cells, place))
  })

/** The cells of one column -> the data of its input [n, 1]. Missing: NaN, missingInt64 or ''. Throws BAD_CELL. */
export const encodeColumn = (column: ColumnCodec, cells: Column, place: Place = placeOfRow): TensorData => {
  const found = firstMisfit(column, cells)
  if ('row' in found) throw misfit(column, place(found.row), found.expected, found.got)
  return found.data
}

/** The data of a column, or the first cell that its codec does not read. */
export const firstMisfit = (
  column: ColumnCodec,
  cells: Column,
): { readonly data: TensorData } | { readonly row: number; readonly expected: string; readonly got: Cell } => {
  const length = columnLength(cells)
  const data = storage[column.datatype](length)
  // The reader of a datatype answers that datatype's element: see cellReader.
  const elements = data as { [row: number]: unknown }
  const read = cellReader(column)
  if ('kind' in cells && cells.kind === 'levels') {
    // Each distinct cell is read once; one that no row has left may be odd.
    const results = cells.levels.map(read)
    for (let row = 0; row < length; row++) {
      const result = results[cells.codes[row]!]
      if (typeof result === 'object') return { row, expected: result.expected, got: cells.levels[cells.codes[row]!] }
      elements[row] = result
    }
    return { data }
  }
  const cellAt = cellReaderOf(cells)
  // Not `from` with a function: that goes by an iterator.
  for (let row = 0; row < length; row++) {
    const cell = cellAt(row)
    const result = read(cell)
    if (typeof result === 'object') return { row, expected: result.expected, got: cell }
    elements[row] = result
  }
  return { data }
}

const storage = {
  BYTES: (length: number): string[] => new Array<string>(length).fill(''),
  INT64: (length: number) => new BigInt64Array(length),
  FP32: (length: number) => new Float32Array(length),
  FP64: (length: number) => new Float64Array(length),
}

const misfit = ({ name }: ColumnCodec, place: string, expected: string, cell: Cell): PercallError =>
  new PercallError('BAD_CELL', `${place}, column ${name}: expected ${expected}, got ${shown(cell)}`)

const tensor = (column: ColumnCodec, data: TensorData): Tensor => ({
  name: column.name,
  datatype: column.datatype,
  shape: [data.length, 1],
  data,
})

/** Where the cells of a row's keys go; -1 for a key that is ignored. Rows of one body mostly have the same keys. */
type Plan = { readonly keys: readonly string[]; readonly places: readonly number[]; readonly isKnown: boolean }

const planOf = (
  keys: readonly string[],
  names: readonly string[],
  index: number,
  unknown: UnknownColumns['unknown'],
): Plan => {
  const known = new Map(names.map((name, place) => [name, place]))
  const strangers = unknown === 'refuse' ? keys.filter((key) => !known.has(key)) : []
  if (strangers.length > 0) {
    throw new PercallError(
      'UNKNOWN_COLUMN',
      `row ${index}: expected ${names.join(', ')}, got ${strangers.join(', ')} as well`,
    )
  }
  return { keys, places: keys.map((key) => known.get(key) ?? -1), isKnown: keys.some((key) => known.has(key)) }
}

/** Such rows are of another table: the answer would be the same for each of them, and charged. */
const ofAnotherTable = (names: readonly string[], { keys }: Plan): PercallError =>
  new PercallError(
    'MISSING_INPUT',
    `rows: expected at least one of the columns ${names.join(', ')} in one of them, got ${keys.join(', ') || 'none'}; write null for a missing value`,
  )

const same = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The cells of each column; undefined where a row lacks it. Own members only: a column may be called `constructor`. */
const cellsByColumn = (
  names: readonly string[],
  rows: readonly Row[],
  unknown: UnknownColumns['unknown'],
): readonly (readonly Cell[])[] => {
  const columns = names.map(() => new Array<Cell>(rows.length).fill(undefined))
  let plan: Plan | undefined
  let isKnown = names.length === 0 || rows.length === 0
  for (let index = 0; index < rows.length; index++) {
    const row = checkRow(rows[index]!, index, names)
    if (isArray(row)) {
      isKnown = true
      for (let place = 0; place < names.length; place++) columns[place]![index] = row[place]
      continue
    }
    const keys = Object.keys(row)
    if (plan === undefined || !same(keys, plan.keys)) plan = planOf(keys, names, index, unknown)
    isKnown ||= plan.isKnown
    const cells = Object.values(row)
    for (let i = 0; i < cells.length; i++) {
      const place = plan.places[i]!
      if (place >= 0) columns[place]![index] = cells[i]
    }
  }
  if (!isKnown && plan) throw ofAnotherTable(names, plan)
  return columns
}

const checkRow = (row: Row, index: number, names: readonly string[]): Row => {
  if (row === null || typeof row !== 'object') {
    throw new PercallError(
      'BAD_REQUEST',
      `row ${index}: expected an object by column name or an array, got ${shown(row)}`,
    )
  }
  if (!isArray(row) || row.length === names.length) return row
  throw new PercallError(
    'BAD_REQUEST',
    `row ${index}: expected ${names.length} cells in the order ${names.join(', ')}, got ${row.length}`,
  )
}

const isArray = (row: Row): row is readonly Cell[] => Array.isArray(row)

const shownLength = 60
/** Does not walk into nested values: a body may nest a million deep. */
const shown = (cell: unknown): string => {
  if (Array.isArray(cell)) return 'an array'
  if (typeof cell === 'object' && cell !== null) return 'an object'
  return (JSON.stringify(cell) ?? String(cell)).slice(0, shownLength)
}
