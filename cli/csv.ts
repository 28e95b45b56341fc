import { csvRecords } from '../src/csv/csv-records.ts'
import { requireWidth } from '../src/csv/csv-table.ts'
import { checkNames, delimiterOf } from '../src/dataset/csv-header.ts'
import { PercallError } from '../src/errors.ts'
import { Failure } from './failure.ts'
import { readText } from './utf8-text.ts'

/** Cells as text; an empty cell is null, a missing value. */
export type CsvRow = Readonly<Record<string, string | null>>
export type CsvTable = {
  readonly columns: readonly string[]
  readonly rows: readonly CsvRow[]
  readonly delimiter: string
}

const byteOrderMark = '\uFEFF'

const tableOf = (text: string): CsvTable => {
  const delimiter = delimiterOf(text)
  const [header, ...records] = csvRecords(text, delimiter, text.startsWith(byteOrderMark) ? 1 : 0)
  if (!header || records.length === 0)
    throw new PercallError('BAD_TABLE', 'expected a header and at least one row, got no row')
  const columns = header.cells.map((name) => name.trim())
  checkNames(columns, `line ${header.line}`)
  const rows = records.map((record) => {
    requireWidth(record, columns.length)
    return Object.fromEntries(columns.map((name, place) => [name, record.cells[place] || null]))
  })
  return { columns, rows, delimiter }
}

/** Reads a CSV file with a header; comma, semicolon, tab or bar, as training does. Throws BAD_TABLE with the line at fault. */
export const readCsv = (path: string): CsvTable => {
  const text = readText(path)
  try {
    return tableOf(text)
  } catch (cause) {
    if (!(cause instanceof PercallError)) throw cause
    const hint =
      'send CSV with a header and the same number of cells in each row; a cell with quotes in it is quoted, each of them doubled'
    throw new Failure(cause.code, `${path}: ${cause.message}`, hint, { cause })
  }
}
