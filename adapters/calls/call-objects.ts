import { GetObjectCommand, HeadObjectCommand, NotFound } from '@aws-sdk/client-s3'
import { type AsyncCall, type CallInput, inputKey, resultKey } from '../../src/call/async-call.ts'
import type { Usage } from '../../src/call/charge.ts'
import type { Encoded } from '../../src/call/encoded.ts'
import type { KeptResult } from '../../src/call/work-call.ts'
import { putIfAbsent } from '../aws/put-if-absent.ts'
import type { DataBucket } from '../datasets/uploads.ts'

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
