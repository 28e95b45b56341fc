import type { CellBody, ContributionBody, ExplanationBody, ExplanationsBody } from '../client/explanation-body.ts'

/** How wide it may be, and whether it may have colours. */
export type Screen = { readonly columns: number; readonly colours: boolean }

const mostRows = 12
const mostNameCharacters = 28
const fewestBarCells = 10
const mostBarCells = 40
const digits = 3

/** Eighths of a cell, from its left. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const full = '█'
const paint = { up: '\u001b[31m', down: '\u001b[34m', end: '\u001b[0m' } as const

export const shownNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)))

const signed = (value: number): string => (value < 0 ? `-${shownNumber(-value)}` : `+${shownNumber(value)}`)

/** Characters of East Asian scripts take two columns of a terminal (UAX 11). */
const widthOf = (text: string): number =>
  Array.from(text).reduce(
    (width, character) =>
      width +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character)
        ? 2
        : 1),
    0,
  )

/** A terminal obeys control characters, and other people's values may have them. */
const tame = (text: string): string => text.replace(/\p{Cc}/gu, '\ufffd')

const cut = (text: string, most: number): string => {
  if (widthOf(text) <= most) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept + character) > most - 1) break
    kept += character
  }
  return `${kept}…`
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

const cellText = (value: CellBody): string =>
  value === null
    ? 'missing'
    : typeof value === 'number'
      ? shownNumber(value)
      : tame(value.toString().replace(/\s+/g, ' '))

/** What it was from and to, as blocks between two ends of `cells` columns. */
const bar = (from: number, to: number, cells: number): string => {
  const [low, high] = [Math.min(from, to) * cells, Math.max(from, to) * cells]
  const begin = Math.min(Math.floor(low), cells - 1)
  if (high - low < 1 / 8) return `${' '.repeat(begin)}${eighths[1]}`
  const wanted = high - begin
  const whole = Math.floor(wanted)
  // A terminal draws eighths from the left only: the left end is at a whole cell.
  const part = eighths[Math.round((wanted - whole) * 8)] ?? full
  return ' '.repeat(begin) + full.repeat(whole) + part
}

/** What is behind an amount: nothing where it is exact, a question mark where its error is unknown. */
export const errorText = (error: number | null | undefined): string =>
  error === undefined ? '' : ` ±${error === null ? '?' : shownNumber(error)}`

type Step = { readonly name: string; readonly from: number; readonly by: number; readonly error?: number | null }

const stepsOf = ({ baseValue, contributions }: ExplanationBody): readonly Step[] => {
  const strongest = contributions.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  const others = strongest.slice(mostRows)
  const steps: Step[] = []
  let from = baseValue
  const add = (name: string, by: number, error?: number | null): void => {
    steps.push({ name, from, by, ...(error !== undefined && { error }) })
    from += by
  }
  for (const { name, value, contribution, standardError } of strongest.slice(0, mostRows))
    add(`${tame(name)} = ${cellText(value)}`, contribution, standardError)
  if (others.length > 0)
    add(
      `${others.length} others`,
      others.reduce((sum: number, one: ContributionBody) => sum + one.contribution, 0),
    )
  return steps
}

/** What the model answers, where that is not what is explained. */
export const answeredLines = ({ answer, prediction, calibration }: ExplanationBody): readonly string[] => {
  if (answer === prediction) return []
  // A clip keeps shares off 0 and 1; nothing was fitted for it.
  const isCalibrated = calibration !== undefined && calibration.kind !== 'clip'
  return [`answered: ${shownNumber(answer)}${isCalibrated ? ' after calibration' : ''}`]
}

/** One explained row: its sentence, then a bar for each step from the usual answer to this one. */
export const waterfall = (
  explanation: ExplanationBody,
  { output }: Pick<ExplanationsBody, 'output'>,
  { columns, colours }: Screen,
): string => {
  const { baseValue, prediction, sentence, class: label } = explanation
  const steps = stepsOf(explanation)
  const ends = [baseValue, prediction, ...steps.flatMap(({ from, by }) => [from, from + by])]
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0)
  const names = steps.map(({ name }) => cut(name, mostNameCharacters))
  const amounts = steps.map(({ by, error }) => `${signed(by)}${errorText(error)}`)
  const nameWidth = Math.max(...names.map(widthOf), 'usual answer'.length)
  const amountWidth = Math.max(...amounts.map((text) => text.length), shownNumber(prediction).length)
  const cells = Math.max(fewestBarCells, Math.min(mostBarCells, columns - nameWidth - amountWidth - 4))
  const line = (name: string, amount: string, drawn: string): string =>
    `${padded(name, nameWidth)}  ${amount.padStart(amountWidth)}  ${drawn}`.trimEnd()
  const coloured = (text: string, by: number): string =>
    colours ? `${by < 0 ? paint.down : paint.up}${text}${paint.end}` : text
  const of = label === undefined ? output : `${output} of ${tame(String(label))}`
  return [
    tame(sentence),
    line(
      'usual answer',
      shownNumber(baseValue),
      `${' '.repeat(Math.min(cells - 1, Math.floor(share(baseValue) * cells)))}│ ${of}`,
    ),
    ...steps.map(({ from, by }, row) =>
      line(names[row]!, amounts[row]!, coloured(bar(share(from), share(from + by), cells), by)),
    ),
    line(
      'this answer',
      shownNumber(prediction),
      `${' '.repeat(Math.min(cells - 1, Math.floor(share(prediction) * cells)))}│`,
    ),
    ...answeredLines(explanation),
    ...counterfactualLines(explanation),
  ].join('\n')
}

/** What would have to be otherwise. */
export const counterfactualLines = ({ counterfactual }: ExplanationBody): readonly string[] => {
  if (counterfactual === undefined) return []
  if (!counterfactual.found) return [`another class: none found, ${tame(counterfactual.reason)}`]
  const { class: label, probability, changes } = counterfactual
  const told = changes.map(({ column, from, to }) => `${tame(column)} ${cellText(to)} instead of ${cellText(from)}`)
  return [`${tame(String(label))} (probability ${shownNumber(probability)}) with ${told.join(', ')}`]
}
