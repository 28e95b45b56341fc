import { csvHeader } from '../../src/dataset/csv-header.ts'
import { PercallError } from '../../src/errors.ts'
import { readHead } from './csv-head.ts'
import { quoteName, quoteText } from './duckdb.ts'

/** What reads every cell as text, an empty one as null. Throws BAD_TABLE for a header that names no columns. */
export const csvQuery = async (file: string) => {
  const { names, delimiter } = csvHeader((await readHead(file)).text)
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
  // No sniffing: DuckDB's would skip ragged first lines and rename columns.
  const options = `auto_detect = false, header = true, delim = ${quoteText(delimiter)}, quote = '"', escape = '"', columns = {${columns}}`
  return {
    names,
    select: `SELECT ${names.map(quoteName).join(', ')} FROM read_csv(${quoteText(file)}, ${options})`,
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
