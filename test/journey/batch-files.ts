import { setTimeout } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Answer, Stack } from '../stack/stack.ts'

const pollMs = 50

/** Puts a file as an upload of the key's consumer, and answers its id. */
export const upload = async (
  { send }: Pick<Stack, 'send'>,
  key: string,
  bytes: Uint8Array | string,
): Promise<string> => {
  const body = Buffer.from(bytes)
  const asked = await send('POST', '/v1/uploads', { key, body: { contentType: 'text/csv', sizeBytes: body.length } })
  const put = await fetch(asked.body.url, { method: 'PUT', body, headers: asked.body.headers })
  if (asked.status !== 201 || put.status !== 200) throw new Error(`upload: ${asked.status}, ${put.status}`)
  return asked.body.id
}

/** Starts a batch on an upload of these bytes. */
export const startBatch = async (
  stack: Pick<Stack, 'send'>,
  key: string,
  bytes: Uint8Array | string,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer> =>
  stack.send('POST', '/v1/batches', { key, body: { input: await upload(stack, key, bytes), ...body } })

/** Waits until a batch has ended and its sums are there, and answers it. */
export const endOfBatch = async ({ send }: Pick<Stack, 'send'>, key: string, id: string) => {
  for (;;) {
    const { body } = await send('GET', `/v1/batches/${id}`, { key })
    const isOpen = ['queued', 'running'].includes(body.state) || body.progress.shardsDone !== undefined
    if (!isOpen) return body
    await setTimeout(pollMs)
  }
}

/** A batch from its file to its end. */
export const runBatch = async (
  stack: Pick<Stack, 'send'>,
  key: string,
  bytes: Uint8Array | string,
  body: Readonly<Record<string, unknown>>,
) => {
  const started = await startBatch(stack, key, bytes, body)
  if (started.status !== 202) throw new Error(`batch: expected 202, got ${JSON.stringify(started.body)}`)
  return endOfBatch(stack, key, started.body.id)
}

/** The same rows as Parquet, by DuckDB's own writer. */
export const parquetOf = async (csvFile: string, target: string): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT * FROM read_csv('${csvFile}')) TO '${target}' (FORMAT parquet)`)
  instance.closeSync()
}

/** CSV of one column `x`: 0, 1, 2 and so on. */
export const many = (count: number): string => `x\n${Array.from({ length: count }, (_, i) => i).join('\n')}\n`
