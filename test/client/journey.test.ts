/** The client against the running product. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BatchBody } from '../../client/bodies.ts'
import { createClient, getMe, type Percall, pushVersion, registerVersion } from '../../client/percall.ts'
import { expectedEmbedding, textManifest, textModel } from '../fixtures/text-model.ts'
import { consumerKey, usageRows } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { registered } from '../journey/registered.ts'
import { publishTrained } from '../journey/trained.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { everyDatatype } from './models.ts'

let stack: Stack
let owner: Percall
let percall: Percall
const pausesMs: number[] = []

const firstOf = async <Item>(items: AsyncIterable<Item>): Promise<Item | undefined> => {
  for await (const item of items) return item
  return undefined
}

beforeAll(async () => {
  stack = await startStack()
  const { url } = stack.running
  owner = createClient({ url, key: stack.ownerKey })
  const { id } = await registerVersion(owner, 'texts', textModel(), { manifest: textManifest })
  await pushVersion(owner, 'add', addModel(1))
  await pushVersion(owner, 'every', everyDatatype())
  await publishTrained(stack, 'price')
  await stack.send('PUT', '/api/prices/add', { body: { unit: 'row', amount: '0.001' } })
  const key = await consumerKey(stack, 'acme', ['*'])
  const sleep = async (ms: number) => {
    pausesMs.push(ms)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  percall = createClient({ url, key, sleep })
  await registered(owner, id)
})
afterAll(() => stack.close())

describe('tensors of every datatype -> back as they went', () => {
  const f = (...values: number[]) => ({ data: Float32Array.from(values), shape: [2, 1] })
  const inputs = {
    f: f(0.1, -3.4e38),
    d: { data: Float64Array.of(0.1, 5e-324), shape: [2, 1] },
    n: { data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n), shape: [2, 1] },
    u: { data: BigUint64Array.of(2n ** 64n - 1n, 0n), shape: [2, 1] },
    i: { data: Int32Array.of(-(2 ** 31), 1), shape: [2, 1] },
    s: { data: Int16Array.of(-32768, 1), shape: [2, 1] },
    c: { data: Int8Array.of(-128, 1), shape: [2, 1] },
    ui: { data: Uint32Array.of(2 ** 32 - 1, 1), shape: [2, 1] },
    us: { data: Uint16Array.of(65535, 1), shape: [2, 1] },
    uc: { data: Uint8Array.of(255, 1), shape: [2, 1] },
    h: { data: Uint16Array.of(0x3c00, 0x7bff), shape: [2, 1], datatype: 'FP16' },
    b: { data: Uint8Array.of(0, 1), shape: [2, 1], datatype: 'BOOL' },
    t: { data: ['é', ''], shape: [2, 1] },
  } as const
  const names = Object.keys(inputs) as (keyof typeof inputs)[]
  const datatypes = 'FP32 FP64 INT64 UINT64 INT32 INT16 INT8 UINT32 UINT16 UINT8 FP16 BOOL BYTES'.split(' ')
  const expected = names.map((name, k) => [
    `${name}_out`,
    { datatype: datatypes[k], shape: [2, 1], data: inputs[name].data },
  ])

  test('in bytes', async () => {
    const { outputs, version, units } = await percall.infer('every', inputs, { format: 'binary' })
    expect(outputs).toEqual(Object.fromEntries(expected))
    expect({ version, units }).toEqual({ version: 'every/1', units: 1 })
  })

  test('with chosen outputs', async () => {
    const outputs = names.filter((name) => name !== 'h').map((name) => `${name}_out`)
    const sent = await percall.infer('every', inputs, { outputs })
    expect(Object.keys(sent.outputs)).toEqual(outputs)
    expect(sent.outputs).toEqual(Object.fromEntries(expected.filter(([name]) => name !== 'h_out')))
  })

  test('NaN and infinite numbers', async () => {
    const odd = { ...inputs, f: f(Number.NaN, Number.NEGATIVE_INFINITY) }
    const { outputs } = await percall.infer('every', odd, { outputs: ['f_out'] })
    expect(outputs.f_out?.data).toEqual(odd.f.data)
  })
})

test('the same rows in JSON and in bytes -> equal outputs, with what they cost', async () => {
  const x = { data: Float32Array.from({ length: 100 }, (_, k) => k / 8), shape: [100, 1] }
  const answers = await Promise.all(
    (['json', 'binary', 'auto'] as const).map((format) => percall.infer('add', { x }, { format })),
  )
  for (const { outputs, cost, units, version, requestId } of answers) {
    expect(outputs.y).toEqual({ datatype: 'FP32', shape: [100, 1], data: x.data.map((value) => value + 1) })
    expect({ cost, units, version, known: requestId !== undefined }).toEqual({
      cost: '0.1',
      units: 100,
      version: 'add/1',
      known: true,
    })
  }
})

test('a body over 4 MB -> goes as an upload, answered as bytes and as JSON', async () => {
  const x = { data: new Float32Array(1_100_000).fill(2), shape: [1_100_000, 1] }
  const sent = await percall.submit.infer('add', { x })
  const seen: string[] = []
  const { outputs, units } = await sent.wait({ onProgress: ({ state }) => seen.push(state) })
  expect(outputs.y?.data).toEqual(new Float32Array(1_100_000).fill(3))
  expect(units).toBe(1_100_000)
  expect((await sent.status()).state).toBe('succeeded')
  await expect(sent.cancel()).rejects.toMatchObject({ name: 'ConflictError', code: 'CALL_ENDED' })
  expect((await firstOf(percall.calls.list({ limit: 1 })))?.id).toBe(sent.id)
})

test('one idempotency key twice -> one charge, the first request id', async () => {
  const before = (await usageRows(stack)).length
  const ask = () => percall.infer('add', { x: { data: Float32Array.of(1), shape: [1, 1] } }, { idempotencyKey: 'mine' })
  const [first, again] = [await ask(), await ask()]
  expect(again).toEqual(first)
  expect((await usageRows(stack)).length).toBe(before + 1)
  const other = percall.infer('add', { x: { data: Float32Array.of(2), shape: [1, 1] } }, { idempotencyKey: 'mine' })
  await expect(other).rejects.toMatchObject({ name: 'UnprocessableError', code: 'IDEMPOTENCY_KEY_REUSED' })
})

test('an answer that is lost on its way -> asked again under its key, charged once', async () => {
  const before = (await usageRows(stack)).length
  let lost = 0
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await globalThis.fetch(url, init)
    if (lost++ > 0) return response
    await response.arrayBuffer()
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
    })
  }
  const key = await consumerKey(stack, 'unlucky', ['add'])
  const unlucky = createClient({ url: stack.running.url, key, fetch })
  const { predictions } = await unlucky.predict('add', [{ x: 4 }])
  expect({ predictions, lost }).toEqual({ predictions: [[5]], lost: 2 })
  expect((await usageRows(stack)).length).toBe(before + 1)
})

describe('rows', () => {
  const csv = 'size,colour,day\n1.5,red,2026-01-01\n2.5,blue,2026-02-01\n'

  test('objects and CSV -> the same predictions', async () => {
    const { predictions } = await percall.predict('price', [
      { size: 1.5, colour: 'red', day: '2026-01-01' },
      [2.5, 'blue', '2026-02-01'],
    ])
    const answer = await percall.predictCsv('price', csv)
    const lines = answer.csv.trimEnd().split('\n')
    expect(lines[0]).toBe('size,colour,day,prediction')
    expect(lines.slice(1).map((line) => Number(line.split(',').at(-1)))).toEqual(predictions)
    const later = await percall.submit.predictCsv('price', csv)
    expect((await later.wait()).csv).toBe(answer.csv)
  })

  test('an unknown column -> refused by name, or ignored', async () => {
    const row = { size: 1, colour: 'red', day: null, shoe: 9 }
    await expect(percall.predict('price', [row])).rejects.toMatchObject({
      name: 'BadRequestError',
      code: 'UNKNOWN_COLUMN',
      message: expect.stringContaining('shoe'),
    })
    expect((await percall.predict('price', [row], { unknown: 'ignore' })).predictions).toHaveLength(1)
  })
})

test('texts -> vectors as Float32Array, at once and later', async () => {
  const texts = ['Serverless inference is cheap.', 'cheap']
  const { embeddings, tokens, version } = await percall.embed('texts', texts)
  expect({ tokens, version }).toEqual({ tokens: 11, version: 'texts/1' })
  const first = expectedEmbedding([101, 8241, 3238, 28937, 2003, 10036, 1012, 102])
  first.forEach((value, k) => {
    expect(embeddings[0]?.[k]).toBeCloseTo(value, 5)
  })
  const later = await percall.submit.embed('texts', texts)
  const [again] = (await later.wait()).embeddings
  // Another process may sum in another order.
  again?.forEach((value, k) => {
    expect(value).toBeCloseTo(first[k]!, 5)
  })
  await expect(percall.embed('nope', 'x')).rejects.toMatchObject({ name: 'NotFoundError', code: 'UNKNOWN_MODEL' })
})

test('a call whose model refuses its values later -> what it failed with, by its class', async () => {
  const sent = await percall.submit
    .predict('price', [{ size: 'big', colour: 'red', day: null }])
    .catch((error) => error)
  expect(sent).toMatchObject({ name: 'BadRequestError', code: 'BAD_CELL' })
})

describe('batches', () => {
  test('a CSV with a bad row -> progress, result, errors', async () => {
    const file = 'size,colour,day\n1.5,red,2026-01-01\nbig,red,2026-01-01\n'
    const batch = await percall.batches.submit('price', file, { format: 'csv' })
    const seen: BatchBody[] = []
    const ended = await batch.wait({ onProgress: (body) => seen.push(body) })
    expect(ended.progress).toMatchObject({ rows: 2, rowsSucceeded: 1, rowsFailed: 1 })
    expect(await new Response(await batch.result()).text()).toMatch(
      /^size,colour,day,prediction\n1.5,red,2026-01-01,\S+\n/,
    )
    expect(await firstOf(batch.errors())).toMatchObject({ row: 2, code: 'BAD_CELL' })
    expect((await firstOf(percall.batches.list({ limit: 1 })))?.id).toBe(batch.id)
  })

  test('a file that cannot be read -> BatchError with the reason', async () => {
    const batch = await percall.batches.submit('price', 'size\n', { format: 'csv' })
    await expect(batch.wait()).rejects.toMatchObject({ name: 'BatchError', code: 'BAD_TABLE' })
  })
})

test('what the key may see -> its models, their inputs, its calls, its usage', async () => {
  expect(await percall.models()).toEqual(expect.arrayContaining(['add', 'every', 'price', 'texts']))
  expect((await percall.metadata('add')).inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [-1, 1] }])
  const [stats] = await percall.statistics('add')
  expect(stats?.inference_stats.success?.count).toBeGreaterThan(0)
  expect((await percall.me()).consumer).toBe('acme')
  expect((await getMe(owner)).role).toBe('owner')
})
