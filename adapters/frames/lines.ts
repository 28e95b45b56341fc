import { createReadStream } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { PercallError } from '../../src/errors.ts'
import { csvFault, csvQuery } from './csv-query.ts'
import { type Machine, withDuckDb } from './duckdb.ts'
import { parquetFault, parquetQuery } from './parquet-query.ts'

/** A table's rows one by one, each a JSON array of its cells in column order; a table of any length takes little memory. */
export type TableLines = { readonly columns: readonly string[]; readonly lines: AsyncIterable<string> }

type Query = { readonly names: readonly string[]; readonly select: string; readonly fault: (cause: unknown) => unknown }

/** Reads every cell once and keeps none. -> how many rows there are. Throws what any row is refused for. */
const countRows = async (connection: DuckDBConnection, { select, fault }: Query): Promise<bigint> => {
  try {
    const counted = await connection.run(`SELECT count(*), count(COLUMNS(*)) FROM (${select})`)
    const [row = []] = await counted.getRows()
    return row[0] as bigint // count(*) is a BIGINT
  } catch (cause) {
    throw fault(cause)
  }
}

/**
 * A stream holds a few chunks, where `run` would hold all of a result; but it ends early, without an error, where a row is at
 * fault (columns.ts). So every row is read once before, and counted here.
 */
async function* rowsOf(connection: DuckDBConnection, query: Query): AsyncGenerator<string> {
  const expected = await countRows(connection, query)
  const result = await connection.stream(query.select)
  let count = 0n
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const columns = query.names.map((_, place) => chunk?.getColumnVector(place).toArray() ?? [])
    for (let row = 0; row < chunk.rowCount; row++) yield JSON.stringify(columns.map((column) => column[row] ?? null))
    count += BigInt(chunk.rowCount)
  }
  if (count !== expected) throw new Error(`table: expected ${expected} rows of a stream, it ended after ${count}`)
}

const queryOf = async (connection: DuckDBConnection, file: string, format: 'csv' | 'parquet'): Promise<Query> => {
  if (format === 'parquet') return { ...(await parquetQuery(connection, file)), fault: parquetFault }
  const { names, select } = await csvQuery(file)
  return { names, select, fault: (cause) => csvFault(names, cause) }
}

/** The rows of a CSV or Parquet file, for as long as `use` runs. Throws BAD_TABLE that names line and column. */
export const withTableLines =
  (machine: Machine) =>
  <Value>(file: string, format: 'csv' | 'parquet', use: (table: TableLines) => Promise<Value>): Promise<Value> =>
    withDuckDb(file, machine, async (connection) => {
      const query = await queryOf(connection, file, format)
      return use({ columns: query.names, lines: rowsOf(connection, query) })
    })

/** The lines of a UTF-8 file, blank ones left out. Throws BAD_TABLE for other bytes and for a line over `mostBytes`. */
export async function* textLines(file: string, mostBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let number = 0
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch (cause) {
      throw new PercallError('BAD_TABLE', `after line ${number}: expected UTF-8, got other bytes`, { cause })
    }
  }
  for await (const chunk of createReadStream(file)) {
    const parts = (rest + decode(chunk)).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      number += 1
      if (line.trim() !== '') yield line
    }
    if (rest.length > mostBytes)
      throw new PercallError('BAD_TABLE', `line ${number + 1}: expected at most ${mostBytes} bytes, got a longer one`)
  }
  const last = rest + decode()
  if (last.trim() !== '') yield last
}
