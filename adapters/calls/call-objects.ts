import { GetObjectCommand, HeadObjectCommand, NotFound, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type AsyncCall, type CallInput, inputKey, resultKey } from '../../src/call/async-call.ts'
import type { Usage } from '../../src/call/charge.ts'
import type { Encoded } from '../../src/call/encoded.ts'
import type { RecordedAnswer } from '../../src/call/idempotency.ts'
import type { KeptResult } from '../../src/call/work-call.ts'
import type { DataBucket } from '../datasets/uploads.ts'

const preconditionFailed = 412

/** Puts an object unless one is there; true when it was put. */
const putIfAbsent = async (
  { objects, bucket }: DataBucket,
  key: string,
  body: string | Uint8Array,
  metadata?: Record<string, string>,
): Promise<boolean> => {
  const put = { Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*', ...(metadata && { Metadata: metadata }) }
  try {
    await objects.send(new PutObjectCommand(put))
    return true
  } catch (thrown) {
    if (thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === preconditionFailed) return false
    throw thrown
  }
}

export const readObject =
  ({ objects, bucket }: DataBucket) =>
  async ({ key, versionId }: CallInput): Promise<Uint8Array> => {
    const get = { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) }
    const { Body } = await objects.send(new GetObjectCommand(get))
    if (!Body) throw new Error(`object ${key}: expected bytes, got an empty answer`)
    return await Body.transformToByteArray()
  }

export const putInput =
  (data: DataBucket) =>
  async (consumerId: string, id: string, bytes: Uint8Array): Promise<CallInput> => {
    const key = inputKey(consumerId, id)
    await putIfAbsent(data, key, bytes)
    return { key }
  }

// Metadata are headers: ASCII, 2 KB in all.
const metadataOf = (kept: KeptResult) => ({ kept: Buffer.from(JSON.stringify(kept)).toString('base64url') })
const keptOf = (metadata: Record<string, string> = {}): KeptResult => {
  if (metadata.kept === undefined) throw new Error('result: expected what was kept beside it, got none')
  // Written by metadataOf only.
  return JSON.parse(Buffer.from(metadata.kept, 'base64url').toString()) as KeptResult
}

export const findResult =
  ({ objects, bucket }: DataBucket) =>
  async ({ consumerId, id }: AsyncCall): Promise<KeptResult | undefined> => {
    try {
      const head = new HeadObjectCommand({ Bucket: bucket, Key: resultKey(consumerId, id) })
      return keptOf((await objects.send(head)).Metadata)
    } catch (thrown) {
      if (thrown instanceof NotFound) return undefined
      throw thrown
    }
  }

/** Puts a result if there is none, and answers what is kept beside the one that is there. */
export const keepResult =
  (data: DataBucket) =>
  async (call: AsyncCall, encoded: Encoded, usage: Usage): Promise<KeptResult> => {
    const kept = { usage, headers: encoded.headers }
    if (await putIfAbsent(data, resultKey(call.consumerId, call.id), encoded.body, metadataOf(kept))) return kept
    const there = await findResult(data)(call)
    if (!there) throw new Error(`result of call ${call.id}: expected one, it was removed`)
    return there
  }

const resultUrlSeconds = 900

/** Bytes of a result, or a presigned GET when it does not fit the gateway. */
export const fetchResult =
  (data: DataBucket, mostBytes: number) =>
  async (
    { consumerId, id }: AsyncCall,
    { 'content-type': type, 'content-encoding': coding }: Readonly<Record<string, string>>,
  ): Promise<{ readonly bytes: Uint8Array } | { readonly url: string }> => {
    const place = { Bucket: data.bucket, Key: resultKey(consumerId, id) }
    const { ContentLength = 0 } = await data.objects.send(new HeadObjectCommand(place))
    if (ContentLength <= mostBytes) return { bytes: await readObject(data)({ key: place.Key }) }
    const get = {
      ...place,
      ...(type && { ResponseContentType: type }),
      ...(coding && { ResponseContentEncoding: coding }),
    }
    return { url: await getSignedUrl(data.objects, new GetObjectCommand(get), { expiresIn: resultUrlSeconds }) }
  }

/** A record holds at most this; what is longer lies in S3. */
const mostRecordedBytes = 4096

/** An answer's body as a record holds it; a long one is put into S3 first, under this attempt's nonce. */
export const keepBody =
  (data: DataBucket, newId: () => string) =>
  async (consumerId: string, { body }: Encoded): Promise<RecordedAnswer['body']> => {
    if (Buffer.byteLength(body) > mostRecordedBytes) {
      const key = `answers/${consumerId}/${newId()}`
      await putIfAbsent(data, key, body)
      return { key }
    }
    return typeof body === 'string' ? { text: body } : { base64: Buffer.from(body).toString('base64') }
  }

/** The bytes of a recorded answer. */
export const recordedBody =
  (data: DataBucket) =>
  async (body: RecordedAnswer['body']): Promise<string | Uint8Array> => {
    if ('text' in body) return body.text
    return 'base64' in body ? Buffer.from(body.base64, 'base64') : await readObject(data)(body)
  }
