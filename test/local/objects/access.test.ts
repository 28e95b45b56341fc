import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bucket, keyArn, startS3 } from './server.ts'

const denied: string[] = []
let local: Awaited<ReturnType<typeof startS3>>
beforeAll(async () => {
  local = await startS3(undefined, denied)
  const ServerSideEncryptionConfiguration = [
    { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } },
  ]
  local.objects.addBucket(bucket('sealed', { BucketEncryption: { ServerSideEncryptionConfiguration } }))
  local.objects.addBucket(
    bucket('watched', {
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      LifecycleConfiguration: {
        Rules: [
          {
            Status: 'Enabled',
            Prefix: 'tmp/',
            ExpirationInDays: 1,
            NoncurrentVersionExpiration: { NoncurrentDays: 2 },
          },
        ],
      },
    }),
  )
  local.objects.addBucket(
    bucket('shared', {
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedOrigins: ['https://*.example.com'],
            AllowedMethods: ['PUT'],
            AllowedHeaders: ['*'],
            ExposedHeaders: ['ETag'],
          },
        ],
      },
    }),
  )
  for (const Bucket of ['plain', 'versioned', 'sealed', 'watched'])
    await local.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text' }))
})
afterAll(() => local.close())

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error) =>
      error instanceof S3ServiceException ? `${error.$metadata.httpStatusCode} ${error.name}` : String(error),
  )

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
test.for([
  { lacks: 's3:GetObject', command: new GetObjectCommand({ Bucket: 'plain', Key: 'k' }) },
  { lacks: 's3:GetObjectVersion', command: new GetObjectCommand({ Bucket: 'plain', Key: 'k', VersionId: 'null' }) },
  { lacks: 's3:ListBucket', command: new GetObjectCommand({ Bucket: 'plain', Key: 'missing' }) },
  { lacks: 's3:ListBucket', command: new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'a/' }) },
  { lacks: 's3:PutObject', command: new PutObjectCommand({ Bucket: 'plain', Key: 'new', Body: 'x' }) },
  { lacks: 's3:PutObject', command: new CopyObjectCommand({ Bucket: 'plain', Key: 'new', CopySource: 'plain/k' }) },
  { lacks: 's3:GetObject', command: new CopyObjectCommand({ Bucket: 'plain', Key: 'new', CopySource: 'plain/k' }) },
  { lacks: 's3:DeleteObject', command: new DeleteObjectCommand({ Bucket: 'plain', Key: 'k' }) },
  { lacks: 'kms:Decrypt', command: new GetObjectCommand({ Bucket: 'sealed', Key: 'k' }) },
  { lacks: 'kms:Decrypt', command: new CreateMultipartUploadCommand({ Bucket: 'sealed', Key: 'k' }) },
  { lacks: 'kms:GenerateDataKey', command: new PutObjectCommand({ Bucket: 'sealed', Key: 'new', Body: 'x' }) },
])('a role without $lacks -> 403 AccessDenied that names it', async ({ lacks, command }) => {
  denied.splice(0, denied.length, lacks)
  // The client's overloads want one command type; each of these is one.
  const outcome = await local
    .client('READER')
    .send(command as GetObjectCommand)
    .catch((error) => error)
  expect(outcome).toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
    message: expect.stringContaining(lacks),
  })
  denied.length = 0
})

test('HEAD of a missing key -> 404 with s3:ListBucket, 403 without', async () => {
  const head = () => refusal(local.client('READER').send(new HeadObjectCommand({ Bucket: 'plain', Key: 'missing' })))
  expect(await head()).toMatch(/^404/)
  denied.push('s3:ListBucket')
  expect(await head()).toMatch(/^403/)
  denied.length = 0
})

test('a listing -> asked with s3:prefix; an encrypted read -> with kms:ViaService; its ETag is no MD5', async () => {
  local.asked.length = 0
  await local.s3.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'a/' }))
  expect(local.asked).toContain('s3:ListBucket arn:aws:s3:::plain {"s3:prefix":"a/"}')
  const read = await local.s3.send(new GetObjectCommand({ Bucket: 'sealed', Key: 'k' }))
  expect(local.asked).toContain(`kms:Decrypt ${keyArn} {"kms:ViaService":"s3.us-east-1.amazonaws.com"}`)
  expect(read).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn, BucketKeyEnabled: true })
  expect(read.ETag).not.toBe('"1cb251ec0d568de6a929b520c4aed8d1"')
})

test.for([
  {
    given: 'another secret',
    credentials: { accessKeyId: 'OWNER', secretAccessKey: 'no' },
    outcome: '403 SignatureDoesNotMatch',
  },
  {
    given: 'a made-up key',
    credentials: { accessKeyId: 'NOBODY', secretAccessKey: 'no' },
    outcome: '403 InvalidAccessKeyId',
  },
])('$given -> $outcome', async ({ credentials, outcome }) => {
  const client = local.client('OWNER', { credentials })
  expect(await refusal(client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'k' })))).toBe(outcome)
})

const upload = (Key: string, requestChecksumCalculation: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED' = 'WHEN_REQUIRED') =>
  getSignedUrl(
    local.client('OWNER', { requestChecksumCalculation }),
    new PutObjectCommand({ Bucket: 'plain', Key, ContentLength: 5, IfNoneMatch: '*' }),
    {
      expiresIn: 60,
      unhoistableHeaders: new Set(['if-none-match']),
      signableHeaders: new Set(['host', 'content-length', 'if-none-match']),
    },
  )
const code = async (response: Response) =>
  `${response.status} ${/<Code>(.*)<\/Code>/.exec(await response.text())?.[1] ?? ''}`.trim()
const conditional = { 'if-none-match': '*' }

test.for([
  { given: 'as signed', body: 'hello', headers: conditional, lateMs: 0, outcome: '200' },
  { given: 'another length', body: 'hello!', headers: conditional, lateMs: 0, outcome: '403 SignatureDoesNotMatch' },
  { given: 'without its condition', body: 'hello', headers: {}, lateMs: 0, outcome: '403 SignatureDoesNotMatch' },
  {
    given: 'with an unsigned ACL',
    body: 'hello',
    headers: { ...conditional, 'x-amz-acl': 'public-read' },
    lateMs: 0,
    outcome: '403 AccessDenied',
  },
  { given: 'after its time', body: 'hello', headers: conditional, lateMs: 61_000, outcome: '403 AccessDenied' },
])('a presigned upload, $given -> $outcome', async ({ given, body, headers, lateMs, outcome }) => {
  const url = await upload(`signed ${given}`)
  local.clock.offsetMs = lateMs
  expect(await code(await fetch(url, { method: 'PUT', body, headers }))).toBe(outcome)
  local.clock.offsetMs = 0
})

test('a presigned upload twice -> the second is 412; with the checksum of an empty body -> BadDigest', async () => {
  const url = await upload('twice')
  const send = () => fetch(url, { method: 'PUT', body: 'hello', headers: conditional })
  expect([await code(await send()), await code(await send())]).toEqual(['200', '412 PreconditionFailed'])
  const wrong = await upload('empty-sum', 'WHEN_SUPPORTED')
  expect(await code(await fetch(wrong, { method: 'PUT', body: 'hello', headers: conditional }))).toBe('400 BadDigest')
})

test('a presigned download -> the text; changed -> refused', async () => {
  const url = await getSignedUrl(local.s3, new GetObjectCommand({ Bucket: 'plain', Key: 'k' }), { expiresIn: 60 })
  expect(await (await fetch(url)).text()).toBe('text')
  expect(await code(await fetch(url.replace('/plain/k', '/plain/other')))).toBe('403 SignatureDoesNotMatch')
})

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
test('a write and a delete in a bucket with EventBridge -> events of AWS’s shape', async () => {
  local.events.length = 0
  const { VersionId } = await local.s3.send(new PutObjectCommand({ Bucket: 'watched', Key: 'e', Body: 'hello' }))
  await local.s3.send(new DeleteObjectCommand({ Bucket: 'watched', Key: 'e' }))
  const object = {
    key: 'e',
    size: 5,
    etag: '5d41402abc4b2a76b9719d911017c592',
    'version-id': VersionId,
    sequencer: expect.stringMatching(/^[0-9A-F]+$/),
  }
  expect(local.events).toMatchObject([
    {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      resources: ['arn:aws:s3:::watched'],
      detail: { version: '0', bucket: { name: 'watched' }, object, reason: 'PutObject' },
    },
    { 'detail-type': 'Object Deleted', detail: { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' } },
  ])
})

test('two days on -> the sweep expires what the rule names, and nothing else', async () => {
  const where = { Bucket: 'watched', Key: 'tmp/a' }
  await local.s3.send(new PutObjectCommand({ ...where, Body: 'x' }))
  local.objects.sweep()
  await local.s3.send(new HeadObjectCommand(where))
  local.clock.offsetMs = 2 * 86_400_000
  local.objects.sweep()
  local.clock.offsetMs = 0
  expect(await refusal(local.s3.send(new HeadObjectCommand(where)))).toMatch(/^404/)
  await local.s3.send(new HeadObjectCommand({ Bucket: 'watched', Key: 'k' }))
})

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
test.for([
  { origin: 'https://a.example.com', method: 'PUT', status: 200, allowed: 'https://a.example.com' },
  { origin: 'https://a.example.org', method: 'PUT', status: 403, allowed: null },
  { origin: 'https://a.example.com', method: 'DELETE', status: 403, allowed: null },
])('preflight from $origin to $method -> $status', async ({ origin, method, status, allowed }) => {
  const headers = { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type' }
  const answer = await fetch(`${local.endpoint}/shared/k`, { method: 'OPTIONS', headers })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, allowed])
})

test('an unknown property of a bucket -> refused by name', () => {
  expect(() => local.objects.addBucket(bucket('locked', { ObjectLockEnabled: true }))).toThrow(/ObjectLockEnabled/)
})
