import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '../../src/dataset/column.ts'
import type { Cell } from '../../src/dataset/column-codec.ts'

/** What a query selects for a column, never null: a double, or a cell's number among `levels`. */
export type Selected =
  | { readonly kind: 'numbers'; readonly sql: string }
  | { readonly kind: 'levels'; readonly sql: string; readonly levels: readonly Cell[] }

/** Columns of one query, which is held as a whole: a file of columns is read by few at a time. */
const together = 8

/** The columns of a source, read as vectors: cell by cell takes more than twice as long. */
export const readColumns = async (
  connection: DuckDBConnection,
  source: string,
  rows: number,
  selected: readonly Selected[],
): Promise<readonly Column[]> => {
  const columns: Column[] = []
  for (let from = 0; from < selected.length; from += together)
    columns.push(...(await readTogether(connection, source, rows, selected.slice(from, from + together))))
  return columns
}

const readTogether = async (
  connection: DuckDBConnection,
  source: string,
  rows: number,
  selected: readonly Selected[],
): Promise<readonly Column[]> => {
  const arrays = selected.map(({ kind }) => (kind === 'numbers' ? new Float64Array(rows) : new Uint32Array(rows)))
  // Not connection.stream: @duckdb/node-api 1.5.6 ends a stream early, without an error, where a later chunk has one.
  const result = await connection.run(`SELECT ${selected.map(({ sql }) => sql).join(', ')} FROM ${source}`)
  let at = 0
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [place, array] of arrays.entries()) {
      // By `sql` a vector of doubles or of integers.
      const { items } = chunk.getColumnVector(place) as unknown as { readonly items: Float64Array | Int32Array }
      array.set(items.subarray(0, chunk.rowCount), at)
    }
    at += chunk.rowCount
  }
  return selected.map((one, place): Column => {
    const array = arrays[place] ?? new Float64Array(0)
    if (array instanceof Float64Array) return { kind: 'numbers', values: array }
    return { kind: 'levels', codes: array, levels: one.kind === 'levels' ? one.levels : [] }
  })
}
