import type { Client } from './client.ts'

export type BatchFormat = 'csv' | 'jsonl' | 'parquet'

export type BatchRequest = {
  readonly model: string
  /** Id of an upload. */
  readonly input: string
  readonly format: BatchFormat
  readonly output?: 'csv' | 'jsonl'
  readonly unknown?: 'refuse' | 'ignore'
}

export type BatchBody = {
  readonly id: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly model: string
  readonly version: number
  readonly progress: { readonly rows?: number; readonly rowsSucceeded: number; readonly rowsFailed: number }
  readonly units: number
  /** Exact decimal. */
  readonly cost: string
  readonly failure?: { readonly code: string; readonly cause: string }
}

const path = (id: string): string => `/v1/batches/${encodeURIComponent(id)}`

/** Starts a batch on an uploaded file. */
export const createBatch = async ({ request }: Client, body: BatchRequest): Promise<BatchBody> =>
  (await request<BatchBody>('POST', '/v1/batches', { body })).body

export const getBatch = async ({ request }: Client, id: string): Promise<BatchBody> =>
  (await request<BatchBody>('GET', path(id))).body

/** The text of a batch's result: CSV or JSON Lines. */
export const batchResult = async ({ request }: Client, id: string): Promise<string> =>
  (await request<string>('GET', `${path(id)}/result`)).body
