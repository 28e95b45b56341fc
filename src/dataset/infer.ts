import { PercallError } from '../errors.ts'
import type { Cell, ColumnCodec, ColumnKind } from './column-codec.ts'
import { dateParser, isoFormat } from './date-cell.ts'
import { inferDateFormat } from './infer-date.ts'
import { parseNumber, significantDigits } from './number-cell.ts'

/** pandas' default list of missing values, less those with `#`, `-1` and the words that are often levels (None). */
const missingSpellings = ['NA', 'N/A', 'n/a', '<NA>', 'NaN', 'nan', 'NAN', 'NULL', 'null'] as const
/** A question mark is a level in a text, but no number or date. */
const missingNumberSpellings = [...missingSpellings, '?'] as const

type Hint = { readonly kind?: ColumnKind; readonly format?: string }

/**
 * How a column's cells are to be read; undefined when all are missing and no kind is given.
 * Throws BAD_TABLE for dates with two readings and for stray text among numbers, BAD_RUN for a hint that cannot be.
 */
export const inferColumn = (
  name: string,
  cells: readonly Cell[],
  { kind, format }: Hint,
  delimiter?: string,
): ColumnCodec | undefined => {
  const texts = presentTexts(cells, missingNumberSpellings)
  if (texts.length === 0 && kind === undefined) return undefined
  const decimal = format === 'decimal-comma' ? ',' : decimalMark(texts, delimiter)
  const chosen = kind ?? (format === undefined ? inferKind(name, texts, cells, decimal) : kindOfFormat(format))
  switch (chosen) {
    case 'numeric':
    case 'integer':
      return numberCodec(name, chosen, texts, decimal)
    case 'boolean':
      return {
        kind: 'boolean',
        name,
        missing: missingSpellings,
        datatype: 'FP32',
        true: ['true', 't', 'yes', 'y', '1'],
        false: ['false', 'f', 'no', 'n', '0'],
      }
    case 'date':
      return {
        kind: 'date',
        name,
        missing: missingNumberSpellings,
        datatype: 'INT64',
        format: dateFormat(name, texts, format),
        zone: 'UTC',
      }
    case 'text':
      return { kind: 'text', name, missing: missingSpellings, datatype: 'BYTES', tokens: tokensOf(texts) }
    case 'ordinal':
      return {
        kind: 'ordinal',
        name,
        missing: missingSpellings,
        datatype: 'BYTES',
        levels: statedLevels(name, format),
        case: 'keep',
        numbers: 'keep',
      }
    case 'category': {
      const levels = presentTexts(cells, missingSpellings)
      return {
        kind: 'category',
        name,
        missing: missingSpellings,
        datatype: 'BYTES',
        case: 'keep',
        numbers: numbersOf(levels),
      }
    }
  }
}

const presentTexts = (cells: readonly Cell[], missing: readonly string[]): readonly string[] => {
  const spellings = new Set<string>(missing)
  return cells
    .filter((cell) => cell !== null && cell !== undefined)
    .map((cell) => String(cell).trim().normalize('NFC'))
    .filter((text) => text !== '' && !spellings.has(text))
}

/** Share of numbers above which other text is taken for a fault of the file, not for a level. */
const strayShare = 0.95
/** With fewer distinct numbers the column may well be a category such as 0, 1, 2, 3+. */
const strayDistinct = 20

const inferKind = (name: string, texts: readonly string[], cells: readonly Cell[], decimal: '.' | ','): ColumnKind => {
  if (texts.every((text) => /^(true|false)$/i.test(text))) return 'boolean'
  const strays = texts.filter((text) => parseNumber(text, decimal) === undefined)
  if (strays.length === 0) return texts.every(isWhole) ? 'integer' : 'numeric'
  if (inferDateFormat(name, texts) !== undefined) return 'date'
  const numbers = texts.length - strays.length
  if (numbers > strayShare * texts.length && new Set(texts).size - new Set(strays).size > strayDistinct) {
    const row = cells.findIndex((cell) => typeof cell === 'string' && cell.trim().normalize('NFC') === strays[0])
    throw new PercallError(
      'BAD_TABLE',
      `row ${row}, column ${name}: expected a number as in ${numbers} of ${texts.length} cells, got ${JSON.stringify(strays[0])}; correct it, or name the column's kind (--type ${name}=category)`,
    )
  }
  return 'category'
}

const isWhole = (text: string): boolean => /^[+-]?\d+([.,]0*)?$/.test(text)

/**
 * A comma is the decimal mark when no point occurs and some comma is not followed by just three digits: 1,234 may be
 * grouped. In a file whose delimiter is a semicolon the comma is the decimal mark (spreadsheets of such locales), but
 * for two commas in one number.
 */
const decimalMark = (texts: readonly string[], delimiter: string | undefined): '.' | ',' => {
  const commas = texts.filter((text) => text.includes(','))
  if (commas.length === 0 || texts.some((text) => text.includes('.'))) return '.'
  const group = delimiter === ';' ? /^[+-]?\d{1,3}(,\d{3}){2,}$/ : /^[+-]?\d{1,3}(,\d{3})+$/
  return commas.every((text) => group.test(text)) ? '.' : ','
}

const kindOfFormat = (format: string): ColumnKind => (format === 'decimal-comma' ? 'numeric' : 'date')

const dateFormat = (name: string, texts: readonly string[], given: string | undefined): string => {
  if (given === undefined) return inferDateFormat(name, texts) ?? isoFormat
  if (dateParser(given) !== undefined) return given
  throw new PercallError('BAD_RUN', `column ${name}: expected ISO or a date format of YYYY, MM and DD, got ${given}`)
}

/** Fewer blanks than one a cell: names, codes, or a language that writes none. */
const tokensOf = (texts: readonly string[]): 'words' | 'characters' => {
  const blanks = texts.reduce((sum, text) => sum + (text.match(/\s+/g)?.length ?? 0), 0)
  return blanks < texts.length ? 'characters' : 'words'
}

/** `low<medium<high`. */
const statedLevels = (name: string, format: string | undefined): readonly string[] => {
  const levels = (format ?? '').split('<').map((level) => level.trim().normalize('NFC'))
  if (levels.length > 1 && levels.every((level, k) => level !== '' && levels.indexOf(level) === k)) return levels
  throw new PercallError(
    'BAD_RUN',
    `column ${name}: expected the levels of an ordinal in a format such as low<medium<high, got ${format ?? 'none'}`,
  )
}

/** Digits that float32 holds whatever the number (2^24 = 16 777 216). */
const float32Digits = 7

const numberCodec = (
  name: string,
  kind: 'numeric' | 'integer',
  texts: readonly string[],
  decimal: '.' | ',',
): ColumnCodec => {
  const values = [...new Set(texts.map((text) => parseNumber(text, decimal)).filter((value) => value !== undefined))]
  const narrow =
    values.every((value) => significantDigits(value) <= float32Digits && Number.isFinite(Math.fround(value))) &&
    new Set(values.map(Math.fround)).size === values.length
  const beyondFloat64 = kind === 'integer' && values.some((value) => !Number.isSafeInteger(value))
  const datatype = narrow ? 'FP32' : beyondFloat64 ? 'INT64' : 'FP64'
  return { kind, name, missing: missingNumberSpellings, datatype, decimal }
}

/** Levels that are all numbers are compared as numbers, unless leading zeros or length say that they are codes. */
const numbersOf = (levels: readonly string[]): 'keep' | 'canonical' =>
  levels.length > 0 && levels.every((level) => /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(level)) ? 'canonical' : 'keep'
