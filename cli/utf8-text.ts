import { isUtf8 } from 'node:buffer'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { Failure } from './failure.ts'

const pieceBytes = 1024 * 1024
const lineFeed = 10

const linesOf = (bytes: Buffer): number => {
  let lines = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines += 1
  return lines
}

/** The first line, from 0, that is no UTF-8. */
const oddLine = (bytes: Buffer): number => {
  let line = 0
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(lineFeed, from)
    const to = end < 0 ? bytes.length : end + 1
    if (!isUtf8(bytes.subarray(from, to))) return line
    from = to
  }
  return line
}

const refused = (file: string, line: number): Failure =>
  new Failure(
    'BAD_TABLE',
    `${file}: line ${line}: expected UTF-8, got other bytes`,
    'save it as UTF-8 (in Excel: CSV UTF-8), then send it',
  )

/** The bytes of a file in pieces of whole lines: a character of several bytes is never cut. */
function* piecesOf(descriptor: number): Generator<Buffer, void> {
  let rest = Buffer.alloc(0)
  for (;;) {
    const piece = Buffer.alloc(pieceBytes)
    const length = readSync(descriptor, piece)
    if (length === 0) break
    const bytes = Buffer.concat([rest, piece.subarray(0, length)])
    const end = bytes.lastIndexOf(lineFeed) + 1
    if (end > 0) yield bytes.subarray(0, end)
    rest = bytes.subarray(end)
  }
  if (rest.length > 0) yield rest
}

/** Throws BAD_TABLE that names the first line of a file that is no UTF-8; it may be larger than memory. */
export const requireUtf8 = (file: string): void => {
  const descriptor = openSync(file, 'r')
  try {
    let line = 1
    for (const piece of piecesOf(descriptor)) {
      if (!isUtf8(piece)) throw refused(file, line + oddLine(piece))
      line += linesOf(piece)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The text of a file. Throws BAD_TABLE for other bytes than UTF-8, which a lossy reading would send as U+FFFD. */
export const readText = (file: string): string => {
  const bytes = readFileSync(file)
  if (!isUtf8(bytes)) throw refused(file, 1 + oddLine(bytes))
  return bytes.toString('utf8')
}
