import { randomUUID } from 'node:crypto'
import { GetObjectCommand, HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { ShardAnswer } from '../../src/batch/answer-shard.ts'
import { type Batch, batchKey, resultName } from '../../src/batch/batch.ts'
import type { BatchPlan, ShardResult } from '../../src/batch/progress.ts'
import { writeObject } from '../aws/object-writer.ts'
import { putIfAbsent } from '../aws/put-if-absent.ts'
import type { DataBucket } from '../datasets/uploads.ts'

type BatchPlace = Pick<Batch, 'consumerId' | 'id'>

const notFound = 404

const hasStatus = (thrown: unknown, status: number): boolean =>
  thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === status

const planName = 'plan.json'

const readText = async ({ objects, bucket }: DataBucket, key: string): Promise<string> => {
  const { Body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  if (!Body) throw new Error(`object ${key}: expected text, got an empty answer`)
  return Body.transformToString()
}

const readJson = async <Value>(data: DataBucket, key: string): Promise<Value> => JSON.parse(await readText(data, key))

/** Puts a text under a name of its own in the batch's folder, and answers its key: no attempt touches another's. */
export const putOwn =
  (data: DataBucket) =>
  async (batch: BatchPlace, name: string, text: string): Promise<string> => {
    const key = batchKey(batch, `${name}-${randomUUID()}`)
    await putIfAbsent(data, key, text)
    return key
  }

export const findPlan =
  (data: DataBucket) =>
  async (batch: BatchPlace): Promise<BatchPlan | undefined> => {
    try {
      return await readJson<BatchPlan>(data, batchKey(batch, planName))
    } catch (thrown) {
      if (hasStatus(thrown, notFound)) return undefined
      throw thrown
    }
  }

/** Keeps the plan if there is none, and answers the one that holds. */
export const fixPlan =
  (data: DataBucket) =>
  async (batch: BatchPlace, plan: BatchPlan): Promise<BatchPlan> => {
    const key = batchKey(batch, planName)
    return (await putIfAbsent(data, key, JSON.stringify(plan))) ? plan : readJson<BatchPlan>(data, key)
  }

/** The lines of a shard or of a shard's result. */
export const readLines =
  (data: DataBucket) =>
  async (key: string): Promise<readonly string[]> => {
    const text = await readText(data, key)
    return text === '' ? [] : text.replace(/\n$/, '').split('\n')
  }

export const readList =
  (data: DataBucket) =>
  <Value>(key: string): Promise<readonly Value[]> =>
    readJson<readonly Value[]>(data, key)

const resultKey = (batch: BatchPlace, number: number): string => batchKey(batch, `results/${number}`)

/** The result of a shard that is there, by its object's own counts. */
export const findResult =
  ({ objects, bucket }: DataBucket) =>
  async (batch: BatchPlace, number: number): Promise<ShardResult | undefined> => {
    const key = resultKey(batch, number)
    try {
      const { Metadata = {} } = await objects.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
      const { succeeded, failed, tokens, errors } = Metadata
      const counts = { rowsSucceeded: Number(succeeded), rowsFailed: Number(failed) }
      return { key, ...counts, ...(tokens && { tokens: Number(tokens) }), ...(errors && { errorsKey: errors }) }
    } catch (thrown) {
      if (hasStatus(thrown, notFound)) return undefined
      throw thrown
    }
  }

/**
 * Keeps a shard's answer if there is none, and answers the one that holds: its counts are in the object's own metadata,
 * so that answer and counts are one write.
 */
export const keepResult =
  (data: DataBucket) =>
  async (batch: BatchPlace, number: number, answer: ShardAnswer): Promise<ShardResult> => {
    const { lines, errors, tokens } = answer
    const errorsKey =
      errors.length > 0 ? await putOwn(data)(batch, `errors/${number}`, JSON.stringify(errors)) : undefined
    const key = resultKey(batch, number)
    const own = tokens !== undefined && { tokens }
    const counts = { rowsSucceeded: lines.length - errors.length, rowsFailed: errors.length, ...own }
    const metadata = {
      succeeded: String(counts.rowsSucceeded),
      failed: String(counts.rowsFailed),
      ...(own && { tokens: String(own.tokens) }),
      ...(errorsKey && { errors: errorsKey }),
    }
    const body = lines.map((line) => `${line}\n`).join('')
    if (await putIfAbsent(data, key, body, metadata)) return { key, ...counts, ...(errorsKey && { errorsKey }) }
    const there = await findResult(data)(batch, number)
    if (!there) throw new Error(`object ${key}: expected the result that was there a moment ago`)
    return there
  }

const finalName = 'result'
const mediaTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl' } as const

/** Writes the header and all results one after another as one object; memory stays that of one part. */
export const mergeResults =
  (data: DataBucket) =>
  async (batch: Batch, header: string | undefined, keys: readonly string[]): Promise<void> => {
    const { objects, bucket } = data
    async function* bytes(): AsyncGenerator<Uint8Array> {
      if (header !== undefined) yield Buffer.from(`${header}\n`)
      for (const key of keys) {
        const { Body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
        // In Node the SDK's body is a readable stream, which is an async iterable of its chunks.
        if (Body) yield* Body as unknown as AsyncIterable<Uint8Array>
      }
    }
    await writeObject(data)(batchKey(batch, finalName), mediaTypes[batch.output], bytes())
  }

const linkLifeSeconds = 900

/** A presigned GET of the merged result; it holds for 15 minutes. */
export const resultLink =
  ({ objects, bucket }: DataBucket) =>
  (batch: Batch): Promise<string> =>
    getSignedUrl(
      objects,
      new GetObjectCommand({
        Bucket: bucket,
        Key: batchKey(batch, finalName),
        ResponseContentDisposition: `attachment; filename="${resultName(batch)}"`,
      }),
      { expiresIn: linkLifeSeconds },
    )
