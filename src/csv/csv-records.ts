import { PercallError } from '../errors.ts'

/** One record: its cells unquoted, and where its own text lies, without the line break. */
export type CsvRecord = {
  readonly cells: readonly string[]
  readonly from: number
  readonly to: number
  /** Line of the text where it begins, from 1. */
  readonly line: number
}

type Found = CsvRecord & { readonly next: number; readonly lineBreaks: number }

/** A text of one line and 30 MB would be millions of cells. */
const mostColumns = 10_000

const requireColumns = (line: number, cells: readonly string[]): void => {
  if (cells.length > mostColumns)
    throw new PercallError('TOO_LARGE', `line ${line}: expected at most ${mostColumns} cells, got more`)
}

/** The first line break from a place on: LF, CRLF or CR. Ask in ascending order. */
const lineEnds = (text: string): ((from: number) => number) => {
  // Kept: a text with lines of CR would be searched to its end for an LF once a line.
  let feed = -1
  return (from) => {
    if (feed < from) {
      const found = text.indexOf('\n', from)
      feed = found < 0 ? text.length : found
    }
    const carriage = text.slice(from, feed).indexOf('\r')
    return carriage < 0 ? feed : from + carriage
  }
}

const afterBreak = (text: string, at: number): number => (text.startsWith('\r\n', at) ? at + 2 : at + 1)

const lineBreaks = /\r\n|\r|\n/g

/** The end of a quoted cell that opens at `from`: behind its closing quote. A doubled quote is one of its characters. */
const closingQuote = (text: string, from: number, line: number): number => {
  for (let at = from + 1; ; at += 2) {
    at = text.indexOf('"', at)
    if (at < 0) throw new PercallError('BAD_TABLE', `line ${line}: expected a closing quote, got the end of the text`)
    if (text[at + 1] !== '"') return at + 1
  }
}

const refuseBehindQuote = (line: number, cell: number, got: string): PercallError =>
  new PercallError(
    'BAD_TABLE',
    `line ${line}, cell ${cell}: expected a delimiter or the end of the line behind the closing quote, got ${JSON.stringify(got)}`,
  )

const quotedRecord = (text: string, from: number, line: number, delimiter: string, cellEnd: RegExp): Found => {
  const cells: string[] = []
  for (let at = from; ; ) {
    const quoted = text[at] === '"'
    cellEnd.lastIndex = at
    const to = quoted ? closingQuote(text, at, line) : (cellEnd.exec(text)?.index ?? text.length)
    cells.push(quoted ? text.slice(at + 1, to - 1).replaceAll('""', '"') : text.slice(at, to))
    requireColumns(line, cells)
    const behind = text[to]
    if (behind === delimiter) {
      at = to + 1
      continue
    }
    if (behind !== undefined && behind !== '\n' && behind !== '\r') throw refuseBehindQuote(line, cells.length, behind)
    const inside = text.slice(from, to).match(lineBreaks)?.length ?? 0
    return { cells, from, to, line, next: afterBreak(text, to), lineBreaks: inside + 1 }
  }
}

/**
 * The records of a CSV text one by one, read as they are asked for. RFC 4180, with LF and CR besides CRLF, and any
 * delimiter; empty lines are left out; a quote inside a cell that does not begin with one is a character like any other.
 * Throws BAD_TABLE for a quote that is not closed, or that more text follows; TOO_LARGE beyond 10,000 cells.
 */
export function* csvRecords(text: string, delimiter: ',' | ';' | '\t' | '|', start = 0): Generator<CsvRecord, void> {
  const cellEnd = new RegExp(`[${delimiter}\r\n]`, 'g')
  const lineEnd = lineEnds(text)
  let line = 1
  for (let from = start; from < text.length; ) {
    const to = lineEnd(from)
    const plain = text.slice(from, to)
    // Most lines have no quote, and split is the fastest there.
    const record: Found = plain.includes('"')
      ? quotedRecord(text, from, line, delimiter, cellEnd)
      : { cells: plain.split(delimiter, mostColumns + 1), from, to, line, next: afterBreak(text, to), lineBreaks: 1 }
    requireColumns(line, record.cells)
    if (record.to > record.from) yield record
    from = record.next
    line += record.lineBreaks
  }
}
