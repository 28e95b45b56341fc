import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startS3 } from './server.ts'

// 1 GB, and memory that does not grow with it, in the long run only.
const sizeBytes = process.env.PERCALL_LONG ? 2 ** 30 : 48 * 2 ** 20
const partBytes = 16 * 2 ** 20
// Client and server share this process: some parts on both sides, and what the collector has not yet taken back.
const mostGrowthBytes = 400 * 2 ** 20

let local: Awaited<ReturnType<typeof startS3>>
let highestBytes = 0
let timer: NodeJS.Timeout
beforeAll(async () => {
  local = await startS3()
  timer = setInterval(() => {
    highestBytes = Math.max(highestBytes, process.memoryUsage.rss())
  }, 50)
})
afterAll(async () => {
  clearInterval(timer)
  await local.close()
})

/** Part k is filled with the byte k. */
const part = (index: number) => Buffer.alloc(partBytes, index)
const parts = Array.from({ length: sizeBytes / partBytes }, (_, index) => index)
const expected = () => {
  const hash = createHash('sha256')
  for (const index of parts) hash.update(part(index))
  return hash.digest('hex')
}

const within = async (act: () => Promise<void>) => {
  const before = process.memoryUsage.rss()
  highestBytes = before
  await act()
  if (process.env.PERCALL_LONG) expect(highestBytes - before).toBeLessThan(mostGrowthBytes)
}

const sha256Of = async (Key: string) => {
  const { Body } = await local.s3.send(new GetObjectCommand({ Bucket: 'plain', Key }))
  const hash = createHash('sha256')
  await pipeline(Body as Readable, hash) // the Node client's body
  return hash.digest('hex')
}

test('a large multipart upload and ranged parallel reads -> the same bytes, memory flat (at 1 GB)', async () => {
  await within(async () => {
    const where = { Bucket: 'plain', Key: 'multipart' }
    const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand(where))
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    for (const index of parts) {
      const { ETag } = await local.s3.send(
        new UploadPartCommand({ ...where, UploadId, PartNumber: index + 1, Body: part(index) }),
      )
      Parts.push({ PartNumber: index + 1, ETag })
    }
    await local.s3.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }))
    const { ContentLength } = await local.s3.send(new HeadObjectCommand(where))
    expect(ContentLength).toBe(sizeBytes)
    for (let at = 0; at < parts.length; at += 4) {
      await Promise.all(
        parts.slice(at, at + 4).map(async (index) => {
          const Range = `bytes=${index * partBytes}-${(index + 1) * partBytes - 1}`
          const { Body } = await local.s3.send(new GetObjectCommand({ ...where, Range }))
          expect(part(index).equals(await Body!.transformToByteArray())).toBe(true)
        }),
      )
    }
  })
})

test('a large presigned upload -> the same bytes, memory flat (at 1 GB)', async () => {
  await within(async () => {
    const where = { Bucket: 'plain', Key: 'presigned' }
    const signing = local.client('OWNER', { requestChecksumCalculation: 'WHEN_REQUIRED' })
    const url = await getSignedUrl(signing, new PutObjectCommand(where), { expiresIn: 900 })
    const upload = request(url, { method: 'PUT', headers: { 'content-length': sizeBytes } })
    const answered = new Promise((resolve, reject) => {
      upload.on('response', (response) => resolve(response.resume().statusCode))
      upload.on('error', reject)
    })
    await pipeline(
      Readable.from(
        (function* () {
          for (const index of parts) yield part(index)
        })(),
      ),
      upload,
    )
    expect(await answered).toBe(200)
    expect(await sha256Of('presigned')).toBe(expected())
  })
})
