/** A file that is replaced after its batch was accepted: the batch has the bytes that it was accepted with. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { splitFile } from '../../../adapters/runs/split-file.ts'
import type { Batch } from '../../../src/batch/batch.ts'
import type { Shard } from '../../../src/batch/progress.ts'
import { reserve } from '../../../src/ledger/reservation.ts'
import type { Version } from '../../../src/registry/version.ts'
import { startS3 } from '../../local/objects/server.ts'
import { worldHour } from '../../src/ledger-world.ts'

let s3: Awaited<ReturnType<typeof startS3>>
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(() => s3.close())

const Bucket = 'versioned'
const principal = { role: 'consumer', consumerId: 'a', keyId: 'k', grants: ['*'] } as const
const reservation = reserve('b', 'batch', { principal, model: 'm', admittedAtMs: 5, hour: worldHour(5) })
const version: Version = {
  model: 'm',
  number: 1,
  digest: '',
  sizeBytes: 1,
  createdAtMs: 0,
  signature: { inputs: [{ name: 'x', datatype: 'FP64', shape: [-1] }], outputs: [] },
}
const batch: Omit<Batch, 'input' | 'format'> = {
  id: 'b',
  consumerId: 'a',
  model: 'm',
  version: 1,
  upload: 'u',
  output: 'csv',
  unknown: 'refuse',
  state: 'running',
  requestId: 'r',
  createdAtMs: 5,
  expires: 9,
  reservation,
}

const put = async (key: string, Body: string) =>
  (await s3.s3.send(new PutObjectCommand({ Bucket, Key: key, Body }))).VersionId!
const textOf = async (Key: string) => {
  const { Body } = await s3.s3.send(new GetObjectCommand({ Bucket, Key }))
  return (await Body?.transformToString()) ?? ''
}

test.for([
  { format: 'csv', first: 'x\n1\n2\n', second: 'x\n7\n8\n9\n', lines: '["1"]\n["2"]\n' },
  { format: 'jsonl', first: '{"x":1}\n{"x":2}\n', second: '{"x":7}\n', lines: '{"x":1}\n{"x":2}\n' },
] as const)('$format replaced before it is split -> the rows of the version that was pinned', async (given) => {
  const { format, first, second, lines } = given
  const key = `uploads/a/${format}`
  const versionId = await put(key, first)
  await put(key, second)
  const split = splitFile({ objects: s3.s3, bucket: Bucket }, { memoryMb: 512, threads: 1 })
  const plan = await split({ ...batch, format, input: { key, versionId } }, { version })
  expect(plan).toMatchObject({ rows: 2, shards: 1, columns: ['x'] })
  const [shard]: readonly Shard[] = JSON.parse(await textOf(plan.itemsKey))
  expect(await textOf(shard!.key)).toBe(lines)
})
