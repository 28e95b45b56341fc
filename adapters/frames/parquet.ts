import type { DuckDBConnection } from '@duckdb/node-api'
import { checkNames } from '../../src/dataset/csv-header.ts'
import type { Table } from '../../src/dataset/profile.ts'
import { PercallError } from '../../src/errors.ts'
import { readColumns } from './columns.ts'
import { quoteName, quoteText } from './duckdb.ts'

type Cast = (name: string) => string

const asText: Cast = (name) => `${name}::VARCHAR`
const asDouble: Cast = (name) => `${name}::DOUBLE`

/**
 * Parquet's types as cells: booleans, numbers, or text that the codec reads (dates as ISO, whole numbers beyond 2^53 and
 * decimals by their digits). A float32 becomes the double of its shortest decimal, so that 0.1 stays 0.1.
 */
const casts: readonly (readonly [RegExp, Cast])[] = [
  [/^BOOLEAN$/, (name) => name],
  [/^(U?TINYINT|U?SMALLINT|U?INTEGER|DOUBLE)$/, asDouble],
  [/^FLOAT$/, (name) => `${name}::VARCHAR::DOUBLE`],
  [/^(U?BIGINT|U?HUGEINT|DECIMAL\(.*\)|VARCHAR|DATE|TIMESTAMP|UUID|TIME|ENUM\(.*\))$/, asText],
  [/^TIMESTAMP_(NS|MS|S)$/, (name) => `${name}::TIMESTAMP::VARCHAR`],
  [/^TIMESTAMP WITH TIME ZONE$/, (name) => `make_timestamp(epoch_us(${name}))::VARCHAR || 'Z'`],
]

const castOf = (name: string, type: string): string => {
  const cast = casts.find(([pattern]) => pattern.test(type))?.[1]
  if (cast) return cast(quoteName(name))
  throw new PercallError('BAD_TABLE', `column ${name}: expected numbers, text, booleans or dates, got ${type}`)
}

/** What reads every column as cells. Throws BAD_TABLE for columns of lists, structs, maps or bytes. */
export const parquetQuery = async (connection: DuckDBConnection, file: string) => {
  const source = `read_parquet(${quoteText(file)})`
  const described = await connection.run(`DESCRIBE SELECT * FROM ${source}`).catch((cause) => {
    throw parquetFault(cause)
  })
  // The first two columns of DESCRIBE: name and type.
  const columns = (await described.getRowsJS()).map(([name, type]) => [String(name), String(type)] as const)
  const names = columns.map(([name]) => name)
  checkNames(names, 'schema')
  const select = columns.map(([name, type]) => castOf(name, type)).join(', ')
  return { names, select: `SELECT ${select} FROM ${source}` }
}

/** Throws BAD_TABLE for bytes that are no Parquet and for columns of lists, structs, maps or bytes. */
export const readParquet = async (connection: DuckDBConnection, file: string): Promise<Table> => {
  const { names, select } = await parquetQuery(connection, file)
  try {
    return { names, columns: await readColumns(connection, select) }
  } catch (cause) {
    throw parquetFault(cause)
  }
}

export const parquetFault = (cause: unknown): unknown => {
  // A file that is too large for the function is no fault of its bytes.
  if (cause instanceof PercallError || /^Out of Memory/.test(String(cause).replace(/^Error: /, ''))) return cause
  // DuckDB's own text holds the path of the file on this machine.
  return new PercallError('BAD_TABLE', 'file: expected Parquet, got other or damaged bytes', { cause })
}
