import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import {
  type ChecksumAlgorithm,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainBucket, refusal } from './plain-bucket.ts'
import { startS3 } from './server.ts'

let local: Awaited<ReturnType<typeof startS3>>
let put: ReturnType<typeof plainBucket>['put']
let get: ReturnType<typeof plainBucket>['get']
let text: ReturnType<typeof plainBucket>['text']
beforeAll(async () => {
  local = await startS3()
  ;({ put, get, text } = plainBucket(local.s3))
})
afterAll(() => local.close())

test('content headers and user metadata -> come back with ETag (MD5) and size', async () => {
  const headers = {
    ContentType: 'text/csv',
    CacheControl: 'no-store',
    ContentDisposition: 'inline',
    Metadata: { a: 'b' },
  }
  const written = await put('meta', 'hello', headers)
  expect(written.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
  const head = await local.s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'meta' }))
  expect(head).toMatchObject({ ...headers, ContentLength: 5, ServerSideEncryption: 'AES256', AcceptRanges: 'bytes' })
  expect(await text('meta')).toBe('hello')
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
test.for([
  { given: 'bytes=0-3', status: 206, body: '0123', range: 'bytes 0-3/10' },
  { given: 'bytes=7-', status: 206, body: '789', range: 'bytes 7-9/10' },
  { given: 'bytes=-2', status: 206, body: '89', range: 'bytes 8-9/10' },
  { given: 'bytes=5-99', status: 206, body: '56789', range: 'bytes 5-9/10' },
  { given: 'lines=1-2', status: 200, body: '0123456789', range: undefined },
])('range $given -> $status $body', async ({ given, status, body, range }) => {
  await put('digits', '0123456789')
  const answer = await get('digits', { Range: given })
  expect(answer.$metadata.httpStatusCode).toBe(status)
  expect(answer.ContentRange).toBe(range)
  expect(await answer.Body!.transformToString()).toBe(body)
})

test.for([
  { given: 'a range past the end', input: { Range: 'bytes=10-' }, outcome: '416 InvalidRange' },
  { given: 'several ranges', input: { Range: 'bytes=0-1,3-4' }, outcome: '501 NotImplemented' },
  { given: 'If-Match of another ETag', input: { IfMatch: '"no"' }, outcome: '412 PreconditionFailed' },
  { given: 'If-None-Match of its ETag', input: { IfNoneMatch: '"781e5e245d69b566979b86e28d23f2c7"' }, outcome: '304' },
  { given: 'unmodified since 2001', input: { IfUnmodifiedSince: new Date(1e12) }, outcome: '412 PreconditionFailed' },
  {
    given: 'modified since the next hour',
    input: { IfModifiedSince: new Date(Date.now() + 3_600_000) },
    outcome: '304',
  },
  { given: 'a part number', input: { PartNumber: 1 }, outcome: '501 NotImplemented' },
  { given: 'a key that is missing', input: { Key: 'none' }, outcome: '404 NoSuchKey' },
  { given: 'a bucket that is missing', input: { Bucket: 'none' }, outcome: '404 NoSuchBucket' },
  { given: 'a version that is missing', input: { VersionId: 'none' }, outcome: '404 NoSuchVersion' },
  { given: 'a key of 1025 bytes', input: { Key: 'k'.repeat(1025) }, outcome: '400 KeyTooLongError' },
])('reading with $given -> $outcome', async ({ input, outcome }) => {
  await put('digits', '0123456789')
  expect(await refusal(get('digits', input))).toContain(outcome)
})

test('response-* parameters -> override the headers of the answer', async () => {
  await put('shown')
  const answer = await get('shown', { ResponseContentType: 'text/plain', ResponseContentDisposition: 'attachment' })
  expect(answer).toMatchObject({ ContentType: 'text/plain', ContentDisposition: 'attachment' })
})

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
test.for([
  { given: 'If-None-Match * on a new key', key: 'c1', input: { IfNoneMatch: '*' }, outcome: 'accepted' },
  {
    given: 'If-None-Match * on a present key',
    key: 'digits',
    input: { IfNoneMatch: '*' },
    outcome: '412 PreconditionFailed',
  },
  { given: 'If-None-Match of an ETag', key: 'digits', input: { IfNoneMatch: '"x"' }, outcome: '501 NotImplemented' },
  { given: 'If-Match on a missing key', key: 'c2', input: { IfMatch: '"x"' }, outcome: '404 NoSuchKey' },
  { given: 'If-Match of another ETag', key: 'digits', input: { IfMatch: '"x"' }, outcome: '412 PreconditionFailed' },
  { given: 'an ACL', key: 'c3', input: { ACL: 'public-read' }, outcome: '501 NotImplemented' },
  { given: 'tags', key: 'c4', input: { Tagging: 'a=b' }, outcome: '501 NotImplemented' },
  { given: 'a storage class', key: 'c5', input: { StorageClass: 'GLACIER' }, outcome: '501 NotImplemented' },
  { given: 'a wrong CRC32', key: 'c6', input: { ChecksumCRC32: 'AAAAAA==' }, outcome: '400 BadDigest' },
  { given: 'a wrong CRC64NVME', key: 'c6', input: { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }, outcome: '400 BadDigest' },
  { given: 'a wrong SHA256', key: 'c6', input: { ChecksumSHA256: 'AA==' }, outcome: '400 BadDigest' },
  {
    given: 'a wrong Content-MD5',
    key: 'c6',
    input: { ContentMD5: Buffer.alloc(16).toString('base64') },
    outcome: '400 BadDigest',
  },
  { given: 'a torn Content-MD5', key: 'c6', input: { ContentMD5: 'AA==' }, outcome: '400 InvalidDigest' },
  {
    given: 'too much metadata',
    key: 'c6',
    input: { Metadata: { a: 'x'.repeat(2048) } },
    outcome: '400 MetadataTooLarge',
  },
])('writing with $given -> $outcome', async ({ key, input, outcome }) => {
  await put('digits', '0123456789')
  expect(await refusal(put(key, 'new', input))).toBe(outcome)
  if (outcome !== 'accepted') expect(await refusal(get(key === 'digits' ? 'none' : key))).toBe('404 NoSuchKey')
  expect(await text('digits')).toBe('0123456789')
})

test.for<ChecksumAlgorithm>(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'])(
  'a 3 MB stream with a %s trailer -> checked by us, and by the SDK on the way back',
  async (ChecksumAlgorithm) => {
    const bytes = randomBytes(3_000_000)
    const pieces = Array.from({ length: 30 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000))
    const written = await put('stream', Readable.from(pieces) as never, {
      ChecksumAlgorithm,
      ContentLength: bytes.length,
    })
    const answer = await get('stream', { ChecksumMode: 'ENABLED' })
    expect(Buffer.from(await answer.Body!.transformToByteArray()).equals(bytes)).toBe(true)
    const field = `Checksum${ChecksumAlgorithm}` as const
    expect(written).toHaveProperty(field)
    expect(answer).toHaveProperty(field, (written as unknown as Record<string, string>)[field])
    expect(answer.ContentEncoding).toBeUndefined()
  },
)

// Check values of "123456789": https://reveng.sourceforge.io/crc-catalogue/17plus.htm
test.for([
  { algorithm: 'CRC32', hex: 'cbf43926' },
  { algorithm: 'CRC32C', hex: 'e3069283' },
  { algorithm: 'CRC64NVME', hex: 'ae8b14860a799888' },
])('$algorithm of 123456789 -> $hex', async ({ algorithm, hex }) => {
  const sum = Buffer.from(hex, 'hex').toString('base64')
  const written = await put('check', '123456789', { [`Checksum${algorithm}`]: sum })
  expect(written).toHaveProperty(`Checksum${algorithm}`, sum)
})

test('twenty writers with If-None-Match * -> one wins, nineteen get 412, no file is left over', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => refusal(put('race', `${n}`, { IfNoneMatch: '*' }))),
  )
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === '412 PreconditionFailed')).toHaveLength(19)
  expect(await text('race')).toBe(String(outcomes.indexOf('accepted')))
})

test('twenty writers with the same If-Match -> one wins', async () => {
  const { ETag } = await put('swap', 'first')
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => refusal(put('swap', `${n}`, { IfMatch: ETag }))),
  )
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
})

test('the bucket itself -> found, in us-east-1', async () => {
  expect((await local.s3.send(new HeadBucketCommand({ Bucket: 'plain' }))).BucketRegion).toBe('us-east-1')
  expect((await local.s3.send(new GetBucketLocationCommand({ Bucket: 'plain' }))).LocationConstraint).toBeUndefined()
  expect(await refusal(local.s3.send(new HeadBucketCommand({ Bucket: 'none' })))).toMatch(/^404/)
})

test('odd keys -> each its own object, and nothing outside the folder of blobs', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    '%2F',
    '%',
    ' ',
    '+',
    'a\\b',
    'ü',
    '\u{1f600}',
    '?x=1',
    '#',
    '&<>"\'',
    'C:',
    '~',
    '*',
  )
  const odd = fc.array(fc.oneof(part, fc.string({ unit: 'grapheme', maxLength: 20 })), { minLength: 1, maxLength: 8 })
  const before = readdirSync(local.folder).sort()
  await fc.assert(
    fc.asyncProperty(odd, fc.boolean(), async (parts, slash) => {
      const key = `odd/${parts.join('/')}${slash ? '/' : ''}`.replace(/[\p{Cc}\p{Cs}]/gu, '_')
      await put(key, key)
      expect(await text(key)).toBe(key)
      const listed = await local.s3.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: key }))
      expect(listed.Contents?.map(({ Key }) => Key)).toContain(key)
      await local.s3.send(new DeleteObjectCommand({ Bucket: 'plain', Key: key }))
      expect(await refusal(get(key))).toBe('404 NoSuchKey')
    }),
    { numRuns: 60 },
  )
  expect(readdirSync(local.folder).sort()).toEqual(before)
  const raw = await fetch(`${local.endpoint}/plain/..%2f..%2fetc%2fpasswd`)
  expect(raw.status).toBe(403)
})
