import { GetObjectCommand, HeadObjectCommand, NoSuchKey, NotFound } from '@aws-sdk/client-s3'
import { putIfAbsent } from '../aws/put-if-absent.ts'
import type { DataBucket } from '../datasets/uploads.ts'

export const runFolder = (runId: string): string => `runs/${runId}`

export const runKey = (runId: string, name: string): string => `${runFolder(runId)}/${name}`

/** Puts an immutable artifact and answers its key; one that is there already stays, since a state may run twice. */
export const putRunBytes =
  (data: DataBucket) =>
  async (key: string, bytes: Uint8Array | string): Promise<string> => {
    await putIfAbsent(data, key, bytes)
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

/** The bytes, or undefined where there are none. */
export const findRunBytes =
  (place: DataBucket) =>
  async (key: string): Promise<Uint8Array | undefined> => {
    try {
      return await readRunBytes(place)(key)
    } catch (thrown) {
      if (thrown instanceof NoSuchKey) return undefined
      throw thrown
    }
  }

/** The same, or undefined where it is not there yet. */
export const findRunJson =
  (place: DataBucket) =>
  async <Value>(key: string): Promise<Value | undefined> => {
    try {
      return await readRunJson(place)<Value>(key)
    } catch (thrown) {
      if (thrown instanceof NoSuchKey) return undefined
      throw thrown
    }
  }

const isThere = async ({ objects, bucket }: DataBucket, key: string): Promise<boolean> => {
  try {
    await objects.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    return true
  } catch (thrown) {
    if (thrown instanceof NotFound) return false
    throw thrown
  }
}

/** What lies under a key; it is made where nothing does. Of two that make it at once both answer the first one's. */
export const keepRunJson =
  (place: DataBucket) =>
  async <Value>(key: string, make: () => Promise<Value>): Promise<Value> => {
    const known = await findRunJson(place)<Value>(key)
    if (known !== undefined) return known
    await putRunJson(place)(key, await make())
    return await readRunJson(place)<Value>(key)
  }

/** Answers the key of an artifact, which is made only where it is not there. */
export const keepRunBytes =
  (place: DataBucket) =>
  async (key: string, make: () => Promise<Uint8Array>): Promise<string> =>
    (await isThere(place, key)) ? key : await putRunBytes(place)(key, await make())
