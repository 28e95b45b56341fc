import { randomBytes } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal } from './plain-bucket.ts'
import { startS3 } from './server.ts'

const partBytes = 5 * 2 ** 20
const bytes = randomBytes(partBytes + 1000)

let local: Awaited<ReturnType<typeof startS3>>
let old: { readonly VersionId?: string | undefined; readonly ETag?: string | undefined }
beforeAll(async () => {
  local = await startS3()
  old = await local.s3.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'source', Body: 'old' }))
  await local.s3.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'source', Body: 'new' }))
  await local.s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'big', Body: bytes }))
})
afterAll(() => local.close())

const read = async (Bucket: string, Key: string, more: object = {}) => {
  const { Body } = await local.s3.send(new GetObjectCommand({ Bucket, Key, ...more }))
  return Buffer.from(await Body!.transformToByteArray())
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
test('an old version as source -> its bytes, and the version in the answer', async () => {
  const CopySource = `versioned/source?versionId=${old.VersionId}`
  const copied = await local.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'copy', CopySource }))
  expect(copied.CopySourceVersionId).toBe(old.VersionId)
  expect(String(await read('plain', 'copy'))).toBe('old')
  expect(String(await read('versioned', 'source', { VersionId: old.VersionId }))).toBe('old')
})

test.for([
  { given: 'the destination is absent', Key: 'absent', conditions: { IfNoneMatch: '*' }, outcome: 'accepted' },
  {
    given: 'the destination is there',
    Key: 'big',
    conditions: { IfNoneMatch: '*' },
    outcome: '412 PreconditionFailed',
  },
  {
    given: 'another destination was expected',
    Key: 'big',
    conditions: { IfMatch: '"no"' },
    outcome: '412 PreconditionFailed',
  },
  {
    given: 'another source was expected',
    Key: 'x1',
    conditions: { CopySourceIfMatch: '"no"' },
    outcome: '412 PreconditionFailed',
  },
  {
    given: 'the source is known',
    Key: 'x2',
    conditions: () => ({ CopySourceIfNoneMatch: old.ETag }),
    outcome: '412 PreconditionFailed',
  },
  {
    given: 'the source is as expected',
    Key: 'x3',
    conditions: () => ({ CopySourceIfMatch: old.ETag }),
    outcome: 'accepted',
  },
])('a conditional copy, $given -> $outcome', async ({ Key, conditions, outcome }) => {
  const given = typeof conditions === 'function' ? conditions() : conditions
  const CopySource = `versioned/source?versionId=${old.VersionId}`
  expect(await refusal(local.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key, CopySource, ...given })))).toBe(
    outcome,
  )
  if (Key === 'big') expect((await read('plain', 'big')).equals(bytes)).toBe(true)
})

test('eight conditional copies to one key at once -> one is accepted', async () => {
  const copy = () =>
    refusal(
      local.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'race', CopySource: 'plain/big', IfNoneMatch: '*' })),
    )
  const outcomes = await Promise.all(Array.from({ length: 8 }, copy))
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
test('parts copied by range and whole, and one uploaded -> one object', async () => {
  const where = { Bucket: 'plain', Key: 'joined' }
  const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand(where))
  const copy = (PartNumber: number, more: object) =>
    local.s3.send(new UploadPartCopyCommand({ ...where, UploadId, PartNumber, CopySource: 'plain/big', ...more }))
  expect(await refusal(copy(1, { CopySourceRange: `bytes=0-${bytes.length}` }))).toBe('400 InvalidArgument')
  expect(await refusal(copy(1, { CopySourceRange: 'bytes=5-' }))).toBe('400 InvalidArgument')
  expect(await refusal(copy(1, { CopySourceIfMatch: '"no"' }))).toBe('412 PreconditionFailed')
  const first = await copy(1, { CopySourceRange: `bytes=1000-${bytes.length - 1}` })
  const second = await copy(2, {})
  const third = await local.s3.send(new UploadPartCommand({ ...where, UploadId, PartNumber: 3, Body: 'end' }))
  const Parts = [first.CopyPartResult?.ETag, second.CopyPartResult?.ETag, third.ETag].map((ETag, index) => ({
    ETag,
    PartNumber: index + 1,
  }))
  await local.s3.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }))
  const expected = Buffer.concat([bytes.subarray(1000), bytes, Buffer.from('end')])
  // The SDK compares what it reads with the object's checksum, which was joined from those of the parts.
  expect((await read('plain', 'joined')).equals(expected)).toBe(true)
})

test.for(['s3:GetObjectVersion', 's3:PutObject'])('a role without %s -> 403', async (action) => {
  const own = await startS3(undefined, [action])
  try {
    const { VersionId } = await own.s3.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'k', Body: 'x' }))
    const CopySource = `versioned/k?versionId=${VersionId}`
    const reader = own.client('READER')
    expect(await refusal(reader.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'c', CopySource })))).toBe(
      '403 AccessDenied',
    )
    const where = { Bucket: 'plain', Key: 'c' }
    const { UploadId } = await own.s3.send(new CreateMultipartUploadCommand(where))
    expect(
      await refusal(reader.send(new UploadPartCopyCommand({ ...where, UploadId, PartNumber: 1, CopySource }))),
    ).toBe('403 AccessDenied')
  } finally {
    await own.close()
  }
})
