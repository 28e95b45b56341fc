import type { Phrases } from './phrases.ts'

const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

export const englishPhrases: Phrases = {
  missing: 'missing',
  reason: (column, value, adds) => `${column} ${value} (${adds})`,
  words: (words) => `with ${list(words)}`,
  list,
  output: (output) => {
    if (output.kind === 'value') return output.target
    if (output.kind === 'logarithm') return `The logarithm of ${output.target}`
    const what = output.kind === 'probability' ? 'The probability' : 'The log-odds score'
    return `${what} of ${output.target}${output.class === undefined ? '' : ` = ${output.class}`}`
  },
  served: (answer, { kind }, served) => {
    const own = served.calibrated ? `${served.answer} after calibration` : served.answer
    return kind === 'margin' ? `${answer} (probability ${own})` : `${answer} (answered: ${own})`
  },
  above: (output, { answer, usual, by }) => `${output} is ${answer}, ${by} above the usual ${usual}`,
  below: (output, { answer, usual, by }) => `${output} is ${answer}, ${by} below the usual ${usual}`,
  near: (output, { answer, usual }) => `${output} is ${answer}, close to the usual ${usual}`,
  because: (raising, lowering) => {
    const lowers = `lowered by ${lowering}`
    if (raising === undefined) return `It is mainly ${lowers}`
    return `It is mainly raised by ${raising}${lowering === undefined ? '' : ` and ${lowers}`}`
  },
  cancel: (raising, lowering) => `What raises it, ${raising}, and what lowers it, ${lowering}, nearly cancel out`,
  doubtful: (because, columns) => `${because}; ${columns} may matter too, but within the error of the estimate`,
  errorUnknown: (because) => `${because}; this is one rough estimate, whose error is unknown`,
  nothingSure: 'No column stands out from the error of the estimate',
  nothing: 'No column moves it',
  sentences: (sentences) => sentences.map((sentence) => `${sentence}.`).join(' '),
}
