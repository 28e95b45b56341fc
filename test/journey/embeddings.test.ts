/** The openai package, as it comes, against a text model that was uploaded and registered over HTTP. */
import { setTimeout } from 'node:timers/promises'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectedEmbedding, textManifest, textModel } from '../fixtures/text-model.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { runBatch, startBatch } from './batch-files.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel } from './models.ts'

let stack: Stack
let openai: OpenAI
let acme = ''

const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${stack.running.url}/v1`, maxRetries: 0 })

/** Uploads a file and registers it with a manifest; answers the registration when it has ended. */
const register = async (model: string, file: Uint8Array, manifest: unknown) => {
  const { send } = stack
  const { body: upload } = await send('POST', '/api/uploads', {
    body: { contentType: 'application/octet-stream', sizeBytes: file.length },
  })
  const put = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: Buffer.from(file) })
  if (!put.ok) throw new Error(`upload: ${put.status} ${await put.text()}`)
  const begun = await send('POST', `/api/models/${model}/versions`, { body: { upload: upload.id, manifest } })
  if (begun.status !== 202) return begun
  for (;;) {
    const { body } = await send('GET', begun.headers.get('location') ?? '')
    if (body.state === 'succeeded' || body.state === 'failed') return { status: 202, body }
    await setTimeout(100)
  }
}

beforeAll(async () => {
  stack = await startStack()
  const registered = await register('texts', textModel(), textManifest)
  expect(registered.body, JSON.stringify(registered.body)).toMatchObject({ state: 'succeeded', version: 1 })
  await stack.send('POST', '/api/models/rows/versions', {
    body: addModel(1),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await stack.send('PUT', '/api/prices/texts', { body: { unit: 'token', amount: '0.000003' } })
  acme = await consumerKey(stack, 'acme', ['texts', 'rows', 'nothing'])
  openai = clientOf(acme)
})
afterAll(() => stack.close())

const near = (vector: readonly number[], ids: readonly number[]) => {
  const expected = expectedEmbedding(ids)
  expect(vector).toHaveLength(expected.length)
  for (const [k, value] of vector.entries()) expect(value).toBeCloseTo(expected[k]!, 5)
}

const cheap = [101, 8241, 3238, 28937, 2003, 10036, 1012, 102]

test.for(['base64', 'float'] as const)('one text as %s -> its vector, its tokens, and their price', async (format) => {
  const asked = { model: 'texts', input: 'Serverless inference is cheap.', encoding_format: format }
  const { data, response } = await openai.embeddings.create(asked).withResponse()
  expect(data).toMatchObject({ object: 'list', model: 'texts', usage: { prompt_tokens: 8, total_tokens: 8 } })
  const [only] = data.data
  expect(data.data).toHaveLength(1)
  expect(only).toMatchObject({ object: 'embedding', index: 0 })
  const { embedding } = only!
  // The client decodes base64 only where it chose it itself.
  near(typeof embedding === 'string' ? decoded(embedding) : embedding, cheap)
  expect(response.headers.get('percall-units')).toBe('8')
  expect(response.headers.get('percall-cost')).toBe('0.000024')
  expect((await usageRows(stack)).at(-1)).toMatchObject({ unit: 'token', units: 8, costNano: 24_000 })
})

const decoded = (base64: string): readonly number[] => {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4))
}

test('the client default -> vectors as numbers, by name, alias and version', async () => {
  for (const model of ['texts', 'texts@live', 'texts@1']) {
    const { data, model: answered } = await openai.embeddings.create({ model, input: 'Serverless inference is cheap.' })
    expect(answered).toBe(model)
    near(data[0]!.embedding, cheap)
  }
})

test('texts of different lengths and token ids in one call -> each as it is alone, in order', async () => {
  const input = ['a', 'Serverless inference is cheap.', 'unaffable embeddings of quintessential tokenizers', 'a']
  const together = await openai.embeddings.create({ model: 'texts', input })
  expect(together.data.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  for (const [i, text] of input.entries()) {
    const alone = await openai.embeddings.create({ model: 'texts', input: text })
    for (const [k, value] of alone.data[0]!.embedding.entries())
      expect(together.data[i]!.embedding[k]).toBeCloseTo(value, 5)
  }
  const ids = await openai.embeddings.create({ model: 'texts', input: [cheap, [5, 6, 7]] })
  near(ids.data[0]!.embedding, cheap)
  near(ids.data[1]!.embedding, [5, 6, 7])
  const flat = await openai.embeddings.create({ model: 'texts', input: cheap, user: 'somebody' })
  expect(flat.usage).toEqual({ prompt_tokens: 8, total_tokens: 8 })
  near(flat.data[0]!.embedding, cheap)
})

test('2,048 token lists of 1 to 32 tokens -> each vector as arithmetic says, in order; one row, one charge', async () => {
  const input = Array.from({ length: 2048 }, (_, i) =>
    // Ids that are no progression: means of sines at even steps all but cancel, and leave the noise of FP32 to be scaled up.
    Array.from({ length: 1 + ((i * 7919) % 32) }, (__, k) => (i * 31 + k * k * k * 977 + k * 7919) % 30_000),
  )
  const tokens = input.reduce((sum, { length }) => sum + length, 0)
  const before = (await usageRows(stack)).length
  const { data, response } = await openai.embeddings.create({ model: 'texts', input }).withResponse()
  expect(data.usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
  expect(data.data.map(({ index }) => index)).toEqual(input.map((_, index) => index))
  const distanceOf = (found: readonly number[], expected: readonly number[]): number =>
    Math.max(...found.map((value, k) => Math.abs(value - expected[k]!)))
  const distances = data.data.map(({ embedding }, i) => distanceOf(embedding, expectedEmbedding(input[i]!)))
  // The model's sums in FP32 against doubles; the shortest vectors lose most when they are divided by their length.
  expect(Math.max(...distances)).toBeLessThan(1e-4)
  expect(response.headers.get('percall-units')).toBe(String(tokens))
  const rows = await usageRows(stack)
  expect(rows).toHaveLength(before + 1)
  expect(rows.at(-1)).toMatchObject({ unit: 'token', units: tokens, costNano: 3000 * tokens })
  // Alone: those that are furthest from arithmetic, and some of every run.
  const worst = input.map((_, i) => i).toSorted((a, b) => distances[b]! - distances[a]!)
  for (const i of [...worst.slice(0, 10), ...worst.filter((_, at) => at % 97 === 0)]) {
    const alone = await openai.embeddings.create({ model: 'texts', input: input[i]! })
    expect(distanceOf(data.data[i]!.embedding, alone.data[0]!.embedding)).toBeLessThan(1e-5)
  }
})

test('several runs and one bad id in the last -> refused, nothing charged, and the next call answers', async () => {
  const before = (await usageRows(stack)).length
  const input = [...Array.from({ length: 200 }, () => Array(32).fill(5)), [99_999]]
  const error = await refused(openai, { input })
  expect(error).toMatchObject({ status: 400, code: 'inference_refused' })
  expect(await usageRows(stack)).toHaveLength(before)
  expect((await openai.embeddings.create({ model: 'texts', input: [[5]] })).data).toHaveLength(1)
})

test('a call by tensors -> the same model, charged by the places of its ids', async () => {
  const tensor = (name: string, data: readonly number[]) => ({ name, datatype: 'INT64', shape: [1, 3], data })
  const { status, headers, body } = await stack.send('POST', '/v2/models/texts/infer', {
    key: acme,
    body: { inputs: [tensor('input_ids', [5, 6, 7]), tensor('attention_mask', [1, 1, 1])] },
  })
  expect([status, headers.get('percall-units')]).toEqual([200, '3'])
  expect(body.outputs[0].shape).toEqual([1, 3, 8])
})

test('models.list and models.retrieve -> what the key may call', async () => {
  const listed = []
  for await (const model of openai.models.list()) listed.push(model)
  expect(listed.map(({ id }) => id).sort()).toEqual(['rows', 'texts'])
  const texts = listed.find(({ id }) => id === 'texts')
  expect(texts).toMatchObject({ object: 'model', owned_by: 'percall', created: expect.any(Number) })
  expect(await openai.models.retrieve('texts')).toEqual(texts)
  expect(await openai.models.retrieve('texts@1')).toEqual({ ...texts, id: 'texts@1' })
})

type Asked = Parameters<OpenAI['embeddings']['create']>[0]

const refused = (client: OpenAI, asked: Partial<Asked>) =>
  client.embeddings.create({ model: 'texts', input: 'a', ...asked }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

test.for<[string, Partial<Asked>, string, string | null, RegExp]>([
  ['an empty text', { input: ['a', ''] }, 'bad_request', 'input.1', /expected a text, got an empty one/],
  ['no input', { input: [] }, 'bad_request', 'input', /expected a text, token ids, or an array/],
  ['2049 texts', { input: Array(2049).fill('a') }, 'bad_request', 'input', /at most 2048/],
  ['a text too long', { input: 'word '.repeat(31) }, 'context_length_exceeded', 'input.0', /at most 32 tokens, got 33/],
  ['a text of 3 MB', { input: 'w'.repeat(3e6) }, 'context_length_exceeded', 'input.0', /got 3000000 characters/],
  ['ids of no token', { input: [[1, -1]] }, 'bad_request', 'input.0.1', /expected/],
  ['fewer dimensions', { dimensions: 4 }, 'bad_request', 'dimensions', /expected 8, .* got 4/],
  ['another encoding', { encoding_format: 'int8' as 'float' }, 'bad_request', 'encoding_format', /float or base64/],
  ['ids that the model lacks', { input: [99_999] }, 'inference_refused', null, /texts\/1/],
  ['a model of rows', { model: 'rows' }, 'wrong_task', 'model', /rows\/1: expected .* embedding manifest/],
])('%s -> BadRequestError with its words, nothing charged', async ([, asked, code, param, message]) => {
  const before = (await usageRows(stack)).length
  const error = await refused(openai, asked)
  expect(error).toBeInstanceOf(OpenAI.BadRequestError)
  expect(error).toMatchObject({ status: 400, code, param, type: 'invalid_request_error' })
  expect(String(error)).toMatch(message)
  expect(await usageRows(stack)).toHaveLength(before)
})

test.for([
  ['a wrong key', OpenAI.AuthenticationError, `pc_live_${'a'.repeat(33)}`, 'texts', 'invalid_api_key'],
  ['an unknown model', OpenAI.NotFoundError, '', 'nothing', 'model_not_found'],
  ['an unknown version', OpenAI.NotFoundError, '', 'texts@9', 'model_not_found'],
  ['a model without a grant', OpenAI.PermissionDeniedError, '', 'secret', 'not_granted'],
] as const)('%s -> its error class', async ([, Class, key, model, code]) => {
  const error = await refused(key === '' ? openai : clientOf(key), { model })
  expect(error).toBeInstanceOf(Class)
  expect(error).toMatchObject({ code })
})

test('an unknown model is retrieved, and a chat -> NotFoundError', async () => {
  await expect(openai.models.retrieve('nothing')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  await expect(openai.chat.completions.create({ model: 'texts', messages: [] })).rejects.toMatchObject({
    status: 404,
    code: 'unknown_url',
  })
})

test('another verb -> 405 with the four keys and Allow', async () => {
  const { status, headers, body } = await stack.send('GET', '/v1/embeddings', { key: acme })
  expect([status, headers.get('allow'), headers.get('content-type')]).toEqual([405, 'POST', 'application/json'])
  expect(Object.keys(body)).toEqual(['error'])
  expect(Object.keys(body.error)).toEqual(['message', 'type', 'param', 'code'])
})

test.for([
  [
    'an input that the file lacks',
    { inputs: { ids: 'ids' } },
    /inputs\.ids: expected an input of the model .*, got ids/,
  ],
  ['an output that the file lacks', { output: 'pooled' }, /output: expected an output of the model .*, got pooled/],
  ['other dimensions', { dimensions: 9 }, /output: expected \[-1,-1,9\].* declares \[-1,-1,8\]/],
  ['an input that nothing feeds', { inputs: { ids: 'input_ids' } }, /every input of the model, attention_mask among/],
])('a manifest with %s -> its registration fails with both names', async ([, change, message]) => {
  const { body } = await register('faulty', textModel(), { ...textManifest, ...(change as object) })
  expect(body).toMatchObject({ state: 'failed', error: { code: 'BAD_MANIFEST' } })
  expect(body.error.message).toMatch(message as RegExp)
})

test('a tokenizer that cannot be used -> refused at once', async () => {
  const tokenizer = { added_tokens: [], model: { type: 'Lattice' } }
  const answer = await register('faulty', textModel(), { ...textManifest, tokenizer })
  expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_MANIFEST' } })
})

test.for([
  { given: 'embeddings', to: '/v1/embeddings', body: { model: 'texts', input: ['one text', 'another'] }, units: 7 },
  {
    given: 'the model by tensors',
    to: '/v2/models/texts/infer',
    body: {
      inputs: ['input_ids', 'attention_mask'].map((name) => ({ name, datatype: 'INT64', shape: [1, 2], data: [1, 1] })),
    },
    units: 2,
  },
])('$given, answered later -> the charge of the same call answered at once', async ({ to, body, units }) => {
  const direct = await stack.send('POST', to, { key: acme, body })
  expect(direct.status, JSON.stringify(direct.body)).toBe(200)
  const headers = { prefer: 'respond-async, wait=20' }
  const later = await stack.send('POST', to, { key: acme, body, headers })
  expect(later.body).toEqual(direct.body)
  for (const name of ['percall-units', 'percall-cost']) expect(later.headers.get(name)).toBe(direct.headers.get(name))
  const rows = (await usageRows(stack)).slice(-2)
  expect(rows).toMatchObject([{ origin: 'sync' }, { origin: 'async' }])
  for (const row of rows) expect(row).toMatchObject({ unit: 'token', units, costNano: 3000 * units })
})

test('a batch of tensors of tokens -> charged by the places of the ids of the rows that were answered', async () => {
  const row = (ids: unknown) => JSON.stringify({ input_ids: ids, attention_mask: [1, 1, 1] })
  const file = [row([1, 2, 3]), row(['no', 2, 3]), row([4, 5, 6])].join('\n')
  const batch = await runBatch(stack, acme, file, { model: 'texts', format: 'jsonl' })
  expect(batch).toMatchObject({ state: 'succeeded', units: 6, cost: '0.000018' })
  expect(batch.progress).toMatchObject({ rowsSucceeded: 2, rowsFailed: 1 })
  expect((await usageRows(stack)).at(-1)).toMatchObject({ origin: 'batch', unit: 'token', units: 6, costNano: 18_000 })
})

test('a batch that is to cost at most so much, of a model priced by the token -> refused, also where nothing is capped', async () => {
  const file = JSON.stringify({ input_ids: [1, 2, 3], attention_mask: [1, 1, 1] })
  const asked = { model: 'texts', format: 'jsonl', maxCost: '0.00000001' }
  const refused = await startBatch(stack, acme, file, asked)
  expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  expect(refused.body.error).toMatch(/^body\.maxCost: expected none for a price by the token/)
  // An owner's batch is free, so it costs no more than that.
  expect((await runBatch(stack, stack.ownerKey, file, asked)).cost).toBe('0')
})
