import * as z from 'zod'
import type { Principal } from '../access/principal.ts'
import { formatNano, type Nano, zeroNano } from '../billing/money.ts'
import { needsLease } from '../billing/plan.ts'
import type { Price } from '../billing/price.ts'
import { dataFormats } from '../dataset/dataset.ts'
import { type ErrorCode, PercallError } from '../errors.ts'
import { mostCost, type Reservation } from '../ledger/reservation.ts'
import { type Caught, failureOf } from '../run/failure.ts'

export type BatchState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Why a whole batch ended; single rows have their own errors. */
export type BatchFailure = { readonly code: ErrorCode; readonly cause: string }

/** What was answered and what it cost: exact once the batch has ended, a lower bound before. */
export type BatchTotals = {
  readonly rowsSucceeded: number
  readonly rowsFailed: number
  readonly units: number
  readonly costNano: Nano
}

/** A file of rows for one version of a model. Its id is the name of its execution and of its chain of usage rows. */
export type Batch = {
  readonly id: string
  readonly consumerId: string
  readonly model: string
  /** Fixed at admission, whatever becomes of the alias. */
  readonly version: number
  readonly upload: string
  /** The uploaded object; `versionId` pins its bytes. */
  readonly input: { readonly key: string; readonly versionId?: string }
  readonly format: BatchInputFormat
  readonly output: BatchOutputFormat
  readonly unknown: 'refuse' | 'ignore'
  readonly state: BatchState
  readonly requestId: string
  readonly createdAtMs: number
  /** Seconds since 1970: from then on neither it nor its result is there, and DynamoDB may delete it. */
  readonly expires: number
  /** Key, hour and price as they were fixed at admission. */
  readonly reservation: Reservation
  /** The caller's own limit, which the reservation holds where calls are capped: no shard starts above it. */
  readonly maxCostNano?: Nano
  /** Known once the file was split. */
  readonly rows?: number
  readonly shards?: number
  readonly endedAtMs?: number
  readonly totals?: BatchTotals
  readonly failure?: BatchFailure
}

export type BatchInputFormat = (typeof dataFormats)[number]
export const outputFormats = ['csv', 'jsonl'] as const
export type BatchOutputFormat = (typeof outputFormats)[number]

export const batchRequestSchema = z.strictObject({
  model: z.string(),
  /** Id of an upload of the same consumer. */
  input: z.string(),
  format: z.enum(dataFormats),
  output: z.enum(outputFormats).optional(),
  unknown: z.enum(['refuse', 'ignore']).optional(),
  /** The most that the batch may cost, a decimal; not for prices by the token. Consumers whose calls are capped must say it: so much is reserved. */
  maxCost: z.string().optional(),
})

/** Rows come back as they came; Parquet's typed cells keep their types as JSON Lines. */
export const usualOutput = (format: BatchInputFormat): BatchOutputFormat => (format === 'csv' ? 'csv' : 'jsonl')

export const openBatchStates: readonly BatchState[] = ['queued', 'running']

export const isOpenBatch = ({ state }: Pick<Batch, 'state'>): boolean => openBatchStates.includes(state)

/** The data bucket's lifecycle removes the files of a batch after as many days, never earlier. */
const batchDays = 7
const daySeconds = 24 * 3600
const msPerSecond = 1000

export const batchExpires = (createdAtMs: number): number =>
  Math.ceil(createdAtMs / msPerSecond) + batchDays * daySeconds

/** DynamoDB deletes expired items days late: whether one is kept is decided by its time. */
export const isKept = ({ expires }: Pick<Batch, 'expires'>, nowMs: number): boolean => expires * msPerSecond > nowMs

export const unknownBatch = (id: string): PercallError => new PercallError('UNKNOWN_BATCH', `batch ${id}: none is kept`)

/** Where everything of a batch lies in the data bucket. */
export const batchKey = ({ consumerId, id }: Pick<Batch, 'consumerId' | 'id'>, name: string): string =>
  `batches/${consumerId}/${id}/${name}`

export const resultName = ({ model, id, output }: Batch): string => `${model}-${id}.${output}`

export const batchEnded = ({ id, state }: Pick<Batch, 'id' | 'state'>): PercallError =>
  new PercallError('BATCH_ENDED', `batch ${id}: expected it to be open, it is ${state}`)

/** What a Catch of the machine knows -> the failure that the caller reads. */
export const batchFailure = (caught: Caught<string>): BatchFailure => {
  const { code, cause } = failureOf(caught)
  return { code, cause }
}

/** What a batch reserves. Throws BAD_REQUEST where it is to keep to an amount, and nobody can tell what it costs at most. */
export const batchNeed =
  ({ account, limit }: Principal, maxCostNano: Nano | undefined) =>
  (price: Price | undefined): Nano => {
    if (!price) return zeroNano
    const isCapped = needsLease(account, limit)
    // Rows are counted before any runs; tokens only by running them.
    if (price.unit === 'token' && isCapped)
      throw new PercallError(
        'BAD_REQUEST',
        'batch: expected a price by the row or call, calls of this consumer are capped',
      )
    if (price.unit === 'token' && maxCostNano !== undefined)
      throw new PercallError(
        'BAD_REQUEST',
        'body.maxCost: expected none for a price by the token, whose cost is known only after the rows have run',
      )
    if (!isCapped) return zeroNano
    if (maxCostNano === undefined)
      throw new PercallError('BAD_REQUEST', 'body.maxCost: expected the most that the batch may cost, calls are capped')
    return maxCostNano
  }

/** Throws PAYMENT_REQUIRED for a file whose rows may cost more than the caller allowed: nothing has run, and it is free. */
export const requireWithin = ({ maxCostNano, reservation }: Batch, rows: number): void => {
  if (maxCostNano === undefined) return
  const cost = mostCost('batch', reservation.price, { row: rows })
  if (cost > maxCostNano)
    throw new PercallError(
      'PAYMENT_REQUIRED',
      `batch: expected a cost of at most ${formatNano(maxCostNano)}, its ${rows} rows may cost ${formatNano(cost)}`,
    )
}
