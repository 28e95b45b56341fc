import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainBucket, refusal } from './plain-bucket.ts'
import { startS3 } from './server.ts'

let local: Awaited<ReturnType<typeof startS3>>
let get: ReturnType<typeof plainBucket>['get']
beforeAll(async () => {
  local = await startS3()
  ;({ get } = plainBucket(local.s3))
})
afterAll(() => local.close())

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
test.for(['COMPOSITE', 'FULL_OBJECT'] as const)(
  'a multipart upload (%s) -> one object, ranges over its parts',
  async (ChecksumType) => {
    const where = { Bucket: 'plain', Key: 'big' }
    const bytes = randomBytes(5 * 2 ** 20 + 1000)
    const { UploadId } = await local.s3.send(
      new CreateMultipartUploadCommand({ ...where, ContentType: 'text/csv', ChecksumAlgorithm: 'CRC32', ChecksumType }),
    )
    const bodies = [bytes.subarray(0, 5 * 2 ** 20), bytes.subarray(5 * 2 ** 20)]
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const part = { ...where, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'CRC32' as const }
        const { ETag, ChecksumCRC32 } = await local.s3.send(new UploadPartCommand(part))
        return { ETag, ChecksumCRC32, PartNumber: index + 1 }
      }),
    )
    const listed = await local.s3.send(new ListPartsCommand({ ...where, UploadId }))
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * 2 ** 20, 1000])
    const complete = (parts: typeof Parts, more: object = {}) =>
      local.s3.send(
        new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: parts }, ...more }),
      )
    expect(await refusal(complete([...Parts].reverse()))).toBe('400 InvalidPartOrder')
    expect(await refusal(complete([{ ...Parts[0]!, ETag: '"no"' }]))).toBe('400 InvalidPart')
    expect(await refusal(complete(Parts, { IfMatch: '"no"' }))).toMatch(/404 NoSuchKey|412 PreconditionFailed/)
    const done = await complete(Parts)
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
    expect(done.ChecksumCRC32?.endsWith('-2')).toBe(ChecksumType === 'COMPOSITE')
    const whole = await get('big')
    expect(Buffer.from(await whole.Body!.transformToByteArray()).equals(bytes)).toBe(true)
    expect(whole.ContentType).toBe('text/csv')
    const start = 5 * 2 ** 20 - 10
    const across = await get('big', { Range: `bytes=${start}-${start + 19}` })
    expect(Buffer.from(await across.Body!.transformToByteArray()).equals(bytes.subarray(start, start + 20))).toBe(true)
    expect(await refusal(complete(Parts))).toBe('404 NoSuchUpload')
  },
)

test('small parts and an aborted upload -> EntityTooSmall, then NoSuchUpload and no files', async () => {
  const where = { Bucket: 'plain', Key: 'small' }
  const before = readdirSync(join(local.folder, 'blobs')).length
  const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand(where))
  const part = async (PartNumber: number) => ({
    PartNumber,
    ETag: (await local.s3.send(new UploadPartCommand({ ...where, UploadId, PartNumber, Body: 'x' }))).ETag,
  })
  const Parts = [await part(1), await part(2)]
  const complete = () =>
    local.s3.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }))
  expect(await refusal(complete())).toBe('400 EntityTooSmall')
  await local.s3.send(new AbortMultipartUploadCommand({ ...where, UploadId }))
  expect(await refusal(complete())).toBe('404 NoSuchUpload')
  expect(readdirSync(join(local.folder, 'blobs'))).toHaveLength(before)
})
