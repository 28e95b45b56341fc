import type { Column } from '../../dataset/column.ts'
import { missingSpellings } from '../../dataset/missing-spellings.ts'
import { type CheckText, type Dictionary, newDictionary, numberOf, textsOf } from './dictionary.ts'
import { noNumber, plainNumber } from './plain-number.ts'

/**
 * A column while its file is read: numbers until the first text, from then on texts by number. A text that comes after a
 * number makes it `torn`: how the numbers were spelled is gone, and the file is to be read again with the column as text.
 */
export type ColumnBuilder = {
  values: Float64Array | undefined
  codes: Uint32Array
  dictionary: Dictionary | undefined
  /** Whether a number or a spelled missing cell has come. */
  spelled: boolean
  torn: boolean
}

export const newColumnBuilder = (asText: boolean): ColumnBuilder =>
  asText
    ? { values: undefined, codes: new Uint32Array(0), dictionary: newDictionary(), spelled: false, torn: false }
    : { values: new Float64Array(0), codes: new Uint32Array(0), dictionary: undefined, spelled: false, torn: false }

export const enlargeColumn = (column: ColumnBuilder, rows: number): void => {
  if (column.values) {
    const values = new Float64Array(rows)
    values.set(column.values)
    column.values = values
  } else {
    const codes = new Uint32Array(rows)
    codes.set(column.codes)
    column.codes = codes
  }
}

const blank = 32
const longestSpelling = Math.max(...missingSpellings.map(({ length }) => length))
const spellings = new Set<string>(missingSpellings)

const isMissing = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from <= longestSpelling && spellings.has(String.fromCharCode(...bytes.subarray(from, to)))

/** Adds the cell of a row. */
export const addCell = (
  column: ColumnBuilder,
  row: number,
  bytes: Uint8Array,
  begin: number,
  end: number,
  check: CheckText,
): void => {
  const { values } = column
  if (values) {
    let from = begin
    let to = end
    while (from < to && bytes[from] === blank) from++
    while (from < to && bytes[to - 1] === blank) to--
    if (from === to) {
      values[row] = Number.NaN
      return
    }
    const value = plainNumber(bytes, from, to)
    if (value !== noNumber) {
      if (!column.spelled) column.spelled = true
      values[row] = value
      return
    }
    if (isMissing(bytes, from, to)) {
      column.spelled = true
      values[row] = Number.NaN
      return
    }
    column.torn = column.spelled
    // Cells so far were empty: number 0.
    column.codes = new Uint32Array(values.length)
    column.values = undefined
    column.dictionary = newDictionary()
  }
  column.codes[row] = begin === end ? 0 : numberOf(column.dictionary!, bytes, begin, end, check)
}

/** The first `rows` cells; texts by number have the number 0 for an empty cell. */
export const typedColumn = (column: ColumnBuilder, rows: number): Column =>
  column.values
    ? { kind: 'numbers', values: column.values.subarray(0, rows) }
    : { kind: 'levels', codes: column.codes.subarray(0, rows), levels: textsOf(column.dictionary!) }
