import { type Nano, toNano } from '../billing/money.ts'
import type { ReservedSlot } from '../ledger/reservation.ts'
import type { UsageRow } from '../ledger/usage-row.ts'
import type { Label } from '../registry/manifest.ts'
import type { BatchFailure, BatchTotals } from './batch.ts'

/** One shard in the list that the machine reads; rows count from 1. */
export type Shard = {
  readonly number: number
  readonly key: string
  readonly firstRow: number
  readonly rows: number
}

/** What the split of a file decided, once: every worker reads it. */
export type BatchPlan = {
  readonly shards: number
  readonly rows: number
  /** The JSON list of shards. */
  readonly itemsKey: string
  /** Names of a table's columns; of JSON Lines only where the result is CSV. */
  readonly columns: readonly string[]
  /** Of a classification: the result has their probabilities. */
  readonly classes?: readonly Label[]
  /** Of a regression: the result has both ends of its interval. */
  readonly interval?: true
  /** First line of the result; none for JSON Lines. */
  readonly header?: string
}

/** Where a shard's answer lies, and its counts: as immutable as the object that holds it. */
export type ShardResult = {
  readonly key: string
  readonly rowsSucceeded: number
  readonly rowsFailed: number
  /** Of the rows that were answered; absent for a model without tokens. */
  readonly tokens?: number
  /** JSON list of the failed rows; absent where there are none. */
  readonly errorsKey?: string
}

/** What a shard answered and was charged. `failure`: no attempt could answer it, so all of its rows failed. */
export type ShardProgress = ShardResult & {
  readonly number: number
  readonly units: number
  readonly costNano: Nano
  readonly failure?: BatchFailure
}

/** A failed row of a batch, by its number in the file. */
export type RowError = { readonly row: number; readonly code: string; readonly message: string }

export const countRows = (
  results: readonly Pick<ShardResult, 'rowsSucceeded' | 'rowsFailed'>[],
): Pick<BatchTotals, 'rowsSucceeded' | 'rowsFailed'> => ({
  rowsSucceeded: results.reduce((sum, { rowsSucceeded }) => sum + rowsSucceeded, 0),
  rowsFailed: results.reduce((sum, { rowsFailed }) => sum + rowsFailed, 0),
})

/** Rows of a closed chain: what was charged, and nothing else ever will be. */
export const chargedRows = (slots: readonly ReservedSlot[]): readonly UsageRow[] =>
  slots.filter((slot) => slot.kind === 'row')

/** Units and cost of what was charged, exact. */
export const settledCost = (
  rows: readonly Pick<UsageRow, 'units' | 'costNano'>[],
): Pick<BatchTotals, 'units' | 'costNano'> => ({
  units: rows.reduce((sum, { units }) => sum + units, 0),
  costNano: toNano(rows.reduce((sum, { costNano }) => sum + BigInt(costNano), 0n)),
})
