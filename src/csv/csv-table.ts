import { checkNames, delimiterOf } from '../dataset/csv-header.ts'
import { PercallError } from '../errors.ts'
import { type CsvRecord, csvRecords } from './csv-records.ts'

/** A CSV text as columns of cells, and its own words for the way back. */
export type CsvTable = {
  readonly names: readonly string[]
  /** Cells of each column, in the order of `names`. */
  readonly columns: readonly (readonly string[])[]
  /** The text of each record, the header's first, as it came. */
  readonly lines: readonly string[]
  /** In which line of the text each row begins, from 1: a quoted cell may have several, and empty ones are no row. */
  readonly lineNumbers: readonly number[]
  readonly delimiter: ',' | ';' | '\t' | '|'
  readonly lineBreak: string
  /** What stood before the header: a byte order mark, or nothing. */
  readonly prefix: string
  /** Whether a line break ends the last line. */
  readonly closed: boolean
}

// A compressed body is 32 MiB of text at most; what it becomes in memory is bounded here.
const mostRows = 250_000
const mostCells = 5_000_000

const requireAtMost = (most: number, what: string, got: number): void => {
  if (got > most) throw new PercallError('TOO_LARGE', `csv: expected at most ${most} ${what}, got ${got} or more`)
}

/** Throws BAD_TABLE for a record with more or fewer cells than the header. */
export const requireWidth = ({ line, cells }: CsvRecord, width: number): void => {
  if (cells.length !== width)
    throw new PercallError('BAD_TABLE', `line ${line}: expected ${width} cells as in the header, got ${cells.length}`)
}

const byteOrderMark = '\uFEFF'

/**
 * Reads CSV with a header; comma, semicolon, tab or bar. Throws BAD_TABLE: no header, no name, a name twice, no row, a row
 * with more or fewer cells than the header, a quote that is not closed. Throws TOO_LARGE beyond its bounds.
 */
export const readCsvTable = (text: string): CsvTable => {
  const prefix = text.startsWith(byteOrderMark) ? byteOrderMark : ''
  const delimiter = delimiterOf(text)
  const records = csvRecords(text, delimiter, prefix.length)
  const header = records.next().value
  if (!header) throw new PercallError('BAD_TABLE', 'line 1: expected the names of the columns, got none')
  const names = header.cells.map((name) => name.trim())
  checkNames(names, `line ${header.line}`)
  const columns = names.map((): string[] => [])
  const lines = [text.slice(header.from, header.to)]
  const lineNumbers: number[] = []
  for (const record of records) {
    requireWidth(record, names.length)
    requireAtMost(mostRows, 'rows', lines.length)
    requireAtMost(mostCells, 'cells', lines.length * names.length)
    record.cells.forEach((cell, i) => {
      columns[i]!.push(cell)
    })
    lines.push(text.slice(record.from, record.to))
    lineNumbers.push(record.line)
  }
  if (lines.length === 1)
    throw new PercallError('BAD_TABLE', 'csv: expected at least one row behind the header, got none')
  const lineBreak = /\r\n|\r|\n/.exec(text.slice(header.to))?.[0] ?? '\n'
  return { names, columns, lines, lineNumbers, delimiter, lineBreak, prefix, closed: /[\r\n]$/.test(text) }
}
