import { PercallError } from '../../errors.ts'
import { addCell, type ColumnBuilder, enlargeColumn, newColumnBuilder } from './column-builder.ts'
import type { CheckText } from './dictionary.ts'
import { cellEnds, findRecord, newRecordCells, unfinished } from './record-cells.ts'

export type CsvScan = {
  /** Takes the next bytes of the file. */
  readonly add: (bytes: Uint8Array) => void
  /** Takes the end of the file. */
  readonly end: () => void
  readonly builders: readonly ColumnBuilder[]
  /** How many rows the builders hold. */
  readonly held: () => number
  /** Whether row 0 is in line 2 and every other one in a line of its own behind it. */
  readonly isRegular: () => boolean
  /** Lets go of the rows that the builders hold, but not of the texts. */
  readonly release: () => void
}

type Options = {
  readonly names: readonly string[]
  readonly delimiter: string
  /** Columns that are not to be read as numbers. */
  readonly asText: ReadonlySet<number>
  /** How many rows to make room for at first. */
  readonly expectedRows?: number
}

/** What a record may take; an open quote would else swallow the rest of a file. */
const mostRecordBytes = 64 * 1024 * 1024
const byteOrderMark = [0xef, 0xbb, 0xbf]
const firstRows = 64

const joined = (rest: Uint8Array, bytes: Uint8Array): Uint8Array => {
  // A plain array always: code for Buffers as well would be slower for both.
  if (rest.length === 0) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const whole = new Uint8Array(rest.length + bytes.length)
  whole.set(rest)
  whole.set(bytes, rest.length)
  return whole
}

/** Undoubles the quotes of a cell. */
const undoubled = (bytes: Uint8Array, from: number, to: number): Uint8Array => {
  const text = new Uint8Array(to - from)
  let length = 0
  for (let at = from; at < to; at++) {
    text[length++] = bytes[at]!
    if (bytes[at] === 34) at += 1
  }
  return text.subarray(0, length)
}

/**
 * Reads CSV in UTF-8 piece by piece into typed columns: numbers as float64, text by number into the distinct ones. The
 * header is skipped: its names are given. Throws BAD_TABLE that names the line, and the column where there is one.
 */
export const scanCsv = ({ names, delimiter, asText, expectedRows = firstRows }: Options): CsvScan => {
  const width = names.length
  const separator = delimiter.charCodeAt(0)
  const ends = cellEnds(separator)
  const builders = names.map((_, place) => newColumnBuilder(asText.has(place)))
  const cells = newRecordCells(width)
  const strict = new TextDecoder('utf-8', { fatal: true })
  let rest: Uint8Array = new Uint8Array(0)
  let room = 0
  let held = 0
  let line = 1
  let isHeader = true
  let regular = true

  const enlarge = (rows: number): void => {
    room = rows
    for (const builder of builders) enlargeColumn(builder, rows)
  }

  const refuseWidth = (): PercallError => {
    const first = cells.count < width ? `, from column ${names[cells.count]} on` : ''
    return new PercallError('BAD_TABLE', `line ${line}: expected ${width} cells, got ${cells.count}${first}`)
  }

  // The column at which addRecord is.
  let place = 0

  const requireUtf8: CheckText = (bytes, from, to) => {
    try {
      strict.decode(bytes.subarray(from, to))
    } catch {
      throw new PercallError('BAD_TABLE', `line ${line}: expected UTF-8, got other bytes in column ${names[place]}`)
    }
  }

  const addRecord = (bytes: Uint8Array): void => {
    if (cells.count !== width) throw refuseWidth()
    if (held === room) enlarge(Math.max(expectedRows, 2 * room))
    for (place = 0; place < width; place++) {
      const from = cells.from[place]!
      const to = cells.to[place]!
      if (cells.quotes[place] !== 2) addCell(builders[place]!, held, bytes, from, to, requireUtf8)
      else {
        const text = undoubled(bytes, from, to)
        addCell(builders[place]!, held, text, 0, text.length, requireUtf8)
      }
    }
    held += 1
  }

  const scan = (bytes: Uint8Array, last: boolean): void => {
    let at = isHeader && byteOrderMark.every((byte, i) => bytes[i] === byte) ? byteOrderMark.length : 0
    while (at < bytes.length) {
      const next = findRecord(cells, bytes, at, separator, ends, last, line)
      if (next === unfinished) break
      const isBlank = cells.count === 1 && cells.quotes[0] === 0 && cells.to[0] === at
      regular &&= cells.inner === 0 && !(isBlank && next < bytes.length)
      if (isHeader) isHeader = false
      else if (!isBlank) addRecord(bytes)
      line += 1 + cells.inner
      at = next
    }
    rest = bytes.slice(at)
    if (rest.length > mostRecordBytes)
      throw new PercallError(
        'BAD_TABLE',
        `line ${line}: expected a line of at most ${mostRecordBytes} bytes, got a longer one or a quote that is not closed`,
      )
  }

  return {
    add: (bytes) => scan(joined(rest, bytes), false),
    end: () => scan(rest, true),
    builders,
    held: () => held,
    isRegular: () => regular,
    release: () => {
      held = 0
    },
  }
}
