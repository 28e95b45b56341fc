import { PercallError } from '../errors.ts'
import type { Column } from './column.ts'
import type { ColumnCodec, ColumnKind } from './column-codec.ts'
import { type CountedText, countedTexts, presentTexts } from './column-texts.ts'
import { dateParser, isoFormat } from './date-cell.ts'
import { inferDateFormat } from './infer-date.ts'
import { type Inferred, inferKind, type Place } from './infer-kind.ts'
import { missingNumberSpellings, missingSpellings } from './missing-spellings.ts'
import { parseNumber } from './number-cell.ts'
import { distinctValues, numberType } from './number-type.ts'
import { scaleOf } from './scales.ts'

/** What the owner says of a column, and whether it is the target, whose labels stay as they are written. */
export type Hint = { readonly kind?: ColumnKind; readonly format?: string; readonly isTarget?: boolean }

export type InferredColumn = { readonly codec: ColumnCodec; readonly confidence: number }

/** What is known of a file besides its cells. */
export type Surroundings = { readonly delimiter?: string | undefined; readonly place: Place }

/**
 * How a column's cells are to be read; undefined when all are missing and no kind is given.
 * Throws BAD_TABLE for dates with two readings and for stray text among numbers, BAD_RUN for a hint that cannot be.
 */
export const inferColumn = (
  name: string,
  column: Column,
  hint: Hint,
  surroundings: Surroundings,
): InferredColumn | undefined => {
  const { kind, format } = hint
  const asNumbers = kind === undefined ? format === undefined : kind === 'numeric' || kind === 'integer'
  if ('kind' in column && column.kind === 'numbers' && asNumbers) return ofNumbers(name, column.values, kind)
  const all = countedTexts(column)
  const texts = presentTexts(all, missingNumberSpellings)
  if (texts.length === 0 && kind === undefined) return undefined
  const decimal = format === 'decimal-comma' ? ',' : decimalMark(texts, surroundings.delimiter)
  const { kind: chosen, confidence } = kindOf(name, texts, hint, decimal, surroundings.place)
  switch (chosen) {
    case 'numeric':
    case 'integer':
      return { codec: numberCodec(name, chosen, texts, decimal), confidence }
    case 'boolean':
      return { codec: booleanCodec(name), confidence }
    case 'date': {
      const codec = { kind: 'date', datatype: 'INT64', zone: 'UTC', missing: missingNumberSpellings } as const
      return { codec: { ...codec, name, format: dateFormat(name, texts, format, surroundings.place) }, confidence }
    }
    case 'text':
      return {
        codec: { kind: 'text', name, missing: missingSpellings, datatype: 'BYTES', tokens: tokensOf(texts) },
        confidence,
      }
    case 'ordinal':
      return { codec: ordinalCodec(name, texts, format), confidence }
    case 'category': {
      const numbers = numbersOf(presentTexts(all, missingSpellings))
      const codec = { kind: 'category', missing: missingSpellings, datatype: 'BYTES', case: 'keep' } as const
      return { codec: { ...codec, name, numbers }, confidence }
    }
  }
}

const kindOf = (
  name: string,
  texts: readonly CountedText[],
  { kind, format, isTarget = false }: Hint,
  decimal: '.' | ',',
  place: Place,
): Inferred => {
  if (kind !== undefined) return { kind, confidence: 1 }
  if (format !== undefined) return { kind: kindOfFormat(format), confidence: 1 }
  return inferKind(name, texts, decimal, place, isTarget)
}

/** A column of numbers by their values: there is no text to be read. */
const ofNumbers = (name: string, values: Float64Array, kind: ColumnKind | undefined): InferredColumn | undefined => {
  const distinct = distinctValues(values)
  if (distinct.length === 0 && kind === undefined) return undefined
  const present = values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + 1), 0)
  const inferred = distinct.every(Number.isInteger) ? 'integer' : 'numeric'
  const chosen = kind === 'numeric' || kind === 'integer' ? kind : inferred
  const datatype = numberType(distinct, chosen)
  const codec = { kind: chosen, name, missing: missingNumberSpellings, datatype, decimal: '.' } as const
  return { codec, confidence: kind === undefined ? (present + 1) / (present + 2) : 1 }
}

const booleanCodec = (name: string): ColumnCodec => ({
  kind: 'boolean',
  name,
  missing: missingSpellings,
  datatype: 'FP32',
  true: ['true', 't', 'yes', 'y', '1'],
  false: ['false', 'f', 'no', 'n', '0'],
})

/**
 * A comma is the decimal mark when no point occurs and some comma is not followed by just three digits: 1,234 may be
 * grouped. In a file whose delimiter is a semicolon the comma is the decimal mark (spreadsheets of such locales), but
 * for two commas in one number.
 */
const decimalMark = (texts: readonly CountedText[], delimiter: string | undefined): '.' | ',' => {
  const commas = texts.filter(({ text }) => text.includes(','))
  if (commas.length === 0 || texts.some(({ text }) => text.includes('.'))) return '.'
  const group = delimiter === ';' ? /^[+-]?\d{1,3}(,\d{3}){2,}$/ : /^[+-]?\d{1,3}(,\d{3})+$/
  return commas.every(({ text }) => group.test(text)) ? '.' : ','
}

const kindOfFormat = (format: string): ColumnKind => {
  if (format === 'decimal-comma') return 'numeric'
  return format.includes('<') ? 'ordinal' : 'date'
}

const dateFormat = (name: string, texts: readonly CountedText[], given: string | undefined, place: Place): string => {
  if (given === undefined) return inferDateFormat(name, texts, place) ?? isoFormat
  if (dateParser(given) !== undefined) return given
  throw new PercallError('BAD_RUN', `column ${name}: expected ISO or a date format of YYYY, MM and DD, got ${given}`)
}

/** Fewer blanks than one a cell: names, codes, or a language that writes none. */
const tokensOf = (texts: readonly CountedText[]): 'words' | 'characters' => {
  const blanks = texts.reduce((sum, { text }) => sum + (text.match(/\s+/g)?.length ?? 0), 0)
  return blanks < texts.length ? 'characters' : 'words'
}

/** A scale that is known is read whole and in any case, so that a level which training lacked is no error later. */
const ordinalCodec = (name: string, texts: readonly CountedText[], format: string | undefined): ColumnCodec => {
  const codec = { kind: 'ordinal', name, missing: missingSpellings, datatype: 'BYTES', numbers: 'keep' } as const
  const scale = format === undefined ? scaleOf(texts) : undefined
  return scale
    ? { ...codec, levels: scale, case: 'lower' }
    : { ...codec, levels: statedLevels(name, format), case: 'keep' }
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

const numberCodec = (
  name: string,
  kind: 'numeric' | 'integer',
  texts: readonly CountedText[],
  decimal: '.' | ',',
): ColumnCodec => {
  const values = texts.map(({ text }) => parseNumber(text, decimal)).filter((value) => value !== undefined)
  const datatype = numberType(distinctValues(Float64Array.from(values)), kind)
  return { kind, name, missing: missingNumberSpellings, datatype, decimal }
}

/** Levels that are all numbers are compared as numbers, unless leading zeros or length say that they are codes. */
const numbersOf = (levels: readonly CountedText[]): 'keep' | 'canonical' => {
  const plain = /^[+-]?(0|[1-9]\d{0,14}|(?=\.))(\.\d*)?([eE][+-]?\d+)?$/
  return levels.length > 0 && levels.every(({ text }) => plain.test(text)) ? 'canonical' : 'keep'
}
