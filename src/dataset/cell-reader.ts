import { PercallError } from '../errors.ts'
import { type Cell, type ColumnCodec, missingInt64 } from './column-codec.ts'
import { dateParser, isoFormat } from './date-cell.ts'
import { parseNumber } from './number-cell.ts'
import { tokenText } from './text-cell.ts'

/** What was expected of a cell that does not fit. */
export type Misfit = { readonly expected: string }

/** A cell -> its element: a number (FP32, FP64), a bigint (INT64) or a string (BYTES). */
export type ReadCell = (cell: Cell) => number | bigint | string | Misfit

/** How one column reads its cells. Training and serving run this same function. Throws BAD_RUN for an unreadable date format. */
export const cellReader = (column: ColumnCodec): ReadCell => {
  const read = presentReader(column)
  const missing = missingElement(column)
  const spellings = new Set(column.missing)
  return (cell) => {
    if (cell === null || cell === undefined) return missing
    if (typeof cell === 'object') return { expected: 'a text, number, boolean or null' }
    if (typeof cell !== 'string') return read(cell)
    // Half a surrogate pair has no UTF-8: the graph would get U+FFFD for it.
    const text = cell.toWellFormed().trim().normalize('NFC')
    return text === '' || spellings.has(text) ? missing : read(text)
  }
}

const missingElement = (column: ColumnCodec): number | bigint | string => {
  if (column.datatype === 'BYTES') return ''
  return column.datatype === 'INT64' ? missingInt64 : Number.NaN
}

/** Reads a cell that is there; text is trimmed and in NFC. */
const presentReader = (column: ColumnCodec): ((cell: string | number | boolean) => ReturnType<ReadCell>) => {
  switch (column.kind) {
    case 'numeric':
    case 'integer':
      return column.datatype === 'INT64' ? wholeNumber(column.decimal) : decimalNumber(column.decimal, column.datatype)
    case 'boolean': {
      const elements = new Map([
        ...column.true.map((text) => [text, 1] as const),
        ...column.false.map((text) => [text, 0] as const),
      ])
      const expected = `one of ${[...elements.keys()].join(', ')}`
      return (cell) => elements.get(String(cell).toLowerCase()) ?? { expected }
    }
    case 'category':
      return level(column)
    case 'ordinal': {
      const read = level(column)
      const levels = new Set(column.levels)
      const expected = `one of ${column.levels.join(', ')}`
      return (cell) => {
        const found = read(cell)
        return typeof found === 'string' && !levels.has(found) ? { expected } : found
      }
    }
    case 'text': {
      const join = tokenText(column.tokens)
      return (cell) => join(String(cell))
    }
    case 'date': {
      const parse = dateParser(column.format)
      if (parse === undefined) {
        throw new PercallError(
          'BAD_RUN',
          `column ${column.name}: expected ISO or a format of YYYY, MM and DD, got ${column.format}`,
        )
      }
      const expected = `a date as ${column.format === isoFormat ? 'YYYY-MM-DD, with a time if need be' : column.format}`
      return (cell) => (typeof cell === 'boolean' ? undefined : parse(String(cell))) ?? { expected }
    }
  }
}

const decimalNumber = (decimal: '.' | ',', datatype: 'FP32' | 'FP64') => {
  const expected = datatype === 'FP32' ? 'a finite number below 3.4e38' : 'a finite number'
  return (cell: string | number | boolean): number | Misfit => {
    const value = typeof cell === 'string' ? parseNumber(cell, decimal) : cell
    if (typeof value !== 'number') return { expected: 'a number' }
    // JSON writes -0 as 0: + 0 makes both the same bits.
    return Number.isFinite(datatype === 'FP32' ? Math.fround(value) : value) ? value + 0 : { expected }
  }
}

const wholeDigits = /^[+-]?\d+(\.0*)?$/
const lowest = missingInt64
const highest = 2n ** 63n - 1n

const wholeNumber = (decimal: '.' | ',') => {
  const misfit = { expected: 'a whole number between -2^63 and 2^63' }
  return (cell: string | number | boolean): bigint | Misfit => {
    if (typeof cell === 'boolean' || (typeof cell === 'number' && !Number.isInteger(cell))) return misfit
    const text = typeof cell === 'number' ? BigInt(cell).toString() : decimal === ',' ? cell.replace(',', '.') : cell
    if (!wholeDigits.test(text)) return misfit
    const value = BigInt(text.replace(/^\+/, '').replace(/\..*$/, ''))
    return value > lowest && value <= highest ? value : misfit
  }
}

const level = (column: Pick<Extract<ColumnCodec, { kind: 'category' }>, 'case' | 'numbers'>) => {
  return (cell: string | number | boolean): string | Misfit => {
    const text = typeof cell === 'string' ? cell : String(cell)
    // ONNX Runtime's binding cuts a string at NUL, so two levels could become one.
    if (text.includes('\0')) return { expected: 'text without NUL' }
    const number = column.numbers === 'canonical' ? parseNumber(text, '.') : undefined
    if (number !== undefined) return String(number)
    return column.case === 'lower' ? text.toLowerCase() : text
  }
}
