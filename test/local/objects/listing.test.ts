import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainBucket, refusal } from './plain-bucket.ts'
import { bucket, startS3 } from './server.ts'

let local: Awaited<ReturnType<typeof startS3>>
let put: ReturnType<typeof plainBucket>['put']
let get: ReturnType<typeof plainBucket>['get']
let text: ReturnType<typeof plainBucket>['text']
beforeAll(async () => {
  local = await startS3()
  ;({ put, get, text } = plainBucket(local.s3))
})
afterAll(() => local.close())

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
