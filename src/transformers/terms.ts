import type { Tokens } from '../dataset/text-cell.ts'
import { levelCountsOrder } from './level-counts.ts'

/** Terms of one text column: runs of 1 to `longest` tokens, joined by one blank; ordered by their length, then sorted. */
export type Terms = {
  readonly tokens: Tokens
  readonly terms: readonly string[]
  /** ln((1 + rows) / (1 + rows with the term)) + 1, as scikit-learn's smooth_idf. */
  readonly idf: readonly number[]
}

export const longestTerm: Readonly<Record<Tokens, number>> = { words: 2, characters: 4 }

export type TermOptions = {
  readonly tokens: Tokens
  /** Rows that a term must be in. */
  readonly leastRows: number
  /** The most frequent ones by rows are kept. */
  readonly most: number
}

/** Different terms that are counted at a time; beyond, the rarest are forgotten. JavaScript's maps end at 2^24 keys. */
const mostCounted = 2 ** 21

/** The terms of a column of texts that the codec cut into tokens. */
export const fitTerms = (column: readonly string[], { tokens, leastRows, most }: TermOptions): Terms => {
  const longest = longestTerm[tokens]
  const counts = new Map<string, number>()
  let bar = 1
  for (const text of column) {
    const own = new Set<string>()
    eachTerm(text, longest, (term) => own.add(term))
    for (const term of own) counts.set(term, (counts.get(term) ?? 0) + 1)
    for (; counts.size > mostCounted; bar++) for (const [term, rows] of counts) if (rows <= bar) counts.delete(term)
  }
  const kept = [...counts]
    .filter(([, rows]) => rows >= leastRows)
    .sort(levelCountsOrder)
    .slice(0, most)
    .sort(([a], [b]) => lengthOf(a) - lengthOf(b) || (a < b ? -1 : 1))
  const idf = kept.map(([, rows]) => Math.log((1 + column.length) / (1 + rows)) + 1)
  return { tokens, terms: kept.map(([term]) => term), idf }
}

/** Some of the terms, by ascending place. */
export const selectTerms = ({ tokens, terms, idf }: Terms, places: readonly number[]): Terms => ({
  tokens,
  terms: places.map((place) => terms[place]!),
  idf: places.map((place) => idf[place]!),
})

/** Number of tokens of a term. */
export const lengthOf = (term: string): number => term.split(' ').length

/** Each run of 1 to `longest` tokens of a text, with repetitions. */
export const eachTerm = (text: string, longest: number, take: (term: string) => void): void => {
  if (text === '') return
  const ends: number[] = []
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) ends.push(at)
  ends.push(text.length)
  let start = 0
  for (let first = 0; first < ends.length; first++) {
    const last = Math.min(first + longest, ends.length)
    for (let end = first; end < last; end++) take(text.slice(start, ends[end]!))
    start = ends[first]! + 1
  }
}
