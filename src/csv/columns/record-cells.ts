import { PercallError } from '../../errors.ts'

const quote = 34
const lineFeed = 10
const carriageReturn = 13

/** 1 for each byte that ends a bare cell. */
export const cellEnds = (delimiter: number): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) =>
    byte === delimiter || byte === lineFeed || byte === carriageReturn ? 1 : 0,
  )

/** Where the cells of one record lie. `quotes` is 0 for a bare cell, 1 for a quoted one, 2 for one with doubled quotes. */
export type RecordCells = {
  count: number
  from: Uint32Array
  to: Uint32Array
  quotes: Uint8Array
  /** Line breaks inside of quoted cells. */
  inner: number
}

export const newRecordCells = (most: number): RecordCells => ({
  count: 0,
  from: new Uint32Array(most),
  to: new Uint32Array(most),
  quotes: new Uint8Array(most),
  inner: 0,
})

/** The record needs bytes that have not come yet. */
export const unfinished = -1

/**
 * Finds the cells of the record at `at` and answers where the next one begins, or `unfinished`. RFC 4180 with LF, CRLF or
 * CR; cells beyond the room of `cells` are counted only. Throws BAD_TABLE for text behind a closing quote and, in the
 * `last` bytes, for a quote that is not closed. `ends` is of cellEnds.
 */
export const findRecord = (
  cells: RecordCells,
  bytes: Uint8Array,
  start: number,
  delimiter: number,
  ends: Uint8Array,
  last: boolean,
  line: number,
): number => {
  const end = bytes.length
  const room = cells.from.length
  const { from, to, quotes } = cells
  let count = 0
  let at = start
  cells.inner = 0
  for (;;) {
    const begin = at
    let kind = 0
    let close = 0
    if (at < end && bytes[at] === quote) {
      kind = 1
      for (at = begin + 1; ; at++) {
        if (at >= end) {
          if (last) throw new PercallError('BAD_TABLE', `line ${line}: expected a closing quote, got none`)
          return unfinished
        }
        const byte = bytes[at]
        if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) cells.inner += 1
        if (byte !== quote) continue
        // Whether this one closes is told by the byte behind it.
        if (at + 1 >= end && !last) return unfinished
        if (bytes[at + 1] !== quote) break
        kind = 2
        at += 1
      }
      close = at
      at += 1
      const behind = bytes[at]
      if (at < end && behind !== delimiter && behind !== lineFeed && behind !== carriageReturn)
        throw new PercallError(
          'BAD_TABLE',
          `line ${line}: expected a delimiter or the end of the line behind the closing quote of cell ${count + 1}, got other text`,
        )
    } else {
      while (at < end && ends[bytes[at]!] === 0) at++
    }
    if (count < room) {
      from[count] = kind === 0 ? begin : begin + 1
      to[count] = kind === 0 ? at : close
      quotes[count] = kind
    }
    count += 1
    if (at < end && bytes[at] === delimiter) {
      at += 1
      continue
    }
    cells.count = count
    if (at >= end) return last ? end : unfinished
    if (bytes[at] === lineFeed) return at + 1
    // A CR at the end may be half of a CRLF.
    if (at + 1 >= end && !last) return unfinished
    return bytes[at + 1] === lineFeed ? at + 2 : at + 1
  }
}
