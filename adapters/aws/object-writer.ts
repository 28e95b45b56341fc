import { createReadStream } from 'node:fs'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { DataBucket } from '../datasets/uploads.ts'

// S3 takes parts of at least 5 MB, 10,000 at most: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const partBytes = 16 * 1024 * 1024

type Place = { readonly Bucket: string; readonly Key: string }

/** Whole parts, each a copy of its own: the last one may be shorter. */
async function* partsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes < partBytes) continue
    yield Buffer.concat(chunks)
    chunks = []
    sizeBytes = 0
  }
  if (sizeBytes > 0) yield Buffer.concat(chunks)
}

/** Writes bytes of any length as one object. Left-over parts of a writer that died go with the bucket's lifecycle rule. */
export const writeObject =
  ({ objects, bucket }: DataBucket) =>
  async (key: string, ContentType: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
    const place: Place = { Bucket: bucket, Key: key }
    const parts = partsOf(bytes)
    const first = await parts.next()
    const second = first.done ? first : await parts.next()
    if (second.done) {
      await objects.send(
        new PutObjectCommand({ ...place, ContentType, Body: first.done ? Buffer.alloc(0) : first.value }),
      )
      return
    }
    const { UploadId } = await objects.send(new CreateMultipartUploadCommand({ ...place, ContentType }))
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    const send = async (Body: Buffer): Promise<void> => {
      const PartNumber = Parts.length + 1
      const { ETag } = await objects.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }))
      Parts.push({ PartNumber, ETag })
    }
    await send(first.value as Buffer) // it is not done: the second came after it
    await send(second.value)
    for await (const part of parts) await send(part)
    await objects.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }))
  }

const readBytes = 1024 * 1024

/**
 * Writes a file of this machine as one object, never the whole in memory. Its parts are buffers: the SDK does not send a
 * stream again, so one connection that breaks would fail the request.
 */
export const writeFileObject =
  (bucket: DataBucket) =>
  (file: string, key: string): Promise<void> =>
    writeObject(bucket)(key, 'application/octet-stream', createReadStream(file, { highWaterMark: readBytes }))
