/** Calls under an Idempotency-Key, calls that are answered later, and uploads as bodies, on the running product. */
import { setTimeout } from 'node:timers/promises'
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { figuresOf } from './figures.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, columnBody, inferBody } from './models.ts'
import { pushed } from './pushed.ts'

let stack: Stack
let key = ''
let otherKey = ''
const path = '/v2/models/add/infer'

beforeAll(async () => {
  stack = await startStack()
  await pushed(stack, 'add', addModel(1))
  await stack.send('PUT', '/api/prices/add', { body: { unit: 'row', amount: '0.001' } })
  key = await consumerKey(stack, 'acme', ['add'])
  otherKey = await consumerKey(stack, 'other', ['*'])
})
afterAll(() => stack.close())

/** The text of an answer, untouched. */
const post = async (to: string, body: unknown, headers: Record<string, string> = {}, secret = key) => {
  const response = await fetch(stack.running.url + to, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const rowCount = async () => (await usageRows(stack)).length

const endOf = async (location: string, secret = key) => {
  for (;;) {
    const { body } = await stack.send('GET', location, { key: secret })
    if (body.endedAt !== undefined || body.error !== undefined) return body
    await setTimeout(50)
  }
}

/** Puts bytes as a consumer's upload. -> its id */
const upload = async (bytes: string, contentType = 'application/json', secret = key): Promise<string> => {
  const asked = { contentType, sizeBytes: Buffer.byteLength(bytes) }
  const { status, body } = await stack.send('POST', '/v1/uploads', { key: secret, body: asked })
  expect(status, JSON.stringify(body)).toBe(201)
  expect((await fetch(body.url, { method: 'PUT', headers: body.headers, body: bytes })).status).toBe(200)
  return body.id
}

const values = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 0.5)

describe('Idempotency-Key', () => {
  test.for([
    { given: 'a short answer', count: 2, value: 'k-short' },
    { given: 'an answer over 4 KB', count: 2000, value: 'k-long' },
    { given: 'a quoted key', count: 1, value: '"k quoted"' },
  ])('$given, asked three times -> equal bytes and headers, one row', async ({ count, value }) => {
    const before = await rowCount()
    const ask = () => post(path, inferBody(...values(count)), { 'idempotency-key': value })
    const first = await ask()
    expect(first.status, first.text).toBe(200)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    for (const again of [await ask(), await ask()]) {
      expect(again).toMatchObject({ status: 200, text: first.text })
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      expect(again.headers.get('percall-original-request-id')).toBe(first.headers.get('percall-request-id'))
      expect(again.headers.get('percall-request-id')).not.toBe(first.headers.get('percall-request-id'))
      for (const name of ['content-type', 'percall-version', 'percall-units', 'percall-cost'])
        expect(again.headers.get(name)).toBe(first.headers.get(name))
    }
    expect(await rowCount()).toBe(before + 1)
  })

  test('twins at the same moment -> one row, equal answers', async () => {
    const before = await rowCount()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => post(path, inferBody(4), { 'idempotency-key': 'twins' })),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(200)
    expect(await rowCount()).toBe(before + 1)
  })

  test.for([
    { given: 'another body', to: path, body: inferBody(9), headers: {} },
    { given: 'another path to the same model', to: '/v2/models/add/versions/1/infer', body: inferBody(8), headers: {} },
    { given: 'another query', to: `${path}?a=1`, body: inferBody(8), headers: {} },
    { given: 'another accept', to: path, body: inferBody(8), headers: { accept: 'text/csv' } },
  ])('the key again with $given -> 422, nothing charged', async ({ to, body, headers }) => {
    await post(path, inferBody(8), { 'idempotency-key': 'same' })
    const before = await rowCount()
    const refused = await post(to, body, { 'idempotency-key': 'same', ...headers })
    expect(refused.status, refused.text).toBe(422)
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await rowCount()).toBe(before)
  })

  test("another consumer's equal key -> a call of its own", async () => {
    await post(path, inferBody(1), { 'idempotency-key': 'shared' })
    const { status, headers } = await post(path, inferBody(2), { 'idempotency-key': 'shared' }, otherKey)
    expect({ status, replayed: headers.get('idempotent-replayed') }).toEqual({ status: 200, replayed: null })
  })

  test.for(['""', ' ', 'x'.repeat(256), '"open', 'two words', 'caf\u00e9'])('a key %j -> 400', async (value) => {
    const { status, text } = await post(path, inferBody(1), { 'idempotency-key': value })
    expect({ status, code: JSON.parse(text).code }).toEqual({ status: 400, code: 'BAD_REQUEST' })
  })

  test('a refused call, then the right one under its key -> answered: refusals are not recorded', async () => {
    const headers = { 'idempotency-key': 'mended' }
    expect((await post(path, { inputs: [] }, headers)).status).toBe(400)
    expect((await post(path, inferBody(1), headers)).status).toBe(200)
  })

  test.runIf(process.env.PERCALL_LONG)(
    'the alias gone -> the recorded answer all the same; without a grant -> 403',
    async () => {
      const octets = { 'content-type': 'application/octet-stream' }
      await stack.send('POST', '/api/models/moved/versions', { body: addModel(1), headers: octets })
      const ask = (secret: string) =>
        post('/v2/models/moved/infer', inferBody(1), { 'idempotency-key': 'moved' }, secret)
      const first = await ask(otherKey)
      expect(first.status, first.text).toBe(200)
      expect((await stack.send('DELETE', '/api/models/moved/aliases/live')).status).toBe(204)
      await setTimeout(11_000) // environments keep an alias for 10 s
      expect(await ask(otherKey)).toMatchObject({ status: 200, text: first.text })
      expect((await ask(key)).status).toBe(403)
    },
  )
})

describe('Prefer: respond-async', () => {
  const later = { prefer: 'respond-async' }

  test('a call -> 202, then its result as if answered at once, charged once', async () => {
    const before = await rowCount()
    const direct = await post(path, inferBody(1, 2))
    const accepted = await post(path, inferBody(1, 2), later)
    expect(accepted.status, accepted.text).toBe(202)
    expect(accepted.headers.get('preference-applied')).toBe('respond-async')
    const location = accepted.headers.get('location')!
    expect(location).toMatch(/^\/v1\/calls\/\w{20}$/)
    expect(JSON.parse(accepted.text)).toMatchObject({ state: 'queued', model: 'add', version: 1 })
    const ended = await endOf(location)
    expect(ended).toMatchObject({ state: 'succeeded', units: 2, cost: '0.002', result: `${location}/result` })
    const result = await stack.send('GET', `${location}/result`, { key })
    expect({ status: result.status, body: result.body }).toEqual({ status: 200, body: JSON.parse(direct.text) })
    expect(result.headers.get('percall-version')).toBe('add/1')
    expect(await rowCount()).toBe(before + 2)
    const id = location.split('/').at(-1) ?? ''
    expect(figuresOf(stack, id)).toEqual([{ service: 'calls', calls: 1, cost: 0.002 }])
    expect((await usageRows(stack)).at(-1)).toMatchObject({ origin: 'async', units: 2, keyId: expect.any(String) })
    expect((await stack.send('POST', `${location}/cancel`, { key })).status).toBe(409)
    const { body } = await stack.send('GET', '/v1/calls', { key })
    expect(body.calls.map(({ id }: { id: string }) => `/v1/calls/${id}`)).toContain(location)
  })

  test('wait=20 -> the answer itself, when it comes in time', async () => {
    const answer = await post(path, inferBody(3), { prefer: 'respond-async, wait=20' })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('preference-applied')).toBe('respond-async, wait=20')
    expect(JSON.parse(answer.text).outputs[0].data).toEqual([4])
  })

  test('a key twice -> the same 202 and the same call, one row', async () => {
    const before = await rowCount()
    const ask = () => post(path, inferBody(5), { ...later, 'idempotency-key': 'later' })
    const [first, again] = [await ask(), await ask()]
    expect(again).toMatchObject({ status: 202, text: first.text })
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await endOf(first.headers.get('location')!)).toMatchObject({ state: 'succeeded' })
    expect(await rowCount()).toBe(before + 1)
  })

  test('a bad body, an unknown model, no grant -> refused at once, no call', async () => {
    const list = async () => (await stack.send('GET', '/v1/calls', { key })).body.calls.length
    const before = await list()
    expect((await post(path, { inputs: [] }, later)).status).toBe(400)
    expect((await post('/v2/models/nope/infer', inferBody(1), later, stack.ownerKey)).status).toBe(404)
    expect((await post('/v2/models/nope/infer', inferBody(1), later)).status).toBe(403)
    expect(await list()).toBe(before)
  })

  test("another consumer's call -> 404 in every form", async () => {
    const location = (await post(path, inferBody(6), later)).headers.get('location')!
    for (const [verb, to] of [
      ['GET', location],
      ['GET', `${location}/result`],
      ['POST', `${location}/cancel`],
    ] as const)
      expect((await stack.send(verb, to, { key: otherKey })).status).toBe(404)
    await endOf(location)
  })

  test('cancelled at once -> cancelled or succeeded, a row only in the latter', async () => {
    const before = await rowCount()
    const location = (await post(path, inferBody(7), later)).headers.get('location')!
    const cancelled = await stack.send('POST', `${location}/cancel`, { key })
    const { state } = await endOf(location)
    expect(state).toBe(cancelled.status === 200 ? 'cancelled' : 'succeeded')
    await setTimeout(500)
    expect(await rowCount()).toBe(before + (state === 'succeeded' ? 1 : 0))
  })
})

describe('uploads', () => {
  test('a body named as an upload -> answered as the body itself, also later', async () => {
    const body = JSON.stringify(inferBody(...values(300)))
    const direct = await post(path, body)
    const id = await upload(body)
    const named = await post(path, `upload:${id}`, { 'content-type': 'text/plain' })
    expect(named, named.text).toMatchObject({ status: 200, text: direct.text })
    const location = (await post(path, `upload:${id}`, { prefer: 'respond-async' })).headers.get('location')!
    expect(await endOf(location)).toMatchObject({ state: 'succeeded' })
    const { body: result } = await stack.send('GET', `${location}/result`, { key })
    expect(result).toEqual(JSON.parse(direct.text))
  })

  test('an answer too large for the gateway -> 413 at once, 303 to it later', async () => {
    const id = await upload(JSON.stringify(columnBody(values(800_000))))
    const plain = { 'accept-encoding': 'identity' }
    expect((await post(path, `upload:${id}`, plain)).status).toBe(413)
    const location = (await post(path, `upload:${id}`, { ...plain, prefer: 'respond-async' })).headers.get('location')!
    expect(await endOf(location)).toMatchObject({ state: 'succeeded', units: 800_000 })
    const result = await stack.send('GET', `${location}/result`, { key }).catch((thrown: unknown) => thrown)
    expect(result).toMatchObject({ status: 200 })
  })

  test('an answer kept compressed, for who does not accept that -> 303 to it uncompressed; removed by hand -> 410', async () => {
    const id = await upload(JSON.stringify(columnBody(values(800_000))))
    const gzip = { 'accept-encoding': 'gzip', prefer: 'respond-async' }
    const location = (await post(path, `upload:${id}`, gzip)).headers.get('location')!
    expect(await endOf(location)).toMatchObject({ state: 'succeeded', units: 800_000 })
    const ask = (coding: string) =>
      fetch(`${stack.running.url}${location}/result`, {
        headers: { authorization: `Bearer ${key}`, 'accept-encoding': coding },
        redirect: 'manual',
      })
    const packed = await ask('gzip')
    expect([packed.status, packed.headers.get('content-encoding')]).toEqual([200, 'gzip'])
    const whole = await packed.text()
    for (let time = 0; time < 2; time++) {
      const sent = await ask('identity')
      expect(sent.status).toBe(303)
      expect(sent.headers.get('percall-cost')).toBe('800')
      const there = await fetch(sent.headers.get('location') ?? '')
      expect(there.headers.get('content-encoding')).toBeNull()
      expect((await there.text()) === whole).toBe(true)
    }
    const { s3Endpoint: endpoint, adminCredentials: credentials, region } = stack.running
    const s3 = new S3Client({ endpoint, credentials, region, forcePathStyle: true })
    const Bucket = String(stack.running.outputs.PercallService?.DataBucket)
    await s3.send(new DeleteObjectCommand({ Bucket, Key: `calls/acme/${location.split('/').at(-1)}/result` }))
    s3.destroy()
    const gone = await stack.send('GET', `${location}/result`, { key })
    expect(gone).toMatchObject({ status: 410, body: { code: 'ANSWER_GONE' } })
  })

  test("an upload that never came, another's, or none -> 404", async () => {
    const { body } = await stack.send('POST', '/v1/uploads', {
      key,
      body: { contentType: 'application/json', sizeBytes: 3 },
    })
    const mine = await upload(JSON.stringify(inferBody(1)))
    for (const [id, secret] of [
      [body.id, key],
      [mine, otherKey],
      ['nope', key],
    ])
      expect((await post(path, `upload:${id}`, {}, secret)).status).toBe(404)
  })
})
