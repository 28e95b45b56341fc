import { shellWord } from '../shell-word.ts'
import type { ColumnCodec } from './codec.ts'
import type { Column } from './column.ts'
import { countedTexts, presentTexts } from './column-texts.ts'

/** What is known of a column's cells: counts of all, of those that are missing, and of distinct present ones. */
export type CellCounts = {
  readonly rows: number
  readonly missing: number
  readonly distinct: number
  readonly range?: { readonly lowest: number; readonly highest: number }
}

/** Fewer rows say nothing about whether a column names its rows. */
const leastRowsOfIdentifier = 20
/** Above this share of distinct texts a column names rows rather than groups them. */
const identifierShare = 0.5

/**
 * Why a column teaches nothing: one value; texts that name rows; or row numbers, which are whole, all distinct, without
 * gaps, and under an identifier's name. Without the name a measurement taken once a step (0, 1, 2, ...) looks the same.
 */
export const oddKind = (
  codec: ColumnCodec,
  { rows, missing, distinct, range }: CellCounts,
): 'constant' | 'identifier' | undefined => {
  const present = rows - missing
  if (distinct <= 1) return 'constant'
  if (present < leastRowsOfIdentifier) return undefined
  if (codec.kind === 'category') return distinct > identifierShare * present ? 'identifier' : undefined
  if (codec.kind !== 'integer' || range === undefined || !namesRows(codec.name)) return undefined
  return distinct === present && range.highest - range.lowest === present - 1 ? 'identifier' : undefined
}

const identifierWords = new Set(['id', 'ids', 'key', 'index', 'idx', 'row', 'number', 'no', 'nr', 'num', 'rownum'])

/** By the last word: `id`, `customer_id`, `PassengerId`, `row number`; `Unnamed: 0` is what pandas calls its index. */
const namesRows = (name: string): boolean => {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return identifierWords.has(words.findLast((word) => word !== '') ?? '') || /^unnamed: \d+$/i.test(name)
}

/** What the owner should know of a column that is left out without being asked for, and how to keep it. */
export const leftOutNotice = (
  name: string,
  codec: ColumnCodec | undefined,
  why: 'constant' | 'identifier',
  { rows, distinct }: CellCounts,
): string => {
  if (codec === undefined) return `column ${name}: left out as constant: no value in ${rows} rows`
  const keep = `--type ${shellWord(`${name}=${codec.kind}`)} keeps it`
  if (why === 'constant')
    return `column ${name}: left out as constant: ${distinct} distinct value in ${rows} rows; ${keep}`
  const cells = codec.kind === 'category' ? 'texts' : 'whole numbers'
  return `column ${name}: left out as an identifier: ${distinct} distinct ${cells} in ${rows} rows; ${keep}`
}

const number = /^[+-]?\d+([.,]\d+)?$/
const plain = /^[+-]?\d{1,3}([.,]\d+)?$/
const grouped = /^[+-]?\d{1,3}([., '’]\d{3})+([.,]\d+)?$/
/** A sign of money, a percent or a short unit, before or after a number: `$353.22`, `EUR 5`, `262,97 €`, `12.3%`, `80 kg`. */
const marked = /^(?<before>\p{Sc}|[A-Z]{3}\s)?\s?(?<bare>[+-]?\d[\d.,'’ ]*?)\s?(?<after>[^\d\s.,:]{1,4})?$/u
const timeOfDay = /^\d{1,2}:\d{2}(:\d{2})?$/

/** The mark that is the same in every cell, around a number. */
const commonMark = (texts: readonly string[]): string | undefined => {
  const marks = texts.map((text) => {
    const { before = '', bare = '', after = '' } = marked.exec(text)?.groups ?? {}
    return number.test(bare) || grouped.test(bare) ? before.trim() + after : ''
  })
  return marks.every((mark) => mark === marks[0]) ? marks[0] : undefined
}

/**
 * A notice when every cell is a number that no codec reads: with grouping marks such as 1.234,5, with a sign or a unit, or
 * a time of day.
 */
export const writtenNumberNotice = (name: string, column: Column, missing: readonly string[]): string | undefined => {
  const texts = presentTexts(countedTexts(column), missing).map(({ text }) => text)
  const taken = (example: string | undefined, like: string, next: string): string =>
    `column ${name}: taken as text: ${example} looks like ${like}; ${next}`
  if (texts.length === 0) return undefined
  if (texts.every((text) => timeOfDay.test(text)))
    return taken(texts[0], 'a time of day', 'write it as one number, such as hours')
  const mark = commonMark(texts)
  if (mark) return taken(texts[0], `a number with ${mark}`, `write numbers without ${mark} and without grouping marks`)
  const example = texts.find((text) => grouped.test(text))
  if (example === undefined || !texts.every((text) => grouped.test(text) || plain.test(text))) return undefined
  return taken(example, 'a number with grouping marks', 'write numbers without them')
}
