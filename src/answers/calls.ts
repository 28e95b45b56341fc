import * as z from 'zod'
import { amount, errorCode, pageOf, problemAnswer, time } from './common.ts'

const state = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])

/** A call that is answered later: callView of src/call/async-call.ts. */
export const callAnswer = z.object({
  id: z.string(),
  state,
  model: z.string(),
  version: z.int(),
  createdAt: time,
  startedAt: time.exactOptional(),
  endedAt: time.exactOptional(),
  units: z.int().exactOptional(),
  cost: amount.exactOptional(),
  result: z.string().exactOptional(),
  error: problemAnswer.exactOptional(),
})

export const callsAnswer = pageOf('calls', callAnswer)

const progress = z.object({
  rows: z.int().exactOptional(),
  rowsSucceeded: z.int(),
  rowsFailed: z.int(),
  shards: z.int().exactOptional(),
  shardsDone: z.int().exactOptional(),
})

/** A file of rows: batchBody of functions/batches/body.ts. */
export const batchAnswer = z.object({
  id: z.string(),
  state,
  model: z.string(),
  version: z.int(),
  input: z.string(),
  format: z.enum(['csv', 'jsonl', 'parquet']),
  output: z.enum(['csv', 'jsonl']),
  progress,
  units: z.int(),
  cost: amount,
  failure: z.object({ code: errorCode, cause: z.string() }).exactOptional(),
  createdAt: time,
  endedAt: time.exactOptional(),
  links: z.object({ result: z.string(), errors: z.string() }),
})

export const batchesAnswer = pageOf('batches', batchAnswer)

export const rowErrorsAnswer = pageOf('errors', z.object({ row: z.int(), code: errorCode, message: z.string() }))
