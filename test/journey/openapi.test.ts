/**
 * Every operation of /openapi.json, called on the running product with a good request and with those that it must refuse:
 * each answer is one that the document has, with its body, and each status of the document came at least once.
 */
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textManifest, textModel } from '../fixtures/text-model.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { endOfBatch, upload } from './batch-files.ts'
import { type Answered, type Contract, createContract, type Options } from './contract.ts'
import { refuse, type Strangers } from './contract-probes.ts'
import { consumerKey } from './ledger.ts'
import { addModel, danglingModel, inferBody } from './models.ts'
import { publishTrained } from './trained.ts'

let stack: Stack
let contract: Contract
let keys: Strangers

const octets = { 'content-type': 'application/octet-stream' }
const csv = { 'content-type': 'text/csv' }

/** A file in the place of an upload of the owner. */
const uploaded = async (place: Answered, bytes: Uint8Array | string): Promise<string> => {
  const { url, headers, id } = place.body
  expect((await fetch(url, { method: 'PUT', headers, body: Buffer.from(bytes) })).status).toBe(200)
  return id
}

beforeAll(async () => {
  stack = await startStack()
  const { running, ownerKey } = stack
  const served = await fetch(`${running.url}/openapi.json`)
  contract = createContract(running.url, ownerKey, await served.json())
  await publishTrained(stack, 'trained')
  keys = { consumer: await consumerKey(stack, 'acme', ['*']), ungranted: await consumerKey(stack, 'none', []) }
})
afterAll(() => stack.close())

/** What must be refused, then the good request itself. */
const visit = async (name: string, path: string, status: number, options: Options = {}): Promise<Answered> => {
  await refuse(contract, name, path, options, keys)
  return await expectStatus(name, path, status, options)
}

const expectStatus = async (name: string, path: string, status: number, options: Options = {}): Promise<Answered> => {
  const answer = await contract.call(name, path, options)
  expect(answer.status, `${name}: ${path} ${JSON.stringify(answer.body)}`).toBe(status)
  return answer
}

/** Asks until the thing has ended. */
const ended = async (name: string, path: string): Promise<Answered> => {
  for (;;) {
    const answer = await contract.call(name, path)
    if (answer.body.endedAt !== undefined) return answer
    await setTimeout(50)
  }
}

test('what needs no key', async () => {
  await visit('GET /', '/', 200)
  await visit('GET /openapi.json', '/openapi.json', 200)
  await visit('GET /v2/health/live', '/v2/health/live', 200)
  await visit('GET /v2/health/ready', '/v2/health/ready', 200)
})

test('models', async () => {
  const body = { name: 'empty', title: 'Nothing yet', logInputs: false }
  await visit('POST /api/models', '/api/models', 201, { body })
  await expectStatus('POST /api/models', '/api/models', 409, { body })
  await visit('GET /api/models', '/api/models', 200)
  await visit('GET /api/models/{model}', '/api/models/empty', 200)
  await visit('PATCH /api/models/{model}', '/api/models/empty', 200, { body: { title: 'Still nothing' } })
  await visit('DELETE /api/models/{model}', '/api/models/empty', 204)
})

test('versions of files', async () => {
  const name = 'POST /api/models/{model}/versions'
  const path = '/api/models/add/versions'
  await visit(name, path, 201, { body: addModel(1), headers: octets })
  await visit(name, path, 201, { body: addModel(2), headers: octets })
  await expectStatus(name, path, 400, { body: danglingModel(), headers: octets })
  await visit('GET /api/models/{model}/versions', path, 200)
  await visit('GET /api/models/{model}/versions/{version}', `${path}/1`, 200)
  const artifact = 'GET /api/models/{model}/versions/{version}/artifact'
  await visit(artifact, `${path}/1/artifact`, 302)
  await expectStatus(artifact, `${path}/1/artifact?part=nothing`, 400)
  await expectStatus('DELETE /api/models/{model}', '/api/models/add', 409)
})

test('registrations of uploads', async () => {
  const bytes = textModel()
  const asked = { contentType: 'application/octet-stream', sizeBytes: bytes.length }
  const place = await visit('POST /api/uploads', '/api/uploads', 201, { body: asked })
  const name = 'POST /api/models/{model}/versions'
  const path = '/api/models/texts/versions'
  await expectStatus(name, path, 404, { body: { upload: place.body.id } })
  const body = { upload: await uploaded(place, bytes), manifest: textManifest }
  const begun = await visit(name, path, 202, { body })
  const registration = 'GET /api/registrations/{registration}'
  expect((await ended(registration, begun.body.location)).body.state).toBe('succeeded')
  await visit(registration, begun.body.location, 200)
  const broken = danglingModel()
  const second = await contract.call('POST /api/uploads', '/api/uploads', {
    body: { ...asked, sizeBytes: broken.length },
  })
  const failing = await contract.call(name, '/api/models/broken/versions', {
    body: { upload: await uploaded(second, broken) },
  })
  expect((await ended(registration, failing.body.location)).body.state).toBe('failed')
  await visit('GET /api/registrations', '/api/registrations', 200)
})

test('aliases', async () => {
  const one = '/api/models/{model}/aliases/{alias}'
  const path = '/api/models/add/aliases/canary'
  await visit(`PUT ${one}`, path, 200, { body: { version: 2 } })
  await visit(`GET ${one}`, path, 200)
  await visit('GET /api/models/{model}/aliases', '/api/models/add/aliases', 200)
  await expectStatus('DELETE /api/models/{model}/versions/{version}', '/api/models/add/versions/2', 409)
  await visit(`DELETE ${one}`, path, 204)
  await visit(`GET ${one}/history`, `${path}/history`, 200)
  await visit('DELETE /api/models/{model}/versions/{version}', '/api/models/add/versions/2', 204)
})

test('the Open Inference Protocol', async () => {
  await visit('GET /v2', '/v2', 200)
  await visit('GET /v2/models', '/v2/models', 200)
  await visit('POST /v2/repository/index', '/v2/repository/index', 200, { body: { ready: true } })
  await expectStatus('POST /v2/repository/index', '/v2/repository/index', 200)
  const headers = { ...octets, 'inference-header-content-length': '0' }
  const bytes = new Uint8Array(Float32Array.of(1, 2).buffer)
  for (const [template, path] of [
    ['/v2/models/{model}', '/v2/models/add'],
    ['/v2/models/{model}/versions/{version}', '/v2/models/add/versions/1'],
  ] as const) {
    await visit(`GET ${template}`, path, 200)
    await visit(`GET ${template}/ready`, `${path}/ready`, 200)
    const infer = `POST ${template}/infer`
    await visit(infer, `${path}/infer`, 200, { body: inferBody(1, 2) })
    await visit(infer, `${path}/infer`, 200, { body: bytes, headers })
    await otherwise(infer, `${path}/infer`, inferBody(3), inferBody(4))
    await visit(`GET ${template}/stats`, `${path}/stats`, 200)
  }
  for (const model of ['trained', 'texts']) await expectStatus('GET /v2/models/{model}', `/v2/models/${model}`, 200)
})

/** A call that comes again, with another body under its key, and later. */
const otherwise = async (name: string, path: string, body: unknown, other: unknown): Promise<void> => {
  const headers = { 'idempotency-key': name.replaceAll(' ', '-') }
  for (const replayed of [null, 'true']) {
    const answer = await expectStatus(name, path, 200, { body, headers })
    expect(answer.headers.get('idempotent-replayed')).toBe(replayed)
  }
  await expectStatus(name, path, 422, { body: other, headers })
  await expectStatus(name, path, 202, { body, headers: { prefer: 'respond-async' } })
}

const row = { size: 2, colour: 'red', day: '2026-02-01' }

test('rows', async () => {
  const name = 'POST /v1/models/{model}:predict'
  const path = '/v1/models/trained:predict'
  await visit(name, path, 200, { body: { instances: [row] } })
  await visit(name, path, 200, { body: 'size,colour\n2,red\n', headers: csv })
  await expectStatus(name, '/v1/models/add:predict', 200, { body: { instances: [{ x: 1 }] } })
  await otherwise(name, path, { instances: [row] }, { instances: [row, row] })
})

test("what OpenAI's clients call", async () => {
  await visit('GET /v1/models', '/v1/models', 200)
  await visit('GET /v1/models/{model}', '/v1/models/texts', 200)
  const name = 'POST /v1/embeddings'
  const body = { model: 'texts', input: 'Serverless inference is cheap.' }
  await visit(name, '/v1/embeddings', 200, { body })
  await expectStatus(name, '/v1/embeddings', 200, { body: { ...body, input: [[101, 102]], encoding_format: 'base64' } })
  await expectStatus(name, '/v1/embeddings', 404, { body: { ...body, model: 'nothing' } })
  await expectStatus(name, '/v1/embeddings', 403, { body, key: keys.ungranted })
  await otherwise(name, '/v1/embeddings', body, { ...body, input: 'Another.' })
})

const endedCall = async (location: string): Promise<Answered> => ended('GET /v1/calls/{id}', location)

test('calls that are answered later', async () => {
  await visit('POST /v1/uploads', '/v1/uploads', 201, { body: { contentType: 'application/json', sizeBytes: 10 } })
  const infer = 'POST /v2/models/{model}/infer'
  const headers = { prefer: 'respond-async' }
  const begun = await expectStatus(infer, '/v2/models/add/infer', 202, { body: inferBody(1), headers })
  const location = begun.headers.get('location') ?? ''
  await endedCall(location)
  await visit('GET /v1/calls/{id}', location, 200)
  await visit('GET /v1/calls/{id}/result', `${location}/result`, 200)
  await visit('GET /v1/calls', '/v1/calls', 200)
  await visit('POST /v1/calls/{id}/cancel', `${location}/cancel`, 409)
  await cancelled()
  await failed()
})

/** One of them is cancelled before it is answered. */
const cancelled = async (): Promise<void> => {
  for (let tries = 0; tries < 20; tries++) {
    const headers = { prefer: 'respond-async' }
    const { body } = await contract.call('POST /v2/models/{model}/infer', '/v2/models/add/infer', {
      body: inferBody(tries),
      headers,
    })
    const path = `/v1/calls/${body.id}`
    const answer = await contract.call('POST /v1/calls/{id}/cancel', `${path}/cancel`)
    if (answer.status !== 200) continue
    await expectStatus('GET /v1/calls/{id}/result', `${path}/result`, 409)
    return
  }
  throw new Error('calls: expected one to be cancelled before it was answered')
}

/** One has values that its model refuses: an id beyond its vocabulary. */
const failed = async (): Promise<void> => {
  const tensor = { datatype: 'INT64', shape: [1, 1] }
  const inputs = [
    { name: 'input_ids', ...tensor, data: [99_999_999] },
    { name: 'attention_mask', ...tensor, data: [1] },
  ]
  const headers = { prefer: 'respond-async' }
  const path = '/v2/models/texts/infer'
  const begun = await expectStatus('POST /v2/models/{model}/infer', path, 202, { body: { inputs }, headers })
  const location = begun.headers.get('location') ?? ''
  expect((await endedCall(location)).body).toMatchObject({ state: 'failed', error: { code: 'INFERENCE_REFUSED' } })
  await expectStatus('GET /v1/calls/{id}/result', `${location}/result`, 400)
}

test('batches', async () => {
  const { ownerKey } = stack
  const one = '/v1/batches/{batch}'
  const startOf = async (bytes: string) => ({
    model: 'add',
    input: await upload(stack, ownerKey, bytes),
    format: 'csv',
  })
  const body = await startOf('x\n1\nb\n')
  const headers = { 'idempotency-key': 'batch' }
  const begun = await visit('POST /v1/batches', '/v1/batches', 202, { body, headers })
  await expectStatus('POST /v1/batches', '/v1/batches', 422, { body: { ...body, unknown: 'ignore' }, headers })
  await expectStatus('POST /v1/batches', '/v1/batches', 404, { body: { ...body, input: 'nothing' } })
  await expectStatus('POST /v1/batches', '/v1/batches', 403, { body, key: keys.ungranted })
  const path = `/v1/batches/${begun.body.id}`
  await endOfBatch(stack, ownerKey, begun.body.id)
  await visit(`GET ${one}`, path, 200)
  await visit(`GET ${one}/result`, `${path}/result`, 302)
  await visit(`GET ${one}/errors`, `${path}/errors`, 200)
  await visit(`POST ${one}/cancel`, `${path}/cancel`, 409)
  const long = await contract.call('POST /v1/batches', '/v1/batches', {
    body: await startOf(`x\n${'1\n'.repeat(20_000)}`),
  })
  const running = `/v1/batches/${long.body.id}`
  await expectStatus(`GET ${one}/result`, `${running}/result`, 409)
  await expectStatus(`POST ${one}/cancel`, `${running}/cancel`, 200)
  await visit('GET /v1/batches', '/v1/batches', 200)
  await endOfBatch(stack, ownerKey, long.body.id)
})

const table = `x,y\n${Array.from({ length: 200 }, (_, i) => `${i % 17},${3 * (i % 17) + 1}`).join('\n')}\n`

test('datasets', async () => {
  await visit('POST /api/datasets', '/api/datasets', 201, { body: { name: 'lines' } })
  await expectStatus('POST /api/datasets', '/api/datasets', 409, { body: { name: 'lines' } })
  const path = '/api/datasets/lines/versions'
  const add = 'POST /api/datasets/{dataset}/versions'
  await visit(add, path, 201, { body: table, headers: csv })
  await expectStatus(add, path, 200, { body: table, headers: csv })
  await expectStatus(add, path, 404, { body: { upload: 'nothing' } })
  await visit('GET /api/datasets', '/api/datasets', 200)
  await visit('GET /api/datasets/{dataset}', '/api/datasets/lines', 200)
  await visit('GET /api/datasets/{dataset}/versions', path, 200)
  await visit('GET /api/datasets/{dataset}/versions/{version}', `${path}/1`, 200)
})

test('runs', async () => {
  const body = { model: 'line', dataset: 'lines', target: 'y', gate: 'none' }
  await expectStatus('POST /api/runs', '/api/runs', 404, { body: { ...body, dataset: 'nothing' } })
  const begun = await visit('POST /api/runs', '/api/runs', 202, { body })
  const path = `/api/runs/${begun.body.id}`
  const one = '/api/runs/{run}'
  const other = await contract.call('POST /api/runs', '/api/runs', { body: { ...body, model: 'other' } })
  await visit(`POST ${one}/cancel`, `/api/runs/${other.body.id}/cancel`, 200)
  expect((await ended(`GET ${one}`, path)).body).toMatchObject({ state: 'succeeded', version: 1 })
  await expectStatus(`POST ${one}/cancel`, `${path}/cancel`, 409)
  await visit(`GET ${one}`, path, 200)
  await visit(`GET ${one}/events`, `${path}/events`, 200)
  await visit(`GET ${one}/leaderboard`, `${path}/leaderboard`, 200)
  await visit('GET /api/runs', '/api/runs', 200)
  await expectStatus('GET /api/models/{model}/versions/{version}', '/api/models/line/versions/1', 200)
})

test('consumers and keys', async () => {
  const one = '/api/consumers/{consumer}'
  const path = '/api/consumers/shop'
  const body = { id: 'shop', grants: ['add'] }
  await visit('POST /api/consumers', '/api/consumers', 201, { body })
  await expectStatus('POST /api/consumers', '/api/consumers', 409, { body })
  await visit('GET /api/consumers', '/api/consumers', 200)
  await visit(`GET ${one}`, path, 200)
  await visit(`PATCH ${one}`, path, 200, { body: { grants: ['add', 'texts'] } })
  await expectStatus(`PATCH ${one}`, '/api/consumers/owner', 409, { body: { grants: [] } })
  const made = await visit(`POST ${one}/keys`, `${path}/keys`, 201, {
    body: { name: 'till', expires: '2090-01-01T00:00:00Z' },
  })
  await visit(`GET ${one}/keys`, `${path}/keys`, 200)
  await visit(`DELETE ${one}/keys/{key}`, `${path}/keys/${made.body.id}`, 204)
  await visit(`GET ${one}/usage`, `${path}/usage`, 200)
  await expectStatus(`GET ${one}/usage`, '/api/consumers/owner/usage?by=day', 200)
  await expectStatus(`GET ${one}/usage`, `${path}/usage?by=colour`, 400)
  await visit(`DELETE ${one}`, path, 204)
  await expectStatus(`DELETE ${one}`, '/api/consumers/owner', 409)
})

test("a key's own routes", async () => {
  await visit('GET /api/me', '/api/me', 200)
  await expectStatus('GET /api/me', '/api/me', 200, { key: keys.consumer })
  await expectStatus('GET /api/me', '/api/me?by=colour', 400)
  const make = async (body: object) =>
    (await visit('POST /api/me/keys', '/api/me/keys', 201, { key: keys.consumer, body })).body
  const wide = await make({})
  const narrow = await make({ grants: ['add'] })
  const remove = 'DELETE /api/me/keys/{key}'
  await expectStatus(remove, `/api/me/keys/${wide.id}`, 403, { key: narrow.secret })
  await visit(remove, `/api/me/keys/${narrow.id}`, 204, { key: keys.consumer })
})

test('prices and statistics', async () => {
  const path = '/api/prices/add'
  const body = { unit: 'row', amount: '0.000002', minimumPerCall: '0.00001' }
  await visit('PUT /api/prices/{model}', path, 200, { body })
  // Opens the hour, which has its prices from then on.
  await expectStatus('POST /v2/models/{model}/infer', '/v2/models/add/infer', 200, {
    body: inferBody(1),
    key: keys.consumer,
  })
  await expectStatus('PUT /api/prices/{model}', path, 409, { body: { ...body, from: '2020-01-01T00:00:00Z' } })
  await visit('GET /api/prices/{model}', path, 200)
  await visit('GET /api/models/{model}/stats', '/api/models/add/stats', 200)
  await expectStatus('GET /api/models/{model}/stats', '/api/models/add/stats?window=1w', 400)
})

/** Statuses that no request of this file brings about, by what makes them. */
const elsewhere = (name: string): Readonly<Record<number, string>> => ({
  429: "the gateway's throttle, and the bytes of a day's uploads",
  500: 'a fault of the service',
  501: 'sequences and maps: test/functions/predict.test.ts',
  503: 'stores that do not answer: test/functions',
  504: 'a model that does not end: test/journey/hostile.test.ts',
  303: 'an answer above 6 MB: test/journey/calls.test.ts',
  ...(/infer$|:predict$|embeddings$/.test(name) && { 409: 'cancelled by another request while its caller waits' }),
  ...(/^(?:PATCH|DELETE) \/api\/models\/\{model\}$/.test(name) && { 409: 'two changes at the same moment' }),
})

test('every status that the document has -> came, or says where else it does', () => {
  const missing = contract.operations.flatMap(({ name, value }) =>
    Object.keys(value.responses)
      .filter((status) => !contract.seen(name).has(Number(status)) && !(Number(status) in elsewhere(name)))
      .map((status) => `${name} -> ${status}`),
  )
  expect(missing).toEqual([])
})

test('a document that says otherwise -> the answer is refused', async () => {
  const { running, ownerKey } = stack
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document that is made wrong on purpose
  const altered = async (change: (document: any) => void): Promise<Contract> => {
    const document = await (await fetch(`${running.url}/openapi.json`)).json()
    change(document)
    return createContract(running.url, ownerKey, document)
  }
  const asked = (other: Contract): Promise<Answered> => other.call('GET /v2', '/v2')
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document that is made wrong on purpose
  const wrong: readonly (readonly [(document: any) => void, RegExp])[] = [
    [({ components }) => delete components.schemas.metadata_server_response.properties.name, /additional properties/],
    [
      ({ components }) => components.schemas.metadata_server_response.required.push('state'),
      /required property 'state'/,
    ],
    [({ paths }) => delete paths['/v2'].get.responses['200'], /not documented/],
    [({ paths }) => delete paths['/v2'].get.responses['200'].content['application/json'], /application\/json/],
  ]
  for (const [change, words] of wrong) await expect(asked(await altered(change))).rejects.toThrow(words)
  await expect(asked(await altered(() => undefined))).resolves.toMatchObject({ status: 200 })
})
