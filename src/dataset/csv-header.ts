import { PercallError } from '../errors.ts'

export type CsvHeader = { readonly delimiter: ',' | ';' | '\t' | '|'; readonly names: readonly string[] }

const delimiters = [',', ';', '\t', '|'] as const

/**
 * The delimiter and the column names of a CSV file from its first characters: of comma, semicolon, tab and bar the one
 * that gives the most names, if possible with as many cells in the next line. Fields may be quoted by `"`.
 * Throws BAD_TABLE: no header, no name, a name twice.
 */
export const csvHeader = (head: string): CsvHeader => {
  const text = head.replace(/^\uFEFF/, '')
  const candidates = delimiters.map((delimiter) => {
    const header = readRecord(text, 0, delimiter)
    const next = readRecord(text, header.end, delimiter)
    return { delimiter, names: header.fields, agrees: next.fields.length === header.fields.length }
  })
  const rank = ({ names, agrees }: (typeof candidates)[number]): number => names.length + (agrees ? text.length : 0)
  const plural = candidates.filter(({ names }) => names.length > 1)
  const header = plural.reduce((best, candidate) => (rank(candidate) > rank(best) ? candidate : best), candidates[0]!)
  checkNames(header.names, 'line 1')
  return { delimiter: header.delimiter, names: header.names }
}

const mostHeaderCharacters = 2 ** 20

/** The delimiter of a whole CSV text. Throws as `csvHeader`. */
export const delimiterOf = (text: string): CsvHeader['delimiter'] =>
  csvHeader(text.slice(0, mostHeaderCharacters)).delimiter

/** Throws BAD_TABLE when a column has no name, or one that another has. */
export const checkNames = (names: readonly string[], where: string): void => {
  if (names.length === 0 || (names.length === 1 && names[0] === ''))
    throw new PercallError('BAD_TABLE', `${where}: expected the names of the columns, got none`)
  const seen = new Map<string, number>()
  for (const [place, name] of names.entries()) {
    const shown = JSON.stringify(name)
    if (name === '') throw new PercallError('BAD_TABLE', `${where}, column ${place + 1}: expected a name, got ${shown}`)
    const first = seen.get(name)
    if (first !== undefined)
      throw new PercallError(
        'BAD_TABLE',
        `${where}, column ${place + 1}: expected a name of its own, got ${shown} as in column ${first + 1}`,
      )
    seen.set(name, place)
  }
}

type Record = { readonly fields: readonly string[]; readonly end: number }

/** One record from `from` on, its fields trimmed. RFC 4180: a quoted field may hold delimiters, line breaks and doubled quotes. */
const readRecord = (text: string, from: number, delimiter: string): Record => {
  const fields: string[] = []
  let field = ''
  // Whether the field is blank so far: looking at all of it for each quote takes minutes for a megabyte of quotes.
  let blank = true
  let quoted = false
  let at = from
  const add = (character: string): void => {
    field += character
    blank &&= character.trim() === ''
  }
  for (; at < text.length; at++) {
    const character = text[at]!
    if (quoted) {
      if (character !== '"') add(character)
      else if (text[at + 1] === '"') {
        add('"')
        at += 1
      } else quoted = false
    } else if (character === '"' && blank) {
      field = ''
      quoted = true
    } else if (character === delimiter) {
      fields.push(field.trim())
      field = ''
      blank = true
    } else if (character === '\n' || character === '\r') break
    else add(character)
  }
  if (quoted && from === 0)
    throw new PercallError('BAD_TABLE', 'line 1: expected a closing quote in the header, got none')
  const end = text.startsWith('\r\n', at) ? at + 2 : at + 1
  return { fields: [...fields, field.trim()], end }
}
