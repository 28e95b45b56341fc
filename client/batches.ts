import type { BatchBody, BatchFormat, Page, RowErrorBody } from './bodies.ts'
import type { Client } from './client.ts'
import { BatchError } from './errors.ts'
import { newKey } from './idempotency-key.ts'
import { eachItem, type PageQuery } from './paging.ts'
import { type Content, sendUpload } from './uploads.ts'
import { untilEnded, type WaitOptions } from './wait.ts'

const pathOf = (id: string): string => `/v1/batches/${encodeURIComponent(id)}`

const mediaTypes = { csv: 'text/csv', jsonl: 'application/jsonl', parquet: 'application/vnd.apache.parquet' } as const

export type BatchOptions = {
  readonly format: BatchFormat
  /** CSV for CSV, else JSON Lines, by default. */
  readonly output?: 'csv' | 'jsonl' | undefined
  readonly unknown?: 'refuse' | 'ignore' | undefined
  /** The most that it may cost, a decimal in the deployment's currency; needed where calls are prepaid or capped. */
  readonly maxCost?: string | undefined
  readonly signal?: AbortSignal
  readonly idempotencyKey?: string
}

/** A file of rows, answered and charged row by row. Its id is enough to come back to it from elsewhere. */
export type Batch = {
  readonly id: string
  readonly status: () => Promise<BatchBody>
  /** The batch, once it has succeeded; rows may have failed in it. Throws BatchError when it failed or was cancelled. */
  readonly wait: (options?: WaitOptions<BatchBody>) => Promise<BatchBody>
  readonly cancel: () => Promise<BatchBody>
  /** The rows with their predictions, in the order of the file; as a stream, because it may be larger than memory. */
  readonly result: (signal?: AbortSignal) => Promise<ReadableStream<Uint8Array>>
  /** The rows that failed, with why. */
  readonly errors: () => AsyncIterable<RowErrorBody>
}

export const listBatches = async ({ request }: Client, query: PageQuery = {}): Promise<Page<'batches', BatchBody>> =>
  (await request<Page<'batches', BatchBody>>('GET', '/v1/batches', { query })).body

const rowErrors = async ({ request }: Client, id: string, query: PageQuery): Promise<Page<'errors', RowErrorBody>> =>
  (await request<Page<'errors', RowErrorBody>>('GET', `${pathOf(id)}/errors`, { query })).body

const open: readonly BatchBody['state'][] = ['queued', 'running']

// A batch that failed or was cancelled counts its shards until its sums are there.
const hasEnded = ({ state, progress }: BatchBody): boolean => !open.includes(state) && progress.shardsDone === undefined

const waitFor = async (client: Client, id: string, options: WaitOptions<BatchBody>): Promise<BatchBody> => {
  const batch = await untilEnded(client, options, async (signal) => {
    const { body, headers } = await client.request<BatchBody>('GET', pathOf(id), { signal })
    return { body, headers, ended: hasEnded(body) }
  })
  if (batch.state === 'succeeded') return batch
  const { code = 'BATCH_ENDED', cause = 'before all rows were answered' } = batch.failure ?? {}
  throw new BatchError(`batch ${id} ${batch.state}: ${cause}`, {
    code,
    hint: 'result and errors give what was done by then',
  })
}

/** A batch that was begun before, by its id. */
export const openBatch = (client: Client, id: string): Batch => ({
  id,
  status: async () => (await client.request<BatchBody>('GET', pathOf(id))).body,
  wait: (options = {}) => waitFor(client, id, options),
  cancel: async () =>
    (await client.request<BatchBody>('POST', `${pathOf(id)}/cancel`, { idempotencyKey: newKey() })).body,
  result: async (signal) =>
    (await client.request<ReadableStream<Uint8Array>>('GET', `${pathOf(id)}/result`, { as: 'stream', signal })).body,
  errors: () => eachItem('errors', (query) => rowErrors(client, id, query)),
})

/** Uploads a file of rows and begins to answer it. `model` is `name`, `name@alias` or `name@3`. */
export const submitBatch = async (
  client: Client,
  model: string,
  file: Content | string,
  { format, output, unknown, maxCost, signal, idempotencyKey = newKey() }: BatchOptions,
): Promise<Batch> => {
  const content = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const input = await sendUpload(client, mediaTypes[format], content, '/v1/uploads', signal)
  const body = { model, input, format, output, unknown, maxCost }
  const { id } = (await client.request<BatchBody>('POST', '/v1/batches', { body, idempotencyKey, signal })).body
  return openBatch(client, id)
}
