import { GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import type { DataBucket } from './uploads.ts'

const preconditionFailed = 412

export const runKey = (runId: string, name: string): string => `runs/${runId}/${name}`

/** Puts an immutable artifact and answers its key; one that is there already stays, since a state may run twice. */
export const putRunBytes =
  ({ objects, bucket }: DataBucket) =>
  async (key: string, bytes: Uint8Array | string): Promise<string> => {
    try {
      await objects.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, IfNoneMatch: '*' }))
    } catch (thrown) {
      const isThere = thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === preconditionFailed
      if (!isThere) throw thrown
    }
    return key
  }

export const putRunJson = (place: DataBucket) => (key: string, value: unknown) =>
  putRunBytes(place)(key, JSON.stringify(value))

export const readRunBytes =
  ({ objects, bucket }: DataBucket) =>
  async (key: string): Promise<Uint8Array> => {
    const { Body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!Body) throw new Error(`artifact ${key}: expected bytes, got an empty answer`)
    return Body.transformToByteArray()
  }

/** A JSON artifact. Its type is that of the state which wrote it under this key. */
export const readRunJson =
  (place: DataBucket) =>
  async <Value>(key: string): Promise<Value> =>
    JSON.parse(new TextDecoder().decode(await readRunBytes(place)(key)))
