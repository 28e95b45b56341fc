import type { DuckDBConnection } from '@duckdb/node-api'
import type { Cell } from '../../src/dataset/column-codec.ts'
import type { Table } from '../../src/dataset/profile.ts'
import { PercallError } from '../../src/errors.ts'
import { readColumns, type Selected } from './columns.ts'
import { type Machine, quoteName } from './duckdb.ts'
import { type ParquetColumn, parquetColumns, parquetFault } from './parquet-query.ts'

const missingNumber = "'nan'::DOUBLE"

/** Distinct texts as an enumeration of DuckDB's, whose numbers are read instead of the texts. */
const selectText = async (
  connection: DuckDBConnection,
  source: string,
  place: number,
  { sql }: ParquetColumn,
): Promise<Selected> => {
  const type = `texts_${place}`
  const texts = `SELECT DISTINCT ${sql} AS text FROM ${source}`
  await connection.run(`CREATE TYPE ${type} AS ENUM (SELECT text FROM (${texts}) WHERE text IS NOT NULL)`)
  const listed = await connection.run(`SELECT unnest(enum_range(NULL::${type}))::VARCHAR`)
  const levels: Cell[] = [null]
  for (let chunk = await listed.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await listed.fetchChunk())
    for (const text of chunk.getColumnVector(0).toArray()) levels.push(String(text))
  return { kind: 'levels', sql: `coalesce(enum_code((${sql})::${type})::INTEGER + 1, 0)`, levels }
}

/** Dates are told apart by their days: to spell each row's takes several times as long. */
const selectDays = async (connection: DuckDBConnection, source: string, { sql, name }: ParquetColumn) => {
  const days = quoteName(name)
  const listed = await connection.run(`SELECT DISTINCT ${days}, ${sql} FROM ${source} WHERE ${days} IS NOT NULL`)
  const levels: Cell[] = [null]
  const numbers = new Map<number, number>()
  for (let chunk = await listed.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await listed.fetchChunk()) {
    const { items } = chunk.getColumnVector(0) as unknown as { readonly items: Int32Array }
    for (const [place, text] of chunk.getColumnVector(1).toArray().entries()) {
      numbers.set(items[place] ?? 0, levels.length)
      levels.push(String(text))
    }
  }
  return { kind: 'days', sql: days, levels, numbers } as const
}

/** Whether a column's distinct cells are listed by a query before it is read. */
const isListed = ({ as }: ParquetColumn, { isLong, isEmpty }: Measured): boolean =>
  !isEmpty && (as === 'text' || as === 'date' || isLong)

const select = async (
  connection: DuckDBConnection,
  source: string,
  place: number,
  column: ParquetColumn,
  { isLong, isEmpty }: Measured,
): Promise<Selected> => {
  const { as, sql, name } = column
  if (isEmpty) return { kind: 'numbers', sql: missingNumber }
  if (as === 'boolean')
    return {
      kind: 'levels',
      sql: `CASE WHEN ${sql} THEN 2 WHEN NOT ${sql} THEN 1 ELSE 0 END`,
      levels: [null, false, true],
    }
  if (as === 'date') return selectDays(connection, source, column)
  if (as === 'text' || isLong) return selectText(connection, source, place, column)
  return { kind: 'numbers', sql: as === 'whole' ? `${quoteName(name)}::DOUBLE` : sql }
}

/** Whether a column has whole numbers that a double does not hold, and whether all its cells are missing. */
type Measured = { readonly isLong: boolean; readonly isEmpty: boolean }

// By the least and largest, which the file's own statistics tell; each alone, because UBIGINT has no negative numbers.
const beyondDoubles = (name: string): string =>
  `coalesce(max(${name}) > ${Number.MAX_SAFE_INTEGER} OR min(${name})::HUGEINT < ${-Number.MAX_SAFE_INTEGER}, false)`

const measure = async (connection: DuckDBConnection, source: string, columns: readonly ParquetColumn[]) => {
  const facts = columns.flatMap(({ as, name }) => [
    as === 'whole' ? beyondDoubles(quoteName(name)) : 'false',
    `count(${quoteName(name)}) = 0`,
  ])
  const [row = []] = await (await connection.run(`SELECT count(*), ${facts.join(', ')} FROM ${source}`)).getRows()
  const measured = columns.map((_, place): Measured => {
    const [isLong, isEmpty] = row.slice(1 + 2 * place, 3 + 2 * place)
    return { isLong: isLong === true, isEmpty: isEmpty === true }
  })
  return { rows: Number(row[0]), measured }
}

/**
 * What typed columns may take of a function's memory: while they are read, the results that they are taken from and
 * DuckDB's own memory come to 2.6 times as much again (1.5M rows x 16 numbers).
 */
const shareOfMemory = 0.27
const bytesPerMb = 1024 * 1024
const bytesPerCell = 8

/**
 * Throws BAD_TABLE for bytes that are no Parquet and for columns of lists, structs, maps or bytes; TOO_LARGE where its
 * columns do not fit in memory: unlike CSV they do not go to disk.
 */
export const readParquet = async (
  connection: DuckDBConnection,
  file: string,
  { memoryMb }: Pick<Machine, 'memoryMb'>,
): Promise<Table> => {
  const { source, columns } = await parquetColumns(connection, file)
  try {
    const { rows, measured } = await measure(connection, source, columns)
    const neededMb = Math.ceil((rows * columns.length * bytesPerCell) / bytesPerMb)
    if (neededMb > memoryMb * shareOfMemory)
      throw new PercallError(
        'TOO_LARGE',
        `file: expected columns of at most ${Math.floor(memoryMb * shareOfMemory)} MB in memory, got ${rows} rows of ${columns.length} columns, ${neededMb} MB; train on fewer columns, or on another engine`,
      )
    const wanted = columns
      .map((column, place) => {
        const facts = measured[place] ?? { isLong: false, isEmpty: true }
        return {
          place,
          isListed: isListed(column, facts),
          select: () => select(connection, source, place, column, facts),
        }
      })
      .sort((a, b) => Number(a.isListed) - Number(b.isListed))
    return {
      names: columns.map(({ name }) => name),
      rows,
      columns: await readColumns(connection, source, rows, wanted),
    }
  } catch (cause) {
    throw parquetFault(cause)
  }
}
