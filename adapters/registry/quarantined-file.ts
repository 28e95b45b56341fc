import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { ProbeEvent } from '../../src/registry/probe.ts'
import { writeFileObject } from '../aws/object-writer.ts'

type Bucket = { readonly objects: S3Client; readonly bucket: string }

const hashing = (hash: ReturnType<typeof createHash>): Transform =>
  new Transform({
    transform(chunk: Uint8Array, _, next) {
      hash.update(chunk)
      next(null, chunk)
    },
  })

/** Writes an object to `path`, never the whole in memory. Throws an Error when its digest is another than the event's. */
export const download = async ({ objects, bucket }: Bucket, event: ProbeEvent, path: string): Promise<void> => {
  const { key, versionId, digest } = event
  const place = { Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }
  const { Body } = await objects.send(new GetObjectCommand(place))
  if (!Body) throw new Error(`object ${key}: expected bytes, got an empty answer`)
  const hash = createHash('sha256')
  // In Node the SDK's body is a stream of buffers.
  await pipeline(Body as AsyncIterable<Uint8Array>, hashing(hash), createWriteStream(path))
  const found = hash.digest('hex')
  if (found !== digest) throw new Error(`object ${key}: expected bytes of digest ${digest}, got ${found}`)
}

/** Stores the file at `path` under `key`, never the whole in memory; answers its digest. */
export const upload = async (bucket: Bucket, path: string, key: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  await writeFileObject(bucket)(path, key)
  return hash.digest('hex')
}
