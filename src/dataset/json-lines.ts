import { PercallError } from '../errors.ts'
import type { Cell } from './codec.ts'
import type { Table } from './profile.ts'

/** A whole number with this many digits may not be exact as a number of JSON. */
const longNumber = /\d{16}/

/**
 * One JSON object a line, blank lines left out -> columns in the order in which their names first occur; an absent name is a missing cell.
 * Whole numbers beyond 2^53 stay text, so that no digit is lost. Throws BAD_TABLE that names line and column.
 */
export const jsonLinesTable = (lines: Iterable<string>): Table => {
  const columns = new Map<string, Cell[]>()
  let rows = 0
  let number = 0
  for (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    const object = objectOf(line, number)
    for (const [name, value] of Object.entries(object)) {
      const column = columns.get(name) ?? []
      if (!columns.has(name)) columns.set(name, column)
      // Rows before that lacked the name.
      while (column.length < rows) column.push(null)
      column.push(cellOf(value, number, name))
    }
    rows += 1
  }
  for (const column of columns.values()) while (column.length < rows) column.push(null)
  return { names: [...columns.keys()], columns: [...columns.values()] }
}

const objectOf = (line: string, number: number): object => {
  const value = parse(line, number)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new PercallError('BAD_TABLE', `line ${number}: expected one JSON object, got ${line.slice(0, shownLength)}`)
}

const parse = (line: string, number: number): unknown => {
  try {
    return longNumber.test(line) ? JSON.parse(line, exactNumbers) : JSON.parse(line)
  } catch (cause) {
    throw new PercallError('BAD_TABLE', `line ${number}: expected one JSON object, ${String(cause)}`, { cause })
  }
}

/** The third argument is the source text of a literal (ECMAScript 2025, JSON.parse source text access). */
const exactNumbers = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source ? context.source : value

const shownLength = 60

const cellOf = (value: unknown, number: number, name: string): Cell => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  const shown = JSON.stringify(value).slice(0, shownLength)
  throw new PercallError(
    'BAD_TABLE',
    `line ${number}, column ${name}: expected a text, number, boolean or null, got ${shown}`,
  )
}
