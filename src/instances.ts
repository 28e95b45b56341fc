import * as z from 'zod'
import { checkBody, parseJson } from './body.ts'
import type { Deployed, Question } from './call.ts'
import { type Row, rowsToTensors, type UnknownColumns } from './dataset/codec.ts'
import { encodedJson } from './encoded.ts'
import { PercallError } from './errors.ts'
import { isTabular, type TabularManifest } from './manifest.ts'
import { toPredictions } from './predictions.ts'
import { rawQuestion } from './tensor/raw-instances.ts'

const instancesSchema = z.object({
  // Cells are checked one by one by the codec, which names row and column.
  instances: z.custom<readonly unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    'expected an array of at least one instance',
  ),
})

const outputNames = ({ outputs }: TabularManifest): readonly string[] =>
  'prediction' in outputs ? [outputs.prediction] : [outputs.label, outputs.probabilities]

const manifestQuestion = (
  manifest: TabularManifest,
  instances: readonly unknown[],
  columns: UnknownColumns,
): Question => ({
  // rowsToTensors checks that each row is an object or an array, and each cell.
  inputs: rowsToTensors(manifest.codec, instances as readonly Row[], columns),
  outputs: outputNames(manifest),
  rows: instances.length,
  encode: (outputs) => encodedJson(JSON.stringify({ predictions: toPredictions(manifest, outputs) })),
})

/** `?unknown=ignore`. Throws BAD_REQUEST for another word. */
export const parseUnknown = (query: URLSearchParams): UnknownColumns => {
  const word = query.get('unknown') ?? 'refuse'
  if (word !== 'refuse' && word !== 'ignore')
    throw new PercallError('BAD_REQUEST', `unknown: expected refuse or ignore, got ${word}`)
  return { unknown: word }
}

/**
 * Reads `{"instances": [...]}`: rows by column name or in column order; for a model without a manifest, values by
 * input name. Throws BAD_JSON, BAD_REQUEST, UNKNOWN_COLUMN, BAD_CELL, and what rawQuestion throws.
 */
export const readInstances =
  (text: string, columns: UnknownColumns) =>
  ({ version, manifest }: Deployed): Question => {
    const { instances } = checkBody(instancesSchema, parseJson(text))
    return manifest && isTabular(manifest)
      ? manifestQuestion(manifest, instances, columns)
      : rawQuestion(version.signature, instances, columns.unknown)
  }
