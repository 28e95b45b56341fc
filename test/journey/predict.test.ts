/**
 * The journey of a paid call, as its two people live it: the owner publishes, grants and prices a model; the consumer
 * calls it and sees what it cost. All of it over HTTP, through the gateway, functions, tables and policies of the stacks.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bfloat16Add, bfloat16Identity } from '../fixtures/bfloat16-models.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'

let stack: Stack
let send: Stack['send']
let acme = ''

beforeAll(async () => {
  stack = await startStack()
  send = stack.send
})
afterAll(() => stack.close())

test('a pushed file -> version 1 with its signature, and live points to it', async () => {
  const pushed = await send('POST', '/api/models/adder/versions', {
    body: addModel(10),
    headers: { 'content-type': 'application/octet-stream' },
  })
  expect(pushed).toMatchObject({
    status: 201,
    body: { name: 'adder', version: 1, inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }] },
  })
  expect((await send('GET', '/api/models/adder')).body.aliases).toEqual({ live: 1 })
})

test('a consumer, a grant, a key and a price -> /api/me shows what the key may do', async () => {
  acme = await consumerKey(stack, 'acme', ['adder', 'gratis'])
  const price = { unit: 'row', amount: '0.000002001', minimumPerCall: '0.000003' }
  expect(await send('PUT', '/api/prices/adder', { body: price })).toMatchObject({ status: 200, body: price })
  expect((await send('GET', '/api/me', { key: acme })).body).toMatchObject({
    role: 'consumer',
    consumer: 'acme',
    grants: ['adder', 'gratis'],
    usage: { totals: { calls: 0, units: 0, cost: '0' }, by: [] },
  })
})

test('an Open Inference call -> the answer, its cost in the headers, and its one row in the ledger', async () => {
  const { status, headers, body } = await send('POST', '/v2/models/adder/infer', {
    key: acme,
    body: { id: 'first', ...inferBody(1, 2, 3) },
  })
  const rows = await usageRows(stack)
  expect(status).toBe(200)
  expect(body).toEqual({
    model_name: 'adder',
    model_version: '1',
    id: 'first',
    outputs: [{ name: 'y', datatype: 'FP32', shape: [3, 1], data: [11, 12, 13] }],
  })
  expect(Object.fromEntries(headers)).toMatchObject({
    'percall-version': 'adder/1',
    'percall-units': '3',
    'percall-cost': '0.000006003',
    'percall-cold': '1',
    'server-timing': expect.stringMatching(/^parse;dur=.+, load;dur=.+, infer;dur=.+, bill;dur=.+, total;dur=.+/),
  })
  expect(rows).toMatchObject([
    {
      number: 1,
      model: 'adder',
      version: 1,
      unit: 'row',
      units: 3,
      costNano: 6003,
      cold: true,
      requestId: headers.get('percall-request-id'),
    },
  ])
})

test('calls by rows, by version and by alias -> one more row each, the earlier ones as they were', async () => {
  const before = await usageRows(stack)
  const byRows = await send('POST', '/v1/models/adder:predict', {
    key: acme,
    body: { instances: [{ x: 4 }, { x: 5 }] },
  })
  expect(byRows).toMatchObject({ status: 200, body: { predictions: [[14], [15]] } })
  // One row costs 0.000002001, less than a call's minimum.
  const byVersion = await send('POST', '/v2/models/adder/versions/1/infer', { key: acme, body: inferBody(6) })
  expect(byVersion.headers.get('percall-cost')).toBe('0.000003')
  const byAlias = await send('POST', '/v2/models/adder@live/infer', { key: acme, body: inferBody(7) })
  expect(byAlias.headers.get('percall-cold')).toBe('0')
  const rows = await usageRows(stack)
  expect(rows.slice(0, before.length)).toEqual(before)
  expect(rows.slice(before.length).map(({ costNano }) => costNano)).toEqual([4002, 3000, 3000])
  const answers = [byRows, byVersion, byAlias]
  expect(rows.slice(before.length).map(({ requestId }) => requestId)).toEqual(
    answers.map(({ headers }) => headers.get('percall-request-id')),
  )
})

test('a model without a price, and an owner key -> rows at cost 0', async () => {
  await send('POST', '/api/models/gratis/versions', {
    body: addModel(0),
    headers: { 'content-type': 'application/octet-stream' },
  })
  const before = await usageRows(stack)
  const free = await send('POST', '/v2/models/gratis/infer', { key: acme, body: inferBody(1) })
  const own = await send('POST', '/v2/models/adder/infer', { body: inferBody(1) })
  for (const { status, headers } of [free, own]) expect([status, headers.get('percall-cost')]).toEqual([200, '0'])
  expect((await usageRows(stack)).slice(before.length)).toMatchObject([
    { model: 'gratis', costNano: 0 },
    { model: 'adder', costNano: 0 },
  ])
  expect((await send('GET', '/api/consumers/owner/usage')).body.totals).toEqual({ calls: 1, units: 1, cost: '0' })
})

test.for(['day', 'model', 'version', 'key'])('usage by %s -> adds up to the ledger, to the nano', async (group) => {
  const owners = await send('GET', `/api/consumers/acme/usage?by=${group}`)
  const own = await send('GET', `/api/me?by=${group}`, { key: acme })
  expect(owners.body.totals).toEqual({ calls: 5, units: 8, cost: '0.000016005' })
  expect(own.body.usage.totals).toEqual(owners.body.totals)
  expect(own.body.usage.by).toEqual(owners.body.by)
  const nanoOf = (cost: string) => Math.round(Number(cost) * 1e9)
  const sum = owners.body.by.reduce((nano: number, { cost }: { cost: string }) => nano + nanoOf(cost), 0)
  expect(sum).toBe(16_005)
  // The test may run over midnight.
  if (group !== 'day') expect(owners.body.by).toHaveLength(group === 'key' ? 1 : 2)
})

test('a model with bfloat16 at its edges -> every pattern there and back in binary, at once and later; JSON refused', async () => {
  const headers = { 'content-type': 'application/octet-stream' }
  const pushed = await send('POST', '/api/models/brain/versions', { body: bfloat16Identity, headers })
  expect(pushed).toMatchObject({ status: 201, body: { inputs: [{ name: 'x', datatype: 'BF16', shape: [-1] }] } })
  // Infinity ends the numbers of a sign; the NaN behind it need not keep their payloads.
  const patterns = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits).filter((bits) => (bits & 0x7fff) <= 0x7f80)
  const ask = (more: Record<string, string>) =>
    fetch(`${stack.running.url}/v2/models/brain/infer`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.ownerKey}`,
        ...headers,
        'inference-header-content-length': '0',
        ...more,
      },
      body: new Uint8Array(patterns.buffer),
    })
  const bitsOf = async (answer: Response): Promise<Uint16Array> => {
    const bytes = await answer.arrayBuffer()
    return new Uint16Array(bytes.slice(Number(answer.headers.get('inference-header-content-length'))))
  }
  expect(await bitsOf(await ask({}))).toEqual(patterns)
  const later = await ask({ prefer: 'respond-async' })
  const result = `${later.headers.get('location')}/result`
  const authorization = { authorization: `Bearer ${stack.ownerKey}` }
  const done = await vi.waitUntil(
    async () => {
      const answer = await fetch(stack.running.url + result, { headers: authorization })
      return answer.status === 200 && answer
    },
    { timeout: 600_000, interval: 100 },
  )
  expect([later.status, await bitsOf(done)]).toEqual([202, patterns])
  const inputs = [{ name: 'x', datatype: 'BF16', shape: [1], data: [1] }]
  expect(await send('POST', '/v2/models/brain/infer', { body: { inputs } })).toMatchObject({
    status: 400,
    body: { code: 'BAD_DATATYPE' },
  })
  const refused = await send('POST', '/api/models/brain-add/versions', { body: bfloat16Add, headers })
  expect(refused).toMatchObject({
    status: 400,
    body: { code: 'UNSUPPORTED_ONNX', error: expect.stringMatching(/Add/) },
  })
})
