import type { Cell } from './column-codec.ts'
import { missingSpellings } from './missing-spellings.ts'
import { parseNumber } from './number-cell.ts'

const spellings = new Set<string>(missingSpellings)
/** A whole number of more digits may not be exact as a float64. */
const longWhole = /^[+-]?\d{16}/

/**
 * One cell however its file spells it: `1.50` of a CSV and 1.5 of a Parquet file are the number 1.5; undefined where it is
 * missing. Text is trimmed and in NFC.
 */
export const canonicalCell = (cell: Cell): number | string | undefined => {
  if (cell === null || cell === undefined) return undefined
  if (typeof cell === 'number') return Number.isNaN(cell) ? undefined : cell + 0
  const text = String(cell).trim().normalize('NFC')
  if (text === '' || spellings.has(text)) return undefined
  const number = longWhole.test(text) ? undefined : parseNumber(text, '.')
  return number === undefined ? text : number + 0
}
