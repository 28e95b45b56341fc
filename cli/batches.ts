import type { PredictionBody } from '../client/bodies.ts'
import { predictRows } from '../client/calls.ts'
import type { Client } from '../client/client.ts'
import { formatNano, parseNano } from '../src/money.ts'
import type { CsvRow } from './csv.ts'

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

/** Calls a model with all rows, some hundred a call. The first call settles the version that the others use. */
export const predictAll = async (
  client: Client,
  model: string,
  rows: readonly CsvRow[],
  unknown: 'refuse' | 'ignore',
): Promise<BatchResult> => {
  const predictions: PredictionBody[] = []
  let [target, version, calls, units, costNano] = [model, '', 0, 0, 0n]
  for (let from = 0; from < rows.length; from += rowsPerCall) {
    const answer = await predictRows(client)(target, rows.slice(from, from + rowsPerCall), { unknown })
    predictions.push(...answer.predictions)
    version = answer.version
    // An alias that moves in between must not mix the answers of two versions.
    target = version.replace('/', '@')
    calls += 1
    units += answer.units
    costNano += BigInt(parseNano('percall-cost', answer.cost))
  }
  return { predictions, version, calls, units, cost: formatNano(costNano) }
}
