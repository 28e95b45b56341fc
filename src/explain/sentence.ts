import type { Cell } from '../dataset/column-codec.ts'
import type { Language, Phrases, ToldOutput } from './phrases.ts'
import { englishPhrases } from './phrases-en.ts'
import { chinesePhrases } from './phrases-zh.ts'

/** One column's part of an answer; `words` are those of a text that mattered, in any order. */
export type Reason = {
  readonly column: string
  readonly value: Cell
  readonly contribution: number
  /** Null: unknown. */
  readonly standardError?: number | null
  readonly words?: readonly { readonly word: string; readonly contribution: number }[]
  /** What its words lose is known in other units only: they are named without numbers. */
  readonly wordsOnly?: true
}

/** One explained answer: base + all contributions = answer, in the space of `output`. */
export type Told = {
  readonly output: ToldOutput
  readonly base: number
  readonly answer: number
  /** What the model answers, where that is not `answer`. */
  readonly served?: number
  /** A calibrator stands between the two. */
  readonly calibrated?: boolean
  readonly reasons: readonly Reason[]
  /** A difference from the base below this is said to be close to it. */
  readonly small: number
}

const phrases: Readonly<Record<Language, Phrases>> = { en: englishPhrases, zh: chinesePhrases }

const mostReasons = 3
const mostWords = 3
/** Of its strongest word: one that adds less is no reason. */
const leastWordShare = 0.1
/** Of all that is added and taken away: what adds less is not among the strongest reasons. */
const leastShare = 0.1
/** A contribution is named as sure beyond so many standard errors: 95 % of a normal distribution. */
const sureErrors = 2
/** Where the smaller side is at least this share of the other, and little is left, the two cancel out. */
const cancelShare = 0.7
const digits = 3
const mostValueCharacters = 32

/** Three significant digits; whole numbers in full. */
const shown = (value: number): string =>
  Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toPrecision(digits)))

const signed = (value: number): string => (value < 0 ? `-${shown(-value)}` : `+${shown(value)}`)

const cut = (text: string): string => {
  const characters = Array.from(text)
  return characters.length > mostValueCharacters ? `${characters.slice(0, mostValueCharacters - 1).join('')}…` : text
}

const isMissing = (value: Cell): boolean => value === null || value === undefined || value === ''

/** The words that move the answer as their text does, the strongest first. */
const strongestWords = ({ words = [], contribution: ofText }: Reason): NonNullable<Reason['words']> => {
  const along = words
    .filter(({ contribution }) => contribution !== 0 && Math.sign(contribution) === Math.sign(ofText))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  const least = leastWordShare * Math.abs(along[0]?.contribution ?? 0)
  return along.filter(({ contribution }) => Math.abs(contribution) >= least).slice(0, mostWords)
}

const valueText = (reason: Reason, { missing, words: ofWords }: Phrases): string => {
  const { value, wordsOnly } = reason
  if (isMissing(value)) return missing
  const strongest = strongestWords(reason)
  if (strongest.length > 0)
    return ofWords(
      strongest.map(({ word, contribution }) => `“${cut(word)}”${wordsOnly ? '' : ` ${signed(contribution)}`}`),
    )
  return `= ${typeof value === 'number' ? shown(value) : cut(String(value))}`
}

/** One whose error is unknown may be named: the sentence says so of all of them. */
const mayBeNamed = ({ contribution, standardError }: Reason): boolean =>
  Math.abs(contribution) > sureErrors * (standardError ?? 0)

/** The reasons of which each adds a good part, the strongest first. */
const strongestOf = (reasons: readonly Reason[]): readonly Reason[] => {
  const total = reasons.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0)
  return reasons
    .filter(({ contribution }) => Math.abs(contribution) > 0 && Math.abs(contribution) >= leastShare * total)
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, mostReasons)
}

const listed = (reasons: readonly Reason[], words: Phrases): string | undefined =>
  reasons.length === 0
    ? undefined
    : words.list(
        reasons.map((reason) => words.reason(reason.column, valueText(reason, words), signed(reason.contribution))),
      )

const sumOf = (reasons: readonly Reason[]): number =>
  reasons.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0)

const reasonsText = (reasons: readonly Reason[], isNear: boolean, words: Phrases): string => {
  const sure = reasons.filter(mayBeNamed)
  const up = sure.filter(({ contribution }) => contribution > 0)
  const down = sure.filter(({ contribution }) => contribution < 0)
  const [raising, lowering] = [listed(up, words), listed(down, words)]
  if (raising === undefined && lowering === undefined) return reasons.length > 0 ? words.nothingSure : words.nothing
  const [least, most] = [Math.min(sumOf(up), sumOf(down)), Math.max(sumOf(up), sumOf(down))]
  if (isNear && raising !== undefined && lowering !== undefined && least >= cancelShare * most)
    return words.cancel(raising, lowering)
  return words.because(raising, lowering)
}

const standingText = ({ output, base, answer, served, calibrated = false, small }: Told, words: Phrases): string => {
  const name = words.output(output)
  const own =
    served === undefined ? shown(answer) : words.served(shown(answer), output, { answer: shown(served), calibrated })
  const standing = { answer: own, usual: shown(base), by: shown(Math.abs(answer - base)) }
  if (Math.abs(answer - base) <= small) return words.near(name, standing)
  return answer > base ? words.above(name, standing) : words.below(name, standing)
}

/**
 * One answer in words: where it stands against the usual one, and its strongest reasons with values and directions. A
 * reason within two standard errors is named as doubtful; where errors are unknown the sentence says so of all of them; an
 * answer close to the usual one is said to be.
 */
export const sentence = (told: Told, language: Language): string => {
  const words = phrases[language]
  const strongest = strongestOf(told.reasons)
  const isNear = Math.abs(told.answer - told.base) <= told.small
  const because = reasonsText(strongest, isNear, words)
  const doubtful = strongest.filter((reason) => !mayBeNamed(reason)).map(({ column }) => column)
  const beside = doubtful.length > 0 && doubtful.length < strongest.length
  const reasons = beside ? words.doubtful(because, words.list(doubtful)) : because
  // One pair of orders was drawn for all columns, or none for any.
  const isUnknown = strongest.some(({ standardError }) => standardError === null)
  return words.sentences([standingText(told, words), isUnknown ? words.errorUnknown(reasons) : reasons])
}
