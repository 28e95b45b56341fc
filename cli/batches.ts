import type { PredictionBody } from '../client/bodies.ts'
import type { Client } from '../client/client.ts'
import { type Predicted, predictRows } from '../client/rows.ts'
import { keyOfCall } from './call-keys.ts'
import type { CsvRow } from './csv.ts'
import { inCalls, pinned, type Sending, type Totals, totalsOf } from './in-calls.ts'
import { type AskWithText, textRows } from './text-rows.ts'

/** Far below the gateway's 6 MB for rows of some hundred columns. */
export const rowsPerCall = 500

export type BatchResult = Totals & {
  /** Of the first rows, where a later call was refused. */
  readonly predictions: readonly PredictionBody[]
  readonly version: string
}

type RowsSending = Sending & {
  readonly unknown: 'refuse' | 'ignore'
  readonly callsKey?: string
  /** How rows of text get the form that the model takes. */
  readonly ask?: AskWithText
}

/** `[4.9]`, a row of an output [n, 1], is its number. */
const unwrapped = (prediction: PredictionBody): PredictionBody =>
  Array.isArray(prediction) && prediction.length === 1 ? unwrapped(prediction[0]) : prediction

/** Calls a model with rows, some hundred a call, as far as they are answered. The first call settles the version that the others use. */
export const predictRest = async (
  client: Client,
  model: string,
  rows: readonly CsvRow[],
  { unknown, callsKey, ask = textRows(client, model), ...sending }: RowsSending,
): Promise<{ readonly result: BatchResult; readonly stopped?: unknown }> => {
  const { answers, stopped } = await inCalls<CsvRow, Predicted>(
    rows,
    rowsPerCall,
    (part, first) =>
      ask(part, (own) => {
        const target = first ? pinned(first.version) : model
        const idempotencyKey = callsKey === undefined ? undefined : keyOfCall(callsKey, target, own)
        return predictRows(client)(target, own, { unknown, idempotencyKey, signal: sending.interrupt?.signal })
      }),
    sending,
  )
  const predictions = answers.flatMap((answer) => answer.predictions.map(unwrapped))
  const result = { predictions, version: answers[0]!.version, ...totalsOf(answers) }
  return stopped === undefined ? { result } : { result, stopped }
}

/** Calls a model with all rows. Throws what any of the calls throws. */
export const predictAll = async (...asked: Parameters<typeof predictRest>): Promise<BatchResult> => {
  const { result, stopped } = await predictRest(...asked)
  if (stopped !== undefined) throw stopped
  return result
}
