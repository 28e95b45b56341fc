import { createHash } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactKey, putArtifact, readArtifact } from '../../../adapters/aws/artifacts.ts'
import { startPlaces } from '../places.ts'

let places: Awaited<ReturnType<typeof startPlaces>>
beforeAll(async () => {
  places = await startPlaces()
})
afterAll(() => places.close())

const bytes = new TextEncoder().encode('the bytes of a model')

test('stored twice -> one digest, the same bytes', async () => {
  const { artifacts } = places
  const digest = await putArtifact(artifacts)(bytes)
  expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(await putArtifact(artifacts)(bytes)).toBe(digest)
  expect(await readArtifact(artifacts)(digest)).toEqual(bytes)
})

test('other bytes under the digest -> refused, never served', async () => {
  const { artifacts } = places
  const digest = createHash('sha256').update('what was published').digest('hex')
  await artifacts.objects.send(
    new PutObjectCommand({ Bucket: artifacts.bucket, Key: artifactKey(digest), Body: 'what somebody put there' }),
  )
  await expect(readArtifact(artifacts)(digest)).rejects.toThrow(`artifact ${digest}: expected bytes of this digest`)
})

test.for([
  { given: 'one byte more than a part', sizeBytes: 8 * 1024 * 1024 + 1 },
  { given: 'two parts and a half', sizeBytes: 20 * 1024 * 1024 },
])('$given, read in parallel parts -> the same bytes', async ({ sizeBytes }) => {
  const { artifacts } = places
  const large = Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31 + (i >> 12)) & 0xff)
  const digest = await putArtifact(artifacts)(large)
  expect(Buffer.compare(await readArtifact(artifacts)(digest, sizeBytes), large)).toBe(0)
})

test('one changed byte in the last part -> refused, never served', async () => {
  const { artifacts } = places
  const large = new Uint8Array(17 * 1024 * 1024)
  const digest = createHash('sha256').update(large).digest('hex')
  large[large.length - 1] = 1
  await artifacts.objects.send(
    new PutObjectCommand({ Bucket: artifacts.bucket, Key: artifactKey(digest), Body: large }),
  )
  await expect(readArtifact(artifacts)(digest, large.length)).rejects.toThrow(`expected bytes of this digest`)
})

test('parts of bytes that were removed -> UNKNOWN_VERSION', async () => {
  const digest = createHash('sha256').update('never stored').digest('hex')
  await expect(readArtifact(places.artifacts)(digest, 20 * 1024 * 1024)).rejects.toMatchObject({
    code: 'UNKNOWN_VERSION',
  })
})
