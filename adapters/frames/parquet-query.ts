import type { DuckDBConnection } from '@duckdb/node-api'
import { checkNames } from '../../src/dataset/csv-header.ts'
import { PercallError } from '../../src/errors.ts'
import { quoteName, quoteText } from './duckdb.ts'

type Cast = (name: string) => string

const asText: Cast = (name) => `${name}::VARCHAR`
const asDouble: Cast = (name) => `${name}::DOUBLE`

/** Whole numbers of 64 bits; a double holds those to 2^53. */
const long = /^U?BIGINT$/

export type ParquetColumn = {
  readonly name: string
  /** What its cells are; `whole` ones may be too long for a double. */
  readonly as: 'boolean' | 'number' | 'whole' | 'date' | 'text'
  /** Selects it: a boolean, a double, or text, which a date is here too. */
  readonly sql: string
}

/**
 * Parquet's types as cells: booleans, numbers, or text that the codec reads (dates as ISO, whole numbers beyond 2^53 and
 * long decimals by their digits). A float32 becomes the double of its shortest decimal, so that 0.1 stays 0.1.
 */
const casts: readonly (readonly [RegExp, ParquetColumn['as'], Cast])[] = [
  [/^BOOLEAN$/, 'boolean', (name) => name],
  [/^(U?TINYINT|U?SMALLINT|U?INTEGER|DOUBLE)$/, 'number', asDouble],
  [/^FLOAT$/, 'number', (name) => `${name}::VARCHAR::DOUBLE`],
  // float64 holds 15 decimal digits.
  [/^DECIMAL\(([1-9]|1[0-5]),.*\)$/, 'number', asDouble],
  [long, 'whole', asText],
  [/^DATE$/, 'date', asText],
  [/^(U?HUGEINT|DECIMAL\(.*\)|VARCHAR|TIMESTAMP|UUID|TIME|ENUM\(.*\))$/, 'text', asText],
  [/^TIMESTAMP_(NS|MS|S)$/, 'text', (name) => `${name}::TIMESTAMP::VARCHAR`],
  [/^TIMESTAMP WITH TIME ZONE$/, 'text', (name) => `make_timestamp(epoch_us(${name}))::VARCHAR || 'Z'`],
]

const columnOf = (name: string, type: string): ParquetColumn => {
  const cast = casts.find(([pattern]) => pattern.test(type))
  if (cast) return { name, as: cast[1], sql: cast[2](quoteName(name)) }
  throw new PercallError('BAD_TABLE', `column ${name}: expected numbers, text, booleans or dates, got ${type}`)
}

/** How to read every column. Throws BAD_TABLE for columns of lists, structs, maps or bytes. */
export const parquetColumns = async (connection: DuckDBConnection, file: string) => {
  const source = `read_parquet(${quoteText(file)})`
  const described = await connection.run(`DESCRIBE SELECT * FROM ${source}`).catch((cause) => {
    throw parquetFault(cause)
  })
  // The first two columns of DESCRIBE: name and type.
  const types = (await described.getRowsJS()).map(([name, type]) => [String(name), String(type)] as const)
  checkNames(
    types.map(([name]) => name),
    'schema',
  )
  return { source, columns: types.map(([name, type]) => columnOf(name, type)) }
}

/** What reads every column as cells. Throws as parquetColumns. */
export const parquetQuery = async (connection: DuckDBConnection, file: string) => {
  const { source, columns } = await parquetColumns(connection, file)
  const select = columns.map(({ sql }) => sql).join(', ')
  return { names: columns.map(({ name }) => name), select: `SELECT ${select} FROM ${source}` }
}

export const parquetFault = (cause: unknown): unknown => {
  // A file that is too large for the function is no fault of its bytes.
  if (cause instanceof PercallError || /^Out of Memory/.test(String(cause).replace(/^Error: /, ''))) return cause
  // DuckDB's own text holds the path of the file on this machine.
  return new PercallError('BAD_TABLE', 'file: expected Parquet, got other or damaged bytes', { cause })
}
