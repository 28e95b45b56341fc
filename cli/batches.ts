import type { PredictionBody } from '../client/bodies.ts'
import { ApiError, type Client } from '../client/client.ts'
import { declaredInputs } from '../client/models.ts'
import { type Predicted, predictRows } from '../client/rows.ts'
import { formatNano, parseNano } from '../src/money.ts'
import type { CsvRow } from './csv.ts'
import { type TypedRow, typedCells } from './typed-cells.ts'

// Far below the gateway's 6 MB for rows of some hundred columns.
const rowsPerCall = 500

export type BatchResult = {
  readonly predictions: readonly PredictionBody[]
  readonly version: string
  readonly calls: number
  readonly units: number
  /** The sum over the calls, exact. */
  readonly cost: string
}

/**
 * The first call, and the rows in the form that the model takes. Trained models parse text by what they saw in training,
 * so text goes first; a pushed one says BAD_VALUE to it, which is free, and gets the types that it declares.
 */
const firstCall = async (
  client: Client,
  model: string,
  rows: readonly CsvRow[],
  unknown: 'refuse' | 'ignore',
): Promise<{ readonly answer: Predicted; readonly cells: readonly TypedRow[] }> => {
  const call = predictRows(client)
  try {
    return { answer: await call(model, rows.slice(0, rowsPerCall), { unknown }), cells: rows }
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'BAD_VALUE')) throw error
    const cells = typedCells(await declaredInputs(client, model), rows)
    return { answer: await call(model, cells.slice(0, rowsPerCall), { unknown }), cells }
  }
}

/** `[4.9]`, a row of an output [n, 1], is its number. */
const unwrapped = (prediction: PredictionBody): PredictionBody =>
  Array.isArray(prediction) && prediction.length === 1 ? unwrapped(prediction[0]) : prediction

/** Calls a model with all rows, some hundred a call. The first call settles the version that the others use. */
export const predictAll = async (
  client: Client,
  model: string,
  rows: readonly CsvRow[],
  unknown: 'refuse' | 'ignore',
): Promise<BatchResult> => {
  const predictions: PredictionBody[] = []
  let [target, version, calls, units, costNano] = [model, '', 0, 0, 0n]
  const { answer: first, cells } = await firstCall(client, model, rows, unknown)
  for (let from = 0; from < rows.length; from += rowsPerCall) {
    const answer =
      from === 0 ? first : await predictRows(client)(target, cells.slice(from, from + rowsPerCall), { unknown })
    predictions.push(...answer.predictions.map(unwrapped))
    version = answer.version
    // An alias that moves in between must not mix the answers of two versions.
    target = version.replace('/', '@')
    calls += 1
    units += answer.units
    costNano += BigInt(parseNano('percall-cost', answer.cost))
  }
  return { predictions, version, calls, units, cost: formatNano(costNano) }
}
