import { type CountedText, cellCount } from './column-texts.ts'

/** Fewer distinct texts are groups, however long. */
const leastDistinct = 20
const leastDistinctShare = 0.2
/** Names and addresses are shorter. */
const leastWords = 4
const leastCharacters = 20
/** A word of Chinese or Japanese has about two characters. */
const leastIdeographs = 10

/** Scripts that write no blanks between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu

/** Two characters or more, a letter among them: also codes, such as products or terms that were made anonymous (`w17`). */
const wordOfText = /[\p{N}_]+\p{L}[\p{L}\p{M}\p{N}_]*|\p{L}[\p{L}\p{M}\p{N}_]+/gu

/** Only so many texts are looked at, and so much of each: a cell may have a megabyte. */
const mostTexts = 2000
const mostCharacters = 500

/** Whether texts are sentences to learn words from: long, many distinct, several words each. */
export const isProse = (texts: readonly CountedText[]): boolean => {
  if (texts.length < Math.max(leastDistinct, leastDistinctShare * cellCount(texts))) return false
  const looked = texts.slice(0, mostTexts).map(({ text }) => text.slice(0, mostCharacters))
  const mean = (measure: (text: string) => number): number =>
    looked.reduce((sum, text) => sum + measure(text), 0) / looked.length
  if (mean((text) => text.match(unspaced)?.length ?? 0) >= leastIdeographs) return true
  // Markup and serialised data have few words between blanks.
  const words = mean((text) => text.match(wordOfText)?.length ?? 0)
  const gaps = mean((text) => text.match(/\s+/g)?.length ?? 0)
  return Math.min(words, gaps + 1) >= leastWords && mean((text) => text.length) >= leastCharacters
}
