/** Every operation of the data plane: see openapi.test.ts. */
import { expect } from 'vitest'
import { endOfBatch, upload } from './batch-files.ts'
import type { Visitor } from './contract-visitor.ts'
import { inferBody } from './models.ts'

const octets = { 'content-type': 'application/octet-stream' }
const csv = { 'content-type': 'text/csv' }

/** The Open Inference Protocol. */
export const inference = async (visitor: Visitor): Promise<void> => {
  const { visit, expectStatus } = visitor
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
    await otherwise(visitor, infer, `${path}/infer`, inferBody(3), inferBody(4))
    await visit(`GET ${template}/stats`, `${path}/stats`, 200)
  }
  for (const model of ['trained', 'texts']) await expectStatus('GET /v2/models/{model}', `/v2/models/${model}`, 200)
}

/** A call that comes again, with another body under its key, and later. */
const otherwise = async (
  { expectStatus }: Visitor,
  name: string,
  path: string,
  body: unknown,
  other: unknown,
): Promise<void> => {
  const headers = { 'idempotency-key': name.replaceAll(' ', '-') }
  for (const replayed of [null, 'true']) {
    const answer = await expectStatus(name, path, 200, { body, headers })
    expect(answer.headers.get('idempotent-replayed')).toBe(replayed)
  }
  await expectStatus(name, path, 422, { body: other, headers })
  await expectStatus(name, path, 202, { body, headers: { prefer: 'respond-async' } })
}

const row = { size: 2, colour: 'red', day: '2026-02-01' }

/** Rows. */
export const rows = async (visitor: Visitor): Promise<void> => {
  const { visit, expectStatus } = visitor
  const name = 'POST /v1/models/{model}:predict'
  const path = '/v1/models/trained:predict'
  await visit(name, path, 200, { body: { instances: [row] } })
  await visit(name, path, 200, { body: 'size,colour\n2,red\n', headers: csv })
  await expectStatus(name, '/v1/models/add:predict', 200, { body: { instances: [{ x: 1 }] } })
  const quote = 'POST /v1/models/{model}:quote'
  await visit(quote, '/v1/models/trained:quote', 200, { body: { instances: [row] } })
  await expectStatus(quote, '/v1/models/trained:quote?for=explain', 200, { body: 'size,colour\n2,red\n', headers: csv })
  await otherwise(visitor, name, path, { instances: [row] }, { instances: [row, row] })
  await explained(visitor)
}

const explained = async (visitor: Visitor): Promise<void> => {
  const { visit, expectStatus } = visitor
  const name = 'POST /v1/models/{model}:explain'
  const path = '/v1/models/trained:explain'
  const body = { instances: [row], background: [{ ...row, size: 1 }], language: 'zh', budget: 100 }
  await visit(name, path, 200, { body })
  await expectStatus(name, `${path}?method=permutation`, 200, { body: 'size,colour\n2,red\n', headers: csv })
  await expectStatus(name, '/v1/models/add:explain', 200, { body: { instances: [{ x: 1 }] } })
  await expectStatus(name, path, 400, { body: { ...body, counterfactual: true } })
  await otherwise(visitor, name, path, { instances: [row] }, { instances: [row, row] })
}

/** What OpenAI's clients call. */
export const openAi = async (visitor: Visitor): Promise<void> => {
  const { keys, visit, expectStatus } = visitor
  await visit('GET /v1/models', '/v1/models', 200)
  await visit('GET /v1/models/{model}', '/v1/models/texts', 200)
  const name = 'POST /v1/embeddings'
  const body = { model: 'texts', input: 'Serverless inference is cheap.' }
  await visit(name, '/v1/embeddings', 200, { body })
  await expectStatus(name, '/v1/embeddings', 200, { body: { ...body, input: [[101, 102]], encoding_format: 'base64' } })
  await expectStatus(name, '/v1/embeddings', 404, { body: { ...body, model: 'nothing' } })
  await expectStatus(name, '/v1/embeddings', 403, { body, key: keys.ungranted })
  await otherwise(visitor, name, '/v1/embeddings', body, { ...body, input: 'Another.' })
}

/** Calls that are answered later. */
export const laterCalls = async (visitor: Visitor): Promise<void> => {
  const { visit, expectStatus, ended } = visitor
  await visit('POST /v1/uploads', '/v1/uploads', 201, { body: { contentType: 'application/json', sizeBytes: 10 } })
  const infer = 'POST /v2/models/{model}/infer'
  const headers = { prefer: 'respond-async' }
  const begun = await expectStatus(infer, '/v2/models/add/infer', 202, { body: inferBody(1), headers })
  const location = begun.headers.get('location') ?? ''
  await ended('GET /v1/calls/{id}', location)
  await visit('GET /v1/calls/{id}', location, 200)
  await visit('GET /v1/calls/{id}/result', `${location}/result`, 200)
  await visit('GET /v1/calls', '/v1/calls', 200)
  await visit('POST /v1/calls/{id}/cancel', `${location}/cancel`, 409)
  await cancelled(visitor)
  await failed(visitor)
}

/** One of them is cancelled before it is answered. */
const cancelled = async ({ contract, expectStatus }: Visitor): Promise<void> => {
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
const failed = async ({ expectStatus, ended }: Visitor): Promise<void> => {
  const tensor = { datatype: 'INT64', shape: [1, 1] }
  const inputs = [
    { name: 'input_ids', ...tensor, data: [99_999_999] },
    { name: 'attention_mask', ...tensor, data: [1] },
  ]
  const headers = { prefer: 'respond-async' }
  const path = '/v2/models/texts/infer'
  const begun = await expectStatus('POST /v2/models/{model}/infer', path, 202, { body: { inputs }, headers })
  const location = begun.headers.get('location') ?? ''
  expect((await ended('GET /v1/calls/{id}', location)).body).toMatchObject({
    state: 'failed',
    error: { code: 'INFERENCE_REFUSED' },
  })
  await expectStatus('GET /v1/calls/{id}/result', `${location}/result`, 400)
}

/** Files of rows. */
export const batches = async ({ stack, contract, keys, visit, expectStatus }: Visitor): Promise<void> => {
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
}
