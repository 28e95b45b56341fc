import * as z from 'zod'
import { PercallError } from '../errors.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import { cellReader } from './cell-reader.ts'

export type { Cell, ColumnCodec, ColumnKind } from './column-codec.ts'
export { missingInt64 } from './column-codec.ts'

import { type Cell, type ColumnCodec, columnCodecSchema } from './column-codec.ts'

/** An instance: an object by column name, or an array in the codec's column order. */
export type Row = Readonly<Record<string, Cell>> | readonly Cell[]

/** All that turns a row into the graph's inputs; nothing in it is fitted. */
export const codecSchema = z
  .object({ codecVersion: z.literal(1), columns: z.array(columnCodecSchema).readonly() })
  .readonly()

export type Codec = z.infer<typeof codecSchema>

/** Whether a column outside the codec is an error or dropped. */
export type UnknownColumns = { readonly unknown: 'refuse' | 'ignore' }

/** Rows -> one tensor [n, 1] per codec column, in its order. Throws UNKNOWN_COLUMN, BAD_CELL, BAD_REQUEST. */
export const rowsToTensors = (codec: Codec, rows: readonly Row[], { unknown }: UnknownColumns): readonly Tensor[] => {
  const names = new Set(codec.columns.map((column) => column.name))
  rows.forEach((row, index) => {
    checkRow(row, index, names, unknown)
  })
  return codec.columns.map((column, place) =>
    tensor(
      column,
      encodeColumn(
        column,
        rows.map((row) => (isArray(row) ? row[place] : own(row, column.name))),
      ),
    ),
  )
}

/** Whole columns by name -> one tensor [n, 1] per codec column. Throws UNKNOWN_COLUMN for an absent one, BAD_CELL. */
export const columnsToTensors = (codec: Codec, columns: Readonly<Record<string, readonly Cell[]>>): readonly Tensor[] =>
  codec.columns.map((column) => {
    const cells = Object.hasOwn(columns, column.name) ? columns[column.name] : undefined
    if (cells === undefined) {
      throw new PercallError(
        'UNKNOWN_COLUMN',
        `column ${column.name}: expected it in the table, got ${Object.keys(columns).join(', ')}`,
      )
    }
    return tensor(column, encodeColumn(column, cells))
  })

/** The cells of one column -> the data of its input [n, 1]. Missing: NaN, missingInt64 or ''. Throws BAD_CELL. */
export const encodeColumn = (column: ColumnCodec, cells: readonly Cell[]): TensorData => {
  const read = cellReader(column)
  const value = (cell: Cell, row: number): number | bigint | string => {
    const result = read(cell)
    if (typeof result === 'object') {
      throw new PercallError(
        'BAD_CELL',
        `row ${row}, column ${column.name}: expected ${result.expected}, got ${shown(cell)}`,
      )
    }
    return result
  }
  // The reader of a datatype answers that datatype's element: see cellReader.
  switch (column.datatype) {
    case 'BYTES':
      return cells.map((cell, row) => value(cell, row) as string)
    case 'INT64':
      return BigInt64Array.from(cells, (cell, row) => value(cell, row) as bigint)
    case 'FP32':
      return Float32Array.from(cells, (cell, row) => value(cell, row) as number)
    case 'FP64':
      return Float64Array.from(cells, (cell, row) => value(cell, row) as number)
  }
}

const tensor = (column: ColumnCodec, data: TensorData): Tensor => ({
  name: column.name,
  datatype: column.datatype,
  shape: [data.length, 1],
  data,
})

const checkRow = (row: Row, index: number, names: ReadonlySet<string>, unknown: UnknownColumns['unknown']): void => {
  if (isArray(row)) {
    if (row.length === names.size) return
    throw new PercallError(
      'BAD_REQUEST',
      `row ${index}: expected ${names.size} cells in the order ${[...names].join(', ')}, got ${row.length}`,
    )
  }
  if (row === null || typeof row !== 'object') {
    throw new PercallError(
      'BAD_REQUEST',
      `row ${index}: expected an object by column name or an array, got ${shown(row)}`,
    )
  }
  if (unknown === 'ignore') return
  const strangers = Object.keys(row).filter((name) => !names.has(name))
  if (strangers.length > 0) {
    throw new PercallError(
      'UNKNOWN_COLUMN',
      `row ${index}: expected ${[...names].join(', ')}, got ${strangers.join(', ')} as well`,
    )
  }
}

const isArray = (row: Row): row is readonly Cell[] => Array.isArray(row)

/** Own members only, so that a column named `constructor` is missing where it is absent. */
const own = (row: Readonly<Record<string, Cell>>, name: string): Cell =>
  Object.hasOwn(row, name) ? row[name] : undefined

const shownLength = 60
/** Does not walk into nested values: a body may nest a million deep. */
const shown = (cell: unknown): string => {
  if (Array.isArray(cell)) return 'an array'
  if (typeof cell === 'object' && cell !== null) return 'an object'
  return (JSON.stringify(cell) ?? String(cell)).slice(0, shownLength)
}
