/** What a text is cut into. */
export type Tokens = 'words' | 'characters'

/**
 * Tokens of one cell that are read; what comes behind them is cut. A graph pads the tokens of all rows to the longest
 * row's number, 32 bytes each in ONNX Runtime, so one page among short notes must stay bounded.
 */
export const mostTokens: Readonly<Record<Tokens, number>> = { words: 1000, characters: 2000 }

/** Letters, digits and underscores with their marks, as Python's \w+; a pictograph is a word of its own. */
const word = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*|\p{Extended_Pictographic}/gu

/** Blanks and control characters, NUL among them, which ends a string in ONNX Runtime's binding. */
const gap = /[\s\p{Cc}]/u

/** U+2423, a blank's place among characters: a blank itself is what parts them. */
const blankSign = '␣'

/** Text in NFC -> its tokens in lower case and NFC, joined by one blank; '' when it has none. */
export const tokenText = (tokens: Tokens): ((text: string) => string) => {
  const cut = tokens === 'words' ? wordsOf : charactersOf
  // Only so much is lowered: a cell may have a megabyte.
  return (text) => cut(text, mostTokens[tokens]).join(' ').toLowerCase().normalize('NFC')
}

/** The words of a text that are read, by their token: each as it is spelt first. */
export const spellingsOf = (text: string): ReadonlyMap<string, string> => {
  const spellings = new Map<string, string>()
  for (const word of wordsOf(text.normalize('NFC'), mostTokens.words)) {
    const token = word.toLowerCase().normalize('NFC')
    if (!spellings.has(token)) spellings.set(token, word)
  }
  return spellings
}

const wordsOf = (text: string, most: number): readonly string[] =>
  text
    .matchAll(word)
    .take(most)
    .map(([found]) => found)
    .toArray()

const charactersOf = (text: string, most: number): readonly string[] => {
  const characters: string[] = []
  for (const character of text) {
    if (characters.length === most) break
    if (!gap.test(character)) characters.push(character)
    else if (characters.length > 0 && characters.at(-1) !== blankSign) characters.push(blankSign)
  }
  if (characters.at(-1) === blankSign) characters.pop()
  return characters
}
