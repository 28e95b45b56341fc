import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bucket, startS3 } from './server.ts'

let local: Awaited<ReturnType<typeof startS3>>
beforeAll(async () => {
  local = await startS3()
})
afterAll(() => local.close())

const put = (Key: string, Body: string | Uint8Array = 'text', more: object = {}) =>
  local.s3.send(new PutObjectCommand({ Bucket: 'plain', Key, Body, ...more }))
const get = (Key: string, more: object = {}) => local.s3.send(new GetObjectCommand({ Bucket: 'plain', Key, ...more }))
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString()
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error) =>
      error instanceof S3ServiceException ? `${error.$metadata.httpStatusCode} ${error.name}` : String(error),
  )

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
  { given: 'modified since now', input: { IfModifiedSince: new Date(Date.now() + 1000) }, outcome: '304' },
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

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
test('keys in folders -> listed in UTF-8 order by prefix, delimiter and page', async () => {
  const keys = ['a/1', 'a/2', 'a/b/1', 'b', 'é/1', '\u{1f600}', '\uffee']
  local.objects.addBucket(bucket('listed'))
  for (const Key of keys) await local.s3.send(new PutObjectCommand({ Bucket: 'listed', Key, Body: 'x' }))
  const list = (input: object) => local.s3.send(new ListObjectsV2Command({ Bucket: 'listed', ...input }))
  expect((await list({})).Contents?.map(({ Key }) => Key)).toEqual([
    'a/1',
    'a/2',
    'a/b/1',
    'b',
    'é/1',
    '\uffee',
    '\u{1f600}',
  ])
  const folder = await list({ Prefix: 'a/', Delimiter: '/' })
  expect(folder.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2'])
  expect(folder.CommonPrefixes).toEqual([{ Prefix: 'a/b/' }])
  const seen: (string | undefined)[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await list({ Delimiter: '/', MaxKeys: 2, ...(ContinuationToken && { ContinuationToken }) })
    seen.push(
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ...(page.Contents ?? []).map(({ Key }) => Key),
    )
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken)
  expect(seen).toEqual(['a/', 'b', 'é/', '\uffee', '\u{1f600}'])
  expect((await list({ StartAfter: 'b', EncodingType: 'url' })).Contents?.[0]?.Key).toBe('%C3%A9/1')
  expect(await refusal(list({ ContinuationToken: '!' }))).toBe('400 InvalidArgument')
})

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
test('a versioned key -> versions, a marker that hides them, and its removal', async () => {
  const where = { Bucket: 'versioned', Key: 'v' }
  const one = await local.s3.send(new PutObjectCommand({ ...where, Body: 'one' }))
  const two = await local.s3.send(new PutObjectCommand({ ...where, Body: 'two' }))
  expect(one.VersionId).not.toBe(two.VersionId)
  const read = async (VersionId?: string) =>
    (await local.s3.send(new GetObjectCommand({ ...where, ...(VersionId && { VersionId }) }))).Body!.transformToString()
  expect([await read(), await read(one.VersionId)]).toEqual(['two', 'one'])
  const marker = await local.s3.send(new DeleteObjectCommand(where))
  expect(marker.DeleteMarker).toBe(true)
  expect(await refusal(read())).toBe('404 NoSuchKey')
  expect(await refusal(read(marker.VersionId))).toBe('405 MethodNotAllowed')
  const listed = await local.s3.send(new ListObjectVersionsCommand({ Bucket: 'versioned', Prefix: 'v' }))
  expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([two.VersionId, one.VersionId])
  expect(listed.DeleteMarkers).toMatchObject([{ Key: 'v', VersionId: marker.VersionId, IsLatest: true }])
  await local.s3.send(new DeleteObjectCommand({ ...where, VersionId: marker.VersionId }))
  expect(await read()).toBe('two')
  await local.s3.send(new DeleteObjectCommand({ ...where, VersionId: two.VersionId }))
  expect(await read()).toBe('one')
})

test('versions by page -> every one once', async () => {
  for (const Body of ['1', '2', '3'])
    await local.s3.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'paged', Body }))
  const seen: (string | undefined)[] = []
  let marker: object = {}
  for (;;) {
    const input = { Bucket: 'versioned', Prefix: 'paged', MaxKeys: 1, ...marker }
    const page = await local.s3.send(new ListObjectVersionsCommand(input))
    seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId))
    if (!page.IsTruncated) break
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
  expect(new Set(seen).size).toBe(3)
  expect(seen).toHaveLength(3)
})

test('DeleteObjects -> each key named, the missing one too', async () => {
  await put('d1')
  const Objects = [{ Key: 'd1' }, { Key: 'a<&>"é' }]
  const answer = await local.s3.send(new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects } }))
  expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['d1', 'a<&>"é'])
  expect(await refusal(get('d1'))).toBe('404 NoSuchKey')
})

test('CopyObject -> same bytes and metadata; REPLACE -> new metadata; onto itself -> refused', async () => {
  await put('from ü', 'copied', { ContentType: 'text/csv', Metadata: { a: 'b' } })
  const CopySource = `plain/${encodeURIComponent('from ü')}`
  await local.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'to', CopySource }))
  expect(await get('to')).toMatchObject({ ContentType: 'text/csv', Metadata: { a: 'b' } })
  expect(await text('to')).toBe('copied')
  const replace = { MetadataDirective: 'REPLACE', ContentType: 'text/plain' } as const
  await local.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'to', CopySource, ...replace }))
  expect(await get('to')).toMatchObject({ ContentType: 'text/plain', Metadata: {} })
  expect(await refusal(local.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'from ü', CopySource })))).toBe(
    '400 InvalidRequest',
  )
})

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
