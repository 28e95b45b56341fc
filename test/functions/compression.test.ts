/** Compressed bodies and answers through the real handler. */
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesOf, type EchoDoors, framed, openEchoDoors, sixteen, x4 } from './echo-doors.ts'

let doors: EchoDoors
const ask: EchoDoors['ask'] = (model, asked) => doors.ask(model, asked)
beforeAll(async () => {
  doors = await openEchoDoors()
})
afterAll(() => doors.close())

const longBody = { inputs: [{ name: 'x', shape: [500], datatype: 'FP64', data: Array<number>(500).fill(0.5) }] }
const plainBytes = new Uint8Array(Buffer.from(JSON.stringify(longBody)))
const codings = { gzip: [gzipSync, gunzipSync], deflate: [deflateSync, inflateSync] } as const

test.for(['gzip', 'deflate'] as const)('%s both ways -> the same answer', async (coding) => {
  const [shrink, grow] = codings[coding]
  const headers = { 'content-encoding': coding, 'accept-encoding': coding, 'content-type': 'application/json' }
  const answer = await ask('row', { body: new Uint8Array(shrink(plainBytes)), headers })
  expect(answer).toMatchObject({ status: 200, headers: { 'content-encoding': coding, vary: 'accept-encoding' } })
  expect(JSON.parse(grow(answer.bytes).toString()).outputs[0].data).toEqual(Array(500).fill(0.5))
})

test('binary tensors under gzip -> the header counts the inflated bytes, both ways', async () => {
  const json = JSON.stringify({
    ...longBody,
    inputs: [{ name: 'x', shape: [500], datatype: 'FP64', parameters: { binary_data_size: 4000 } }],
    parameters: { binary_data_output: true },
  })
  const body = new Uint8Array(gzipSync(bytesOf(json, new Uint8Array(4000))))
  const headers = {
    'content-encoding': 'gzip',
    'accept-encoding': 'gzip',
    'inference-header-content-length': String(json.length),
  }
  const answer = await ask('row', { body, headers })
  expect(answer.headers['content-encoding']).toBe('gzip')
  const length = Number(answer.headers['inference-header-content-length'])
  const inflated = gunzipSync(answer.bytes)
  expect(JSON.parse(inflated.subarray(0, length).toString()).outputs[0].parameters).toEqual({ binary_data_size: 4000 })
  expect(inflated.length - length).toBe(4000)
})

test.for([
  ['gzip;q=0', undefined],
  ['gzip;q=0, deflate', 'deflate'],
  ['*', 'gzip'],
  ['*;q=0', undefined],
  ['br, gzip;q=0.5, identity', undefined],
  ['br, deflate;q=0.5, gzip;q=0.25', 'deflate'],
  ['identity;q=0, *;q=0.1', 'gzip'],
  ['GZIP;Q=1.000', 'gzip'],
  ['gzip;q=2', undefined],
  ['', undefined],
] as const)('accept-encoding %s -> %s', async ([accepted, coding]) => {
  const { status, headers } = await ask('row', { body: longBody, headers: { 'accept-encoding': accepted } })
  expect([status, headers['content-encoding']]).toEqual([200, coding])
})

test('an answer below 1 KiB -> as it is', async () => {
  const { headers } = await ask('scores', { ...framed({ inputs: [x4] }, sixteen) })
  expect(headers['content-encoding']).toBeUndefined()
})

const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 32))

test.for<[string, Uint8Array, string, number, string]>([
  ['40 MiB in 40 KB', bomb, 'gzip', 413, 'TOO_LARGE'],
  ['a stream cut short', gzipSync(plainBytes).subarray(0, -9), 'gzip', 400, 'BAD_REQUEST'],
  ['bytes behind the stream', bytesOf(deflateSync(plainBytes), [0]), 'deflate', 400, 'BAD_REQUEST'],
  ['no stream', plainBytes, 'deflate', 400, 'BAD_REQUEST'],
  ['another coding', plainBytes, 'zstd', 415, 'WRONG_MEDIA_TYPE'],
  ['two codings', gzipSync(deflateSync(plainBytes)), 'deflate, gzip', 415, 'WRONG_MEDIA_TYPE'],
])('%s -> a refusal', async ([, body, coding, status, code]) => {
  const headers = { 'content-encoding': coding, 'content-type': 'application/json' }
  expect(await ask('row', { body: new Uint8Array(body), headers })).toMatchObject({ status, body: { code } })
})

test('a bomb without a key -> 401 before it is inflated', async () => {
  const asked = { body: new Uint8Array(bomb), headers: { 'content-encoding': 'gzip' } }
  expect((await doors.predict('POST', '/v2/models/row/infer', asked)).status).toBe(401)
})
