import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { Column } from '../../src/dataset/column.ts'
import type { Cell } from '../../src/dataset/column-codec.ts'

/** What a query selects for a column: a double, a cell's number among `levels` (never null), or a date. */
export type Selected =
  | { readonly kind: 'numbers'; readonly sql: string }
  | { readonly kind: 'levels'; readonly sql: string; readonly levels: readonly Cell[] }
  | {
      readonly kind: 'days'
      readonly sql: string
      readonly levels: readonly Cell[]
      /** A date's days since 1970 -> its number among `levels`, whose first is the missing cell. */
      readonly numbers: ReadonlyMap<number, number>
    }

/** A column by its place among the columns of the file. */
export type Wanted = { readonly place: number; readonly select: () => Promise<Selected> }

/** Columns of one query, which is held as a whole: a file of columns is read by few at a time. */
const together = 8

/**
 * The columns of a source, read as vectors: cell by cell takes more than twice as long. Those come first that need
 * no query to be selected: DuckDB selects and reads the next ones while those before are taken over, so that two queries
 * are held at most.
 */
export const readColumns = async (
  connection: DuckDBConnection,
  source: string,
  rows: number,
  wanted: readonly Wanted[],
): Promise<readonly Column[]> => {
  // Not connection.stream: @duckdb/node-api 1.5.6 ends a stream early, without an error, where a later chunk has one.
  const begin = async (from: number) => {
    const selected: Selected[] = []
    for (const { select } of wanted.slice(from, from + together)) selected.push(await select())
    const result = await connection.run(`SELECT ${selected.map(({ sql }) => sql).join(', ')} FROM ${source}`)
    return { selected, result }
  }
  const columns: Column[] = []
  let next = begin(0)
  for (let from = 0; from < wanted.length; from += together) {
    const { selected, result } = await next
    if (from + together < wanted.length) next = awaitedLater(begin(from + together))
    const read = await columnsOf(result, rows, selected)
    for (const [at, { place }] of wanted.slice(from, from + together).entries()) {
      const column = read[at]
      if (column) columns[place] = column
    }
  }
  return columns
}

/** Whoever awaits it meets its fault; where an earlier one has ended the work nobody does. */
const awaitedLater = <Value>(value: Promise<Value>): Promise<Value> => {
  value.catch(() => undefined)
  return value
}

const columnsOf = async (
  result: DuckDBResult,
  rows: number,
  selected: readonly Selected[],
): Promise<readonly Column[]> => {
  const fills = selected.map((one) => fillOf(one, rows))
  let at = 0
  let next = result.fetchChunk()
  for (let chunk = await next; chunk && chunk.rowCount > 0; chunk = await next) {
    next = awaitedLater(result.fetchChunk())
    for (const [place, { fill }] of fills.entries())
      fill(chunk.getColumnVector(place) as unknown as Vector, at, chunk.rowCount)
    at += chunk.rowCount
  }
  return fills.map(({ column }) => column)
}

/** By `sql` a vector of doubles or of integers; an item that is not valid is a null. */
type Vector = {
  readonly items: Float64Array | Int32Array
  readonly validity: { readonly itemValid: (place: number) => boolean }
}

/** A column, and what takes over `count` items of a vector from row `at` on. */
type Fill = {
  readonly column: Column
  readonly fill: (vector: Vector, at: number, count: number) => void
}

// Nulls and -0, which the codec reads as 0, are told here: SQL's coalesce takes as long as reading the column.
const fillOf = (one: Selected, rows: number): Fill => {
  if (one.kind === 'numbers') {
    const values = new Float64Array(rows)
    const fill: Fill['fill'] = ({ items, validity }, at, count) => {
      for (let i = 0; i < count; i++) values[at + i] = validity.itemValid(i) ? (items[i] ?? 0) + 0 : Number.NaN
    }
    return { column: { kind: 'numbers', values }, fill }
  }
  const codes = new Uint32Array(rows)
  const column: Column = { kind: 'levels', codes, levels: one.levels }
  if (one.kind === 'levels') return { column, fill: ({ items }, at, count) => codes.set(items.subarray(0, count), at) }
  const { numbers } = one
  const fill: Fill['fill'] = ({ items, validity }, at, count) => {
    for (let i = 0; i < count; i++) codes[at + i] = validity.itemValid(i) ? (numbers.get(items[i] ?? 0) ?? 0) : 0
  }
  return { column, fill }
}
