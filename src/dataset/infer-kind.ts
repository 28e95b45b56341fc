import { PercallError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import type { ColumnKind } from './column-codec.ts'
import { type CountedText, cellCount } from './column-texts.ts'
import { inferDateFormat } from './infer-date.ts'
import { parseNumber } from './number-cell.ts'
import { isProse } from './prose.ts'
import { scaleOf } from './scales.ts'

/** What the cells were read as, and how sure that is: see inferKind. */
export type Inferred = { readonly kind: ColumnKind; readonly confidence: number }

/** Names a cell's place in a message: `line 3` or `row 1`. */
export type Place = (row: number) => string

/** Share of cells of a kind above which others are taken for a fault of the file, not for a level. */
const strayShare = 0.95
/** With fewer distinct numbers the column may well be a category such as 0, 1, 2, 3+. */
const strayDistinct = 20

/** Laplace's rule of succession: that the next cell fits, when all of n did. */
const succession = (cells: number): number => (cells + 1) / (cells + 2)

/**
 * The kind of a column by reading its distinct texts. Confidence is (n + 1) / (n + 2) of n cells that all fit; a category's
 * is lowered by the share of cells that are numbers. `isTarget` keeps labels as they are written: no ordinal, no text.
 * Throws BAD_TABLE for stray cells among numbers or dates, and for dates with two readings.
 */
export const inferKind = (
  name: string,
  texts: readonly CountedText[],
  decimal: '.' | ',',
  place: Place,
  isTarget: boolean,
): Inferred => {
  const cells = cellCount(texts)
  const sure = succession(cells)
  if (texts.every(({ text }) => /^(true|false)$/i.test(text))) return { kind: 'boolean', confidence: sure }
  const strays = texts.filter(({ text }) => parseNumber(text, decimal) === undefined)
  if (strays.length === 0) return { kind: texts.every(isWhole) ? 'integer' : 'numeric', confidence: sure }
  if (inferDateFormat(name, texts, place) !== undefined) return { kind: 'date', confidence: sure }
  const numbers = cells - cellCount(strays)
  if (numbers > strayShare * cells && texts.length - strays.length > strayDistinct) {
    const [{ text, row }] = strays as [CountedText]
    throw new PercallError(
      'BAD_TABLE',
      `${place(row)}, column ${name}: expected a number as in ${numbers} of ${cells} cells, got ${shown(text)}; correct it, or name the column's kind (--type ${shellWord(`${name}=category`)})`,
    )
  }
  const confidence = sure * (1 - numbers / cells)
  if (isTarget) return { kind: 'category', confidence }
  if (scaleOf(texts) !== undefined) return { kind: 'ordinal', confidence }
  return { kind: isProse(texts) ? 'text' : 'category', confidence }
}

const isWhole = ({ text }: CountedText): boolean => /^[+-]?\d+([.,]0*)?$/.test(text)

const shownLength = 60

/** A cell in a message: a megabyte of it would be none. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength)}...` : text)
