import { createHash, createHmac } from 'node:crypto'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { SignatureV4 } from '@smithy/signature-v4'
import { expect, test } from 'vitest'
import { verifyHeader, verifyPresigned } from '../../local/signature.ts'

class Sha256 {
  readonly #key: Uint8Array | undefined
  #parts: Uint8Array[] = []
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#key = key === undefined ? undefined : bytes(key)
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.#parts.push(bytes(data))
  }
  async digest() {
    const all = Buffer.concat(this.#parts)
    return this.#key === undefined
      ? createHash('sha256').update(all).digest()
      : createHmac('sha256', this.#key).update(all).digest()
  }
  reset() {
    this.#parts = []
  }
}

const bytes = (data: string | ArrayBuffer | ArrayBufferView): Uint8Array =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data)

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }
const at = Date.UTC(2026, 10, 24, 1, 2, 3)
const body = '{"TableName":"t"}'
const secretOf = (id: string) => (id === credentials.accessKeyId ? credentials.secretAccessKey : undefined)
const hash = (text: string) => createHash('sha256').update(text).digest('hex')

async function signed(service: string, path: string, query: Record<string, string> = {}) {
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  })
  const request = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query,
      headers: { host: '127.0.0.1', 'x-amz-target': 'T.Op' },
      body,
    },
    { signingDate: new Date(at) },
  )
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return { method: 'POST', url: text ? `${path}?${text}` : path, headers: request.headers, bodySha256: hash(body) }
}

test.for([
  { given: 'a JSON service', service: 'dynamodb', path: '/', query: {} },
  { given: 'a path with an encoded colon', service: 'lambda', path: '/functions/arn%3Aaws/invocations', query: {} },
  {
    given: 's3 with dots and spaces in the key',
    service: 's3',
    path: '/bucket/a/../b%20c',
    query: { prefix: 'a b/*' },
  },
])('$given, signed by the SDK -> its access key', async ({ service, path, query }) => {
  const request = await signed(service, path, query)
  expect(verifyHeader(request, secretOf, () => at, service)).toBe(credentials.accessKeyId)
})

// Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
test.for([
  { given: 'another secret', s3: 'SignatureDoesNotMatch', json: 'InvalidSignatureException', secret: () => 'no' },
  { given: 'an unknown key', s3: 'InvalidAccessKeyId', json: 'UnrecognizedClientException', secret: () => undefined },
  { given: '16 minutes late', s3: 'RequestTimeTooSkewed', json: 'InvalidSignatureException', lateMs: 960_000 },
  { given: '16 minutes early', s3: 'RequestTimeTooSkewed', json: 'InvalidSignatureException', lateMs: -960_000 },
  { given: 'another body', s3: 'XAmzContentSHA256Mismatch', json: 'InvalidSignatureException', body: '{}' },
  { given: 'another path', s3: 'SignatureDoesNotMatch', json: 'InvalidSignatureException', url: '/other' },
  {
    given: 'another target',
    s3: 'SignatureDoesNotMatch',
    json: 'InvalidSignatureException',
    headers: { 'x-amz-target': 'T.Other' },
  },
  {
    given: 'no signature',
    s3: 'AccessDenied',
    json: 'MissingAuthenticationTokenException',
    headers: { authorization: undefined },
  },
  {
    given: 'a torn signature',
    s3: 'AuthorizationHeaderMalformed',
    json: 'IncompleteSignatureException',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a' },
  },
])('$given -> $s3 from S3, $json from a JSON service', async (row) => {
  for (const [service, code] of [
    ['s3', row.s3],
    ['dynamodb', row.json],
  ] as const) {
    const request = await signed(service, '/bucket/key')
    const changed = {
      ...request,
      url: row.url ?? request.url,
      headers: { ...request.headers, ...row.headers },
      bodySha256: row.body === undefined ? request.bodySha256 : hash(row.body),
    }
    const verify = () => verifyHeader(changed, row.secret ?? secretOf, () => at + (row.lateMs ?? 0), service)
    expect(verify).toThrow(expect.objectContaining({ code }))
  }
})

test('a signature for another service -> refused', async () => {
  const request = await signed('s3', '/bucket/key')
  expect(() => verifyHeader(request, secretOf, () => at, 'dynamodb')).toThrow(/scoped to correct service/)
})

const presigned = async () => {
  const client = new S3Client({
    region: 'us-east-1',
    credentials,
    endpoint: 'http://127.0.0.1:1',
    forcePathStyle: true,
  })
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'b', Key: 'a/../ü' }), {
    expiresIn: 60,
    signingDate: new Date(at),
  })
  return { method: 'GET', url: url.slice('http://127.0.0.1:1'.length), headers: { host: '127.0.0.1:1' } }
}

test.for([
  { given: 'in time', change: {}, lateMs: 60_000, outcome: credentials.accessKeyId },
  { given: 'a second too late', change: {}, lateMs: 61_000, outcome: 'Request has expired' },
  { given: 'long before', change: {}, lateMs: -16 * 60_000, outcome: 'Request is not yet valid' },
  { given: 'another method', change: { method: 'PUT' }, lateMs: 0, outcome: 'signature we calculated does not match' },
  {
    given: 'another host',
    change: { headers: { host: 'x' } },
    lateMs: 0,
    outcome: 'signature we calculated does not match',
  },
  {
    given: 'an unsigned x-amz header',
    change: { headers: { host: '127.0.0.1:1', 'x-amz-acl': 'public-read' } },
    lateMs: 0,
    outcome: 'not signed: x-amz-acl',
  },
])('a presigned URL, $given -> $outcome', async ({ change, lateMs, outcome }) => {
  const request = { ...(await presigned()), ...change }
  const verify = () => {
    try {
      return verifyPresigned(request, secretOf, () => at + lateMs)
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(verify()).toContain(outcome)
})

test('a presigned URL made to last longer -> its signature no longer matches', async () => {
  const request = await presigned()
  const longer = { ...request, url: request.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600') }
  expect(() => verifyPresigned(longer, secretOf, () => at)).toThrow(/does not match/)
  const tooLong = { ...request, url: request.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801') }
  expect(() => verifyPresigned(tooLong, secretOf, () => at)).toThrow(/X-Amz-Expires/)
})
