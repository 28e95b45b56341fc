import { type Column, columnLength } from './column.ts'
import type { Place } from './infer-kind.ts'

/** A file as read: names and columns, all of one length. */
export type Table = {
  readonly names: readonly string[]
  readonly columns: readonly Column[]
  /** Where telling it from a column would cost reading one. */
  readonly rows?: number
  /** The line of row 0 in a file with one line a row. */
  readonly firstLine?: number
  /** Of a CSV file. */
  readonly delimiter?: string
}

/** How many rows a table has. */
export const rowCount = ({ rows, columns }: Table): number => rows ?? (columns[0] ? columnLength(columns[0]) : 0)

/** A row's place in a message. */
export const rowPlace =
  ({ firstLine }: Table): Place =>
  (row) =>
    firstLine === undefined ? `row ${row}` : `line ${firstLine + row}`
