import { createHash } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactKey, putArtifact, readArtifact } from '../../adapters/artifacts.ts'
import { startPlaces } from './places.ts'

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
