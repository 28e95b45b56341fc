import { readFileSync } from 'node:fs'
import { delimiterOf } from '../src/dataset/csv-header.ts'
import { PercallError } from '../src/errors.ts'
import { Failure } from './failure.ts'

/** Cells as text; an empty cell is null, a missing value. */
export type CsvRow = Readonly<Record<string, string | null>>
export type CsvTable = {
  readonly columns: readonly string[]
  readonly rows: readonly CsvRow[]
  readonly delimiter: string
}

/** Reads a CSV file with a header; comma, semicolon, tab or bar, as training does. Throws BAD_TABLE with the line at fault. */
export const readCsv = async (path: string): Promise<CsvTable> => {
  const { CsvError, parse } = await import('csv-parse/sync')
  const text = readFileSync(path, 'utf8')
  try {
    const delimiter = delimiterOf(text)
    const lines: string[][] = parse(text, { bom: true, skip_empty_lines: true, delimiter })
    const [columns, ...cells] = lines
    if (!columns || cells.length === 0) throw badTable(path, 'expected a header and at least one row')
    const rows = cells.map((row) => Object.fromEntries(columns.map((name, k) => [name, row[k] || null])))
    return { columns, rows, delimiter }
  } catch (cause) {
    if (!(cause instanceof CsvError || cause instanceof PercallError)) throw cause
    throw badTable(path, cause.message, cause)
  }
}

const badTable = (path: string, message: string, cause?: unknown): Failure =>
  new Failure('BAD_TABLE', `${path}: ${message}`, 'send CSV with a header and the same number of cells in each row', {
    cause,
  })
