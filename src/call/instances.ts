import * as z from 'zod'
import { checkBody, parseJson } from '../body.ts'
import { predictionColumns, rawColumns } from '../csv/answer-columns.ts'
import { type Echo, encodeCsv } from '../csv/csv-answer.ts'
import { csvColumns, csvInstances } from '../csv/csv-instances.ts'
import { type CsvTable, readCsvTable } from '../csv/csv-table.ts'
import { echoInstances } from '../csv/instance-echo.ts'
import { columnsToTensors, type Row, rowsToTensors, type UnknownColumns } from '../dataset/codec.ts'
import { PercallError } from '../errors.ts'
import { isTabular, type TabularManifest } from '../registry/manifest.ts'
import type { Signature } from '../registry/signature.ts'
import { rawQuestion } from '../tensor/raw-instances.ts'
import type { Deployed } from './deployed.ts'
import { encodedJson } from './encoded.ts'
import { toPredictions } from './predictions.ts'
import type { Question } from './question.ts'

export const instancesSchema = z.object({
  // Cells are checked one by one by the codec, which names row and column.
  instances: z.custom<readonly unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    'expected an array of at least one instance',
  ),
})

/** Rows as they came: JSON instances, or a table of text. */
export type Rows =
  | { readonly kind: 'json'; readonly instances: readonly unknown[] }
  | { readonly kind: 'csv'; readonly table: CsvTable }

type RowFormat = Rows['kind']

/** Rows of a body whose JSON may have more members than they are. Throws BAD_JSON, BAD_TABLE, BAD_REQUEST. */
const parseRows = (kind: RowFormat, text: string): Rows =>
  kind === 'csv'
    ? { kind, table: readCsvTable(text) }
    : { kind, instances: checkBody(instancesSchema, parseJson(text)).instances }

const echoOf = (rows: Rows, columns: readonly string[]): Echo =>
  rows.kind === 'csv' ? rows.table : echoInstances(rows.instances, columns)

const outputNames = ({ outputs }: TabularManifest): readonly string[] => {
  if ('label' in outputs) return [outputs.label, outputs.probabilities]
  const { prediction, interval } = outputs
  return interval ? [prediction, interval.low, interval.high] : [prediction]
}

const linePlace =
  ({ lineNumbers }: CsvTable) =>
  (row: number): string =>
    `line ${lineNumbers[row]}`

const manifestQuestion = (
  manifest: TabularManifest,
  rows: Rows,
  { unknown }: UnknownColumns,
  answer: RowFormat,
): Question => {
  const { codec } = manifest
  const names = codec.columns.map(({ name }) => name)
  const inputs =
    rows.kind === 'csv'
      ? columnsToTensors(codec, csvColumns(rows.table, names, unknown), linePlace(rows.table))
      : // rowsToTensors checks that each row is an object or an array, and each cell.
        rowsToTensors(codec, rows.instances as readonly Row[], { unknown })
  const echo = answer === 'csv' ? echoOf(rows, names) : undefined
  return {
    inputs,
    outputs: outputNames(manifest),
    rows: rows.kind === 'csv' ? rows.table.lines.length - 1 : rows.instances.length,
    encode: (outputs) =>
      echo
        ? encodeCsv(echo, predictionColumns(manifest, outputs))
        : encodedJson(JSON.stringify({ predictions: toPredictions(manifest, outputs) })),
  }
}

const signatureQuestion = (
  signature: Signature,
  rows: Rows,
  { unknown }: UnknownColumns,
  answer: RowFormat,
): Question => {
  const question =
    rows.kind === 'csv'
      ? rawQuestion(signature, csvInstances(rows.table, signature, unknown), 'refuse')
      : rawQuestion(signature, rows.instances, unknown)
  if (answer === 'json') return question
  const echo = echoOf(
    rows,
    question.inputs.map(({ name }) => name),
  )
  return { ...question, encode: (outputs) => encodeCsv(echo, rawColumns(outputs, question.rows)) }
}

/** `?unknown=ignore`. Throws BAD_REQUEST for another word. */
export const parseUnknown = (query: URLSearchParams): UnknownColumns => {
  const word = query.get('unknown') ?? 'refuse'
  if (word !== 'refuse' && word !== 'ignore')
    throw new PercallError('BAD_REQUEST', `unknown: expected refuse or ignore, got ${word}`)
  return { unknown: word }
}

/** Rows in a body, and how their predictions leave. */
export type RowsBody = { readonly kind: RowFormat; readonly text: string; readonly answer: RowFormat }

/**
 * Reads `{"instances": [...]}` (rows by column name or in column order) or CSV with a header; for a model without a
 * manifest, values by input name. Throws BAD_JSON, BAD_TABLE, BAD_REQUEST, UNKNOWN_COLUMN, BAD_CELL, TOO_LARGE, and what
 * csvInstances and rawQuestion throw.
 */
export const readRows =
  ({ kind, text, answer }: RowsBody, columns: UnknownColumns) =>
  (deployed: Deployed): Question =>
    rowsQuestion(parseRows(kind, text), answer, columns)(deployed)

/** The question of rows that were read already. Throws what readRows throws of cells and columns. */
export const rowsQuestion =
  (rows: Rows, answer: RowFormat, columns: UnknownColumns) =>
  ({ version, manifest }: Deployed): Question =>
    manifest && isTabular(manifest)
      ? manifestQuestion(manifest, rows, columns, answer)
      : signatureQuestion(version.signature, rows, columns, answer)

/** Reads `{"instances": [...]}` to be answered in JSON. Throws what readRows throws. */
export const readInstances = (text: string, columns: UnknownColumns): ((deployed: Deployed) => Question) =>
  readRows({ kind: 'json', text, answer: 'json' }, columns)
