import { PercallError } from '../errors.ts'
import type { BatchOutputFormat } from './batch.ts'
import { type ResultShape, resultNames } from './row-text.ts'

type Cell = unknown

/** A number whose digits a JavaScript number does not hold, kept as its text. */
type Exact = { readonly rawJSON: string }

const isExact = (value: unknown): value is Exact => typeof value === 'object' && value !== null && 'rawJSON' in value

/** Parses JSON; whole numbers beyond 2^53 keep their text (ECMAScript: JSON.parse source text access, JSON.rawJSON). */
export const parseExact = (text: string): unknown =>
  /\d{16}/.test(text)
    ? JSON.parse(text, (_: string, value: unknown, context?: { readonly source?: string }) =>
        Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
          ? (JSON as unknown as { rawJSON: (text: string) => Exact }).rawJSON(context.source) // newer than TypeScript's lib
          : value,
      )
    : JSON.parse(text)

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const csvCell = (value: Cell): string => {
  if (value === null || value === undefined) return ''
  if (isExact(value)) return value.rawJSON
  return quoted(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** A line of CSV by RFC 4180, without its end. */
const csvLine = (cells: readonly Cell[]): string => {
  const line = cells.map(csvCell).join(',')
  // A lone empty cell would be a blank line, which readers skip.
  return line === '' && cells.length === 1 ? '""' : line
}

type Labelled = { readonly label: unknown; readonly probabilities: Readonly<Record<string, unknown>> }

const isLabelled = (prediction: unknown): prediction is Labelled =>
  typeof prediction === 'object' && prediction !== null && 'label' in prediction && 'probabilities' in prediction

type WithInterval = {
  readonly prediction: unknown
  readonly interval: { readonly low: unknown; readonly high: unknown }
}

const hasInterval = (prediction: unknown): prediction is WithInterval =>
  typeof prediction === 'object' && prediction !== null && 'prediction' in prediction && 'interval' in prediction

/** `[4.9]`, a row of an output [n, 1], is one cell of a table. */
const unwrapped = (prediction: unknown): unknown =>
  Array.isArray(prediction) && prediction.length === 1 ? unwrapped(prediction[0]) : prediction

/** Writes one row of a result: the input's own columns, then the prediction; without one its cells are empty. */
export type ResultWriter = {
  /** First line of the file; none for JSON Lines. */
  readonly header?: string
  readonly line: (row: string, prediction: unknown) => string
}

const csvWriter = (columns: readonly string[], shape: ResultShape): ResultWriter => {
  const { classes, interval } = shape
  const labels = (classes ?? []).map(String)
  const cellsOf = (row: string): readonly Cell[] => {
    const value = parsedRow(row)
    if (value && isCells(value)) return value
    return columns.map((name) => (value !== undefined && Object.hasOwn(value, name) ? value[name] : null))
  }
  const line = (row: string, prediction: unknown): string => {
    const labelled = classes && isLabelled(prediction) ? prediction : undefined
    if (interval) {
      const answered = hasInterval(prediction) ? prediction : undefined
      return csvLine([...cellsOf(row), answered?.prediction, answered?.interval.low, answered?.interval.high])
    }
    const own = labelled ? labelled.label : unwrapped(prediction)
    return csvLine([...cellsOf(row), own, ...labels.map((label) => labelled?.probabilities[label])])
  }
  return { header: csvLine([...columns, ...resultNames(shape)]), line }
}

type Row = readonly Cell[] | Readonly<Record<string, Cell>>

const isCells = (row: Row): row is readonly Cell[] => Array.isArray(row)

/** Undefined for a line that is no JSON object: it was listed among the errors. */
const parsedRow = (row: string): Row | undefined => {
  try {
    const value = parseExact(row)
    return typeof value === 'object' && value !== null ? (value as Row) : undefined
  } catch {
    return undefined
  }
}

const jsonMembers = (prediction: unknown, { interval }: ResultShape): string => {
  if (isLabelled(prediction))
    return `"prediction":${JSON.stringify(prediction.label)},"probabilities":${JSON.stringify(prediction.probabilities)}`
  // A pushed model may have outputs of these names: its answer stays one member.
  if (interval && hasInterval(prediction))
    return `"prediction":${JSON.stringify(prediction.prediction)},"interval":${JSON.stringify(prediction.interval)}`
  return `"prediction":${JSON.stringify(prediction ?? null)}`
}

const jsonWriter = (columns: readonly string[], shape: ResultShape): ResultWriter => ({
  line: (row, prediction) => {
    const added = jsonMembers(prediction, shape)
    const value = parsedRow(row)
    if (value && isCells(value)) {
      const own = columns.map((name, place) => `${JSON.stringify(name)}:${JSON.stringify(value[place] ?? null)},`)
      return `{${own.join('')}${added}}`
    }
    if (value === undefined) return `{${added}}`
    // The row's own text: its numbers keep their digits.
    const inner = row.trim().slice(1, -1).trim()
    return `{${inner}${inner && ','}${added}}`
  },
})

/** How rows of a batch become lines of its result. */
export const resultWriter = (
  output: BatchOutputFormat,
  columns: readonly string[],
  shape: ResultShape,
): ResultWriter => (output === 'csv' ? csvWriter(columns, shape) : jsonWriter(columns, shape))

const shownLength = 60

/** The JSON text of an instance from a line of JSON Lines. Throws BAD_JSON, and BAD_REQUEST where the result needs the name of a member. */
export const lineInstance = (line: string): string => {
  const text = line.trim()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new PercallError('BAD_JSON', `expected one JSON object, ${cause instanceof Error ? cause.message : cause}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PercallError('BAD_JSON', `expected one JSON object, got ${text.slice(0, shownLength)}`)
  const taken = ['prediction', 'probabilities'].find((name) => Object.hasOwn(value, name))
  if (taken !== undefined)
    throw new PercallError('BAD_REQUEST', `member ${taken}: the result has one of this name; expected another name`)
  return text
}
