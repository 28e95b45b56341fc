/** An answer that was charged is had again, whatever its size and whoever accepts which coding. */
import { gunzipSync } from 'node:zlib'
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mostResponseBytes } from '../../src/call/gateway-size.ts'
import type { Asked } from './doors.ts'
import { type EchoDoors, openEchoDoors } from './echo-doors.ts'

let doors: EchoDoors
beforeAll(async () => {
  doors = await openEchoDoors()
})
afterAll(() => doors.close())

/** What a body takes of the event that the gateway reads. */
const eventBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text))

const rowsOf = (count: number): string => `x\n${Array.from({ length: count }, (_, i) => `${i}.25`).join('\n')}\n`

const predictCsv = (name: string, asked: Asked) => {
  const headers = { 'content-type': 'text/csv', 'idempotency-key': name, ...asked.headers }
  return doors.predict('POST', '/v1/models/row:predict', { key: doors.key, ...asked, headers })
}

test('a keyed CSV of 5 MB, asked three times -> the same text, which fits the gateway; one row', async () => {
  const before = (await doors.usageRows()).length
  const body = rowsOf(248_000)
  const first = await predictCsv('long-text', { body })
  expect(first.status, first.text.slice(0, 200)).toBe(200)
  // In base64 it would not fit.
  expect((first.bytes.length / 3) * 4).toBeGreaterThan(mostResponseBytes)
  for (const again of [await predictCsv('long-text', { body }), await predictCsv('long-text', { body })]) {
    expect(again.status).toBe(200)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again.text === first.text).toBe(true)
    expect(eventBytes(again.text)).toBeLessThan(mostResponseBytes)
  }
  expect(await doors.usageRows()).toHaveLength(before + 1)
})

const square = (rows: number) => ({
  inputs: [{ name: 'x', shape: [rows, 4], datatype: 'FP32', data: Array.from({ length: rows * 4 }, () => 0.12345678) }],
})

test('a keyed answer that fits by gzip only, asked without it -> 303 to the plain answer, every time; one row', async () => {
  const before = (await doors.usageRows()).length
  const body = square(150_000)
  const ask = (headers: Record<string, string>) =>
    doors.ask('square', { body, headers: { 'idempotency-key': 'by-gzip', ...headers } })
  const first = await ask({ 'accept-encoding': 'gzip' })
  expect(first).toMatchObject({ status: 200, headers: { 'content-encoding': 'gzip' } })
  const whole = gunzipSync(first.bytes)
  expect(whole.length).toBeGreaterThan(mostResponseBytes)
  for (let time = 0; time < 2; time++) {
    const again = await ask({})
    expect(again, again.text.slice(0, 200)).toMatchObject({ status: 303, headers: { 'idempotent-replayed': 'true' } })
    expect(again.headers['percall-cost']).toBe(first.headers['percall-cost'])
    const there = await fetch(String(again.headers.location), { headers: { 'accept-encoding': 'identity' } })
    expect(there.headers.get('content-encoding')).toBeNull()
    expect(there.headers.get('content-type')).toBe('application/json')
    expect(Buffer.from(await there.arrayBuffer()).equals(whole)).toBe(true)
  }
  const packed = await ask({ 'accept-encoding': 'gzip' })
  expect(packed.status).toBe(200)
  expect(packed.bytes.equals(first.bytes)).toBe(true)
  expect(await doors.usageRows()).toHaveLength(before + 1)
}, 60_000)

test('the kept answer of a key removed by hand -> 410, nothing charged', async () => {
  const body = square(600)
  const ask = () => doors.ask('square', { body, headers: { 'idempotency-key': 'removed' } })
  expect((await ask()).status).toBe(200)
  const before = (await doors.usageRows()).length
  const s3 = new S3Client({ forcePathStyle: true })
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'answers/' }))
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: 'plain', Key }))
  s3.destroy()
  expect(await ask()).toMatchObject({ status: 410, body: { code: 'ANSWER_GONE' } })
  expect(await doors.usageRows()).toHaveLength(before)
})
