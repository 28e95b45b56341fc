import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { GetObjectCommand, HeadObjectCommand, NoSuchKey, NotFound } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { RecordedAnswer } from '../../src/call/idempotency.ts'
import type { Coding } from '../aws/compression.ts'
import { writeObject } from '../aws/object-writer.ts'
import { putIfAbsent } from '../aws/put-if-absent.ts'
import type { DataBucket } from '../datasets/uploads.ts'

/** A record holds at most this; what is longer lies in S3. */
const mostRecordedBytes = 4096

/** Puts a long body under an id of this attempt. -> its key */
export const keepLongBody =
  (data: DataBucket, newId: () => string) =>
  async (consumerId: string, body: string | Uint8Array): Promise<string> => {
    const key = `answers/${consumerId}/${newId()}`
    await putIfAbsent(data, key, body)
    return key
  }

/** An answer's body as a record holds it; a long one is put into S3 first, under this attempt's nonce. */
export const keepBody =
  (data: DataBucket, newId: () => string) =>
  async (consumerId: string, body: string | Uint8Array): Promise<RecordedAnswer['body']> => {
    if (Buffer.byteLength(body) > mostRecordedBytes) return { key: await keepLongBody(data, newId)(consumerId, body) }
    return typeof body === 'string' ? { text: body } : { base64: Buffer.from(body).toString('base64') }
  }

export type KeptBody =
  | { readonly kind: 'body'; readonly body: string | Uint8Array }
  /** Longer than what was asked for at most, and not read. */
  | { readonly kind: 'long'; readonly key: string }
  | { readonly kind: 'gone' }

/** The body of a kept answer, where it has at most so many bytes. */
export const readKeptBody =
  ({ objects, bucket }: DataBucket, mostBytes: number) =>
  async (body: RecordedAnswer['body']): Promise<KeptBody> => {
    if ('text' in body) return { kind: 'body', body: body.text }
    if ('base64' in body) return { kind: 'body', body: Buffer.from(body.base64, 'base64') }
    try {
      const { Body, ContentLength = 0 } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: body.key }))
      if (ContentLength > mostBytes) {
        // In Node the SDK's body is a readable stream; one that is left open keeps its connection.
        ;(Body as Readable | undefined)?.destroy()
        return { kind: 'long', key: body.key }
      }
      if (!Body) throw new Error(`object ${body.key}: expected bytes, got an empty answer`)
      return { kind: 'body', body: await Body.transformToByteArray() }
    } catch (thrown) {
      if (thrown instanceof NoSuchKey) return { kind: 'gone' }
      throw thrown
    }
  }

const inflaters = { gzip: createGunzip, deflate: createInflate } as const

/** The key of the same answer without its coding: a copy, made when it is asked for first, of any length. */
const plainCopy = async (data: DataBucket, key: string, coding: Coding, type: string): Promise<string> => {
  const { objects, bucket } = data
  const Key = `${key}-plain`
  try {
    await objects.send(new HeadObjectCommand({ Bucket: bucket, Key }))
    return Key
  } catch (thrown) {
    if (!(thrown instanceof NotFound)) throw thrown
  }
  const { Body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  if (!Body) throw new Error(`object ${key}: expected bytes, got an empty answer`)
  // In Node the SDK's body is a readable stream; what breaks it is thrown by the iteration of the last one.
  const plain = pipeline(Body as Readable, inflaters[coding](), () => undefined)
  await writeObject(data)(Key, type, plain)
  return Key
}

const linkLifeSeconds = 900

/** Where a kept answer is to be had: its type, and the coding that it lies in. */
export type LinkedAnswer = { readonly key: string; readonly type: string; readonly coding?: Coding }

/** A presigned GET of a kept answer, which holds for 15 minutes; `plain`: without its coding. */
export const linkKept =
  (data: DataBucket) =>
  async ({ key, type, coding }: LinkedAnswer, plain: boolean): Promise<string> => {
    const inflated = plain && coding !== undefined
    const get = new GetObjectCommand({
      Bucket: data.bucket,
      Key: inflated ? await plainCopy(data, key, coding, type) : key,
      ResponseContentType: type,
      ...(coding && !inflated && { ResponseContentEncoding: coding }),
    })
    return await getSignedUrl(data.objects, get, { expiresIn: linkLifeSeconds })
  }
