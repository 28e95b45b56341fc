import { PercallError } from '../errors.ts'
import { type CellBuilder, newCellBuilder } from './cell-builder.ts'
import type { Cell } from './column-codec.ts'
import type { Table } from './profile.ts'

/** A whole number with this many digits may not be exact as a number of JSON. */
const longNumber = /\d{16}/

/** Lines are added one by one; `table` gives what they made. */
export type JsonLines = { readonly add: (line: string) => void; readonly table: () => Table }

/** A header of more names is no table; it would take memory by their square. */
const mostColumns = 20_000

/**
 * One JSON object a line, blank lines left out -> columns in the order in which their names first occur; an absent name is a missing cell.
 * Whole numbers beyond 2^53 stay text, so that no digit is lost. Throws BAD_TABLE that names line and column.
 */
export const readJsonLine = (): JsonLines => {
  const columns = new Map<string, CellBuilder>()
  let rows = 0
  let number = 0
  const columnOf = (name: string): CellBuilder => {
    const known = columns.get(name)
    if (known) return known
    if (columns.size === mostColumns)
      throw new PercallError('BAD_TABLE', `line ${number}: expected at most ${mostColumns} names, got more`)
    const column = newCellBuilder()
    columns.set(name, column)
    return column
  }
  return {
    add: (line) => {
      number += 1
      if (line.trim() === '') return
      for (const [name, value] of Object.entries(objectOf(line, number)))
        columnOf(name).set(rows, cellOf(value, number, name))
      rows += 1
    },
    table: () => ({
      names: [...columns.keys()],
      rows,
      columns: Array.from(columns.values(), (column) => column.column(rows)),
    }),
  }
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
