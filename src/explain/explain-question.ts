import type { RunRows } from '../call/converse.ts'
import type { Deployed } from '../call/deployed.ts'
import { encodedJson } from '../call/encoded.ts'
import { type RowsBody, rowsQuestion } from '../call/instances.ts'
import type { Question } from '../call/question.ts'
import { type CsvTable, readCsvTable } from '../csv/csv-table.ts'
import type { UnknownColumns } from '../dataset/codec.ts'
import { PercallError } from '../errors.ts'
import { isTabular } from '../registry/manifest.ts'
import { type AsWritten, asWritten } from './as-written.ts'
import type { ColumnRange } from './column-range.ts'
import type { Counterfactual } from './counterfactual.ts'
import { explainCounterfactuals, requireCounterfactual } from './explain-counterfactual.ts'
import { csvExplainOptions, type ExplainOptions, parseExplainBody } from './explain-request.ts'
import type { ExplainRequest, Explanation, RowExplanation } from './explanation.ts'
import { type Reason, sentence, type Told } from './sentence.ts'
import { type WordEffect, wordEffects } from './word-effects.ts'

export type ExplainingPorts = {
  /** Throws BAD_REQUEST, NOT_EXPLAINABLE, BUDGET_TOO_SMALL, BAD_BACKGROUND, and what `runRows` throws. */
  readonly explain: (deployed: Deployed, request: ExplainRequest, runRows: RunRows) => Promise<Explanation>
  /** Throws what `explain` does, as far as it shows without the model's answers. */
  readonly requireExplainable: (deployed: Deployed, request: ExplainRequest) => Promise<void>
  /** Of the rows that a version was trained on; undefined where none are kept. */
  readonly rangesOf: (deployed: Deployed) => Promise<readonly ColumnRange[] | undefined>
}

/** What is told of one row, in its caller's digits and spelling. */
type Findings = { readonly row: RowExplanation; readonly words: readonly WordEffect[]; readonly other?: Counterfactual }

const inOwnWords = ({ cell, term }: AsWritten, place: number, { row, words, other }: Findings): Findings => ({
  row: {
    ...row,
    contributions: row.contributions.map((one) => ({ ...one, value: cell(place, one.name, one.value) })),
  },
  words: words.map((one) => ({ ...one, word: term(place, one.column, one.word) })),
  ...(other && {
    other: other.found
      ? { ...other, changes: other.changes.map((one) => ({ ...one, from: cell(place, one.column, one.from) })) }
      : other,
  }),
})

/** One explained row as it leaves. */
type Explained = RowExplanation & {
  readonly sentence: string
  /** Of texts whose parts are not known, strongest first. */
  readonly words?: readonly WordEffect[]
  readonly counterfactual?: Counterfactual
}

type Asked =
  | { readonly kind: 'json'; readonly instances: readonly unknown[]; readonly options: ExplainOptions }
  | { readonly kind: 'csv'; readonly table: CsvTable; readonly options: ExplainOptions }

const askedOf = ({ kind, text }: RowsBody, query: URLSearchParams): Asked =>
  kind === 'csv'
    ? { kind, table: readCsvTable(text), options: csvExplainOptions(query) }
    : { kind, ...parseExplainBody(text, query) }

/** Below this a difference from the base is close to it: of a probability, of a log-odds score, and of a value as its share. */
const small = { probability: 0.01, margin: 0.05, value: 0.01 } as const

/** The words of a text are the parts of its column, named `column~word`. */
const wordsOf = (name: string, parts: RowExplanation['contributions'][number]['parts']) =>
  (parts ?? []).flatMap(({ feature, contribution }) =>
    feature.startsWith(`${name}~`) ? [{ word: feature.slice(name.length + 1), contribution }] : [],
  )

const reasonOf = (
  { name, value, contribution, standardError, parts }: RowExplanation['contributions'][number],
  effects: readonly WordEffect[],
  spelt: (column: string, word: string) => string,
): Reason => {
  const known = wordsOf(name, parts).map((one) => ({ ...one, word: spelt(name, one.word) }))
  const left = effects.flatMap(({ column, word, effect }) => (column === name ? [{ word, contribution: effect }] : []))
  const words = known.length > 0 ? known : left
  return {
    ...{ column: name, value, contribution },
    ...(standardError !== undefined && { standardError }),
    ...(words.length > 0 && { words }),
    ...(known.length === 0 && { wordsOnly: true as const }),
  }
}

const targetOf = ({ version, manifest }: Deployed): string =>
  manifest && isTabular(manifest) ? manifest.target.name : version.model

const toldOutput = (
  deployed: Deployed,
  output: Explanation['output'],
  label: RowExplanation['class'],
): Told['output'] => {
  const target = targetOf(deployed)
  if (output === 'value') return { kind: 'value', target }
  // Of a regression that a run made the margin is what its log link makes a value of.
  if (output === 'margin' && label === undefined && deployed.version.explainerDigest !== undefined)
    return { kind: 'logarithm', target }
  return { kind: output, target, ...(label !== undefined && { class: String(label) }) }
}

/** A clip keeps shares off 0 and 1; nothing was fitted for it. */
const isCalibrated = ({ calibration }: RowExplanation): boolean =>
  calibration !== undefined && calibration.kind !== 'clip'

/** A row's explanation as it is told in words. */
const toldOf = (
  deployed: Deployed,
  output: Explanation['output'],
  row: RowExplanation,
  effects: readonly WordEffect[],
  spelt: (column: string, word: string) => string,
): Told => {
  const { baseValue, prediction, answer, contributions } = row
  const isOther = output === 'margin' || row.calibration !== undefined
  return {
    output: toldOutput(deployed, output, row.class),
    base: baseValue,
    answer: prediction,
    ...(isOther && { served: answer }),
    calibrated: isCalibrated(row),
    reasons: contributions.map((one) => reasonOf(one, effects, spelt)),
    small: output === 'value' ? small.value * Math.abs(baseValue) : small[output],
  }
}

const backgroundOf = (deployed: Deployed, rows: readonly unknown[], columns: UnknownColumns) => {
  try {
    return rowsQuestion({ kind: 'json', instances: rows }, 'json', columns)(deployed).inputs
  } catch (cause) {
    if (!(cause instanceof PercallError)) throw cause
    throw new PercallError('BAD_BACKGROUND', `background, ${cause.message}`, { cause })
  }
}

const requestOf = (
  deployed: Deployed,
  inputs: Question['inputs'],
  { method, class: label, interactions, budget, seed, background }: ExplainOptions,
  columns: UnknownColumns,
): ExplainRequest => ({
  inputs,
  ...(method !== undefined && { method }),
  ...(label !== undefined && { class: label }),
  ...(interactions !== undefined && { interactions }),
  ...(budget !== undefined && { budget }),
  ...(seed !== undefined && { seed }),
  ...(background !== undefined && { background: backgroundOf(deployed, background, columns) }),
})

/**
 * Reads rows as readRows does, with options in the body or the query, to be answered by their explanations in JSON. Throws
 * what readRows and parseExplainBody throw, BAD_BACKGROUND, WRONG_TASK for a model that does not answer rows, and, when
 * it is asked, what the ports throw.
 */
export const readExplain =
  ({ explain, requireExplainable, rangesOf }: ExplainingPorts) =>
  (body: RowsBody, query: URLSearchParams, columns: UnknownColumns) =>
  (deployed: Deployed): Question => {
    const { manifest, version } = deployed
    if (manifest && !isTabular(manifest))
      throw new PercallError(
        'WRONG_TASK',
        `model ${version.model}: expected one that answers rows, got ${manifest.task}`,
      )
    const { options, ...rows } = askedOf(body, query)
    const question = rowsQuestion(rows, 'json', columns)(deployed)
    const request = requestOf(deployed, question.inputs, options, columns)
    const written = asWritten(rows, manifest?.codec.columns ?? [])
    const { language = 'en', counterfactual: wished = false } = options
    const wishes = wished === true ? {} : wished
    const rangesFor = async () => {
      if (wishes === false) return undefined
      const ranges = await rangesOf(deployed)
      requireCounterfactual(deployed, ranges, wishes)
      return ranges
    }
    const check = async (): Promise<void> => {
      await rangesFor()
      await requireExplainable(deployed, request)
    }
    const converse = async (runRows: RunRows) => {
      const ranges = await rangesFor()
      const explanation = await explain(deployed, request, runRows)
      const others =
        wishes === false ? [] : await explainCounterfactuals(deployed, ranges, question.inputs, runRows, wishes)
      const { rows: explained, ...common } = explanation
      const words = manifest ? await wordEffects(manifest, question.inputs, explained, runRows) : []
      const explanations = explained.map((row, place): Explained => {
        const other = others[place]
        const found = { row, words: words[place] ?? [], ...(other && { other }) }
        const own = inOwnWords(written, place, found)
        const spelt = (column: string, word: string): string => written.term(place, column, word)
        return {
          ...own.row,
          sentence: sentence(toldOf(deployed, explanation.output, own.row, own.words, spelt), language),
          ...(own.words.length > 0 && { words: own.words }),
          ...(own.other && { counterfactual: own.other }),
        }
      })
      return encodedJson(JSON.stringify({ ...common, language, explanations }))
    }
    return { ...question, explained: true, check, converse }
  }
