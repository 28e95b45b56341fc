import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { csvHeader } from '../../src/dataset/csv-header.ts'
import type { Table } from '../../src/dataset/profile.ts'
import { PercallError } from '../../src/errors.ts'
import { readColumns } from './columns.ts'
import { quoteName, quoteText } from './duckdb.ts'

/** A header longer than this is no header. */
const headBytes = 1024 * 1024

const readHead = async (file: string): Promise<string> => {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return decodeHead(buffer.subarray(0, bytesRead), bytesRead < headBytes)
  } finally {
    await handle.close()
  }
}

const decodeHead = (bytes: Uint8Array, whole: boolean): string => {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (utf16) throw new PercallError('BAD_TABLE', 'line 1: expected UTF-8, got UTF-16')
  try {
    // A head that was cut may end inside a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
  } catch {
    const line = firstLineOutsideUtf8(bytes)
    throw new PercallError('BAD_TABLE', `line ${line}: expected UTF-8, got other bytes`)
  }
}

const firstLineOutsideUtf8 = (bytes: Uint8Array): number => {
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(10, from)
    const to = end < 0 ? bytes.length : end + 1
    if (!Buffer.from(bytes.subarray(from, to)).toString().isWellFormed()) return line
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to))
    } catch {
      return line
    }
    from = to
  }
  return line
}

/** What reads every cell as text, an empty one as null. Throws BAD_TABLE for a header that names no columns. */
export const csvQuery = async (file: string) => {
  const { names, delimiter } = csvHeader(await readHead(file))
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
  // No sniffing: DuckDB's would skip ragged first lines and rename columns.
  const options = `auto_detect = false, header = true, delim = ${quoteText(delimiter)}, quote = '"', escape = '"', columns = {${columns}}`
  return {
    names,
    delimiter,
    select: `SELECT ${names.map(quoteName).join(', ')} FROM read_csv(${quoteText(file)}, ${options})`,
  }
}

/** Every cell as text, an empty one as null. Throws BAD_TABLE that names line and column. */
export const readCsv = async (connection: DuckDBConnection, file: string): Promise<Table> => {
  const { names, delimiter, select } = await csvQuery(file)
  try {
    return { names, delimiter, columns: await readColumns(connection, select) }
  } catch (cause) {
    throw csvFault(names, cause)
  }
}

/** DuckDB's message -> ours; its text holds paths of this machine and advice about settings that nobody can reach. */
export const csvFault = (names: readonly string[], cause: unknown): unknown => {
  const text = cause instanceof Error ? cause.message : ''
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1]
  if (line === undefined) return cause
  const refuse = (what: string): PercallError => new PercallError('BAD_TABLE', `line ${line}${what}`, { cause })
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text)
  if (counts) {
    const [, expected, found] = counts
    const first = Number(found) < names.length ? `, from column ${names[Number(found)]} on` : ''
    return refuse(`: expected ${expected} cells, got ${found}${first}`)
  }
  if (/not utf-8 encoded/i.test(text)) return refuse(': expected UTF-8, got other bytes')
  if (/unterminated quote/i.test(text)) return refuse(': expected a closing quote, got none')
  if (/Maximum line size/i.test(text)) return refuse(': expected a line of at most 2 MB, got a longer one')
  return refuse(': expected a line of CSV as in RFC 4180, got another text')
}
