/** Every operation of the control plane: see openapi.test.ts. */
import { expect } from 'vitest'
import { textManifest, textModel } from '../fixtures/text-model.ts'
import type { Answered } from './contract.ts'
import type { Visitor } from './contract-visitor.ts'
import { addModel, danglingModel, inferBody } from './models.ts'

const octets = { 'content-type': 'application/octet-stream' }
const csv = { 'content-type': 'text/csv' }

/** A file in the place of an upload of the owner. */
const uploaded = async (place: Answered, bytes: Uint8Array | string): Promise<string> => {
  const { url, headers, id } = place.body
  expect((await fetch(url, { method: 'PUT', headers, body: Buffer.from(bytes) })).status).toBe(200)
  return id
}

/** Models. */
export const models = async ({ visit, expectStatus }: Visitor): Promise<void> => {
  const body = { name: 'empty', title: 'Nothing yet', logInputs: false, explain: 'owner' }
  await visit('POST /api/models', '/api/models', 201, { body })
  await expectStatus('POST /api/models', '/api/models', 409, { body })
  await visit('GET /api/models', '/api/models', 200)
  await visit('GET /api/models/{model}', '/api/models/empty', 200)
  await visit('PATCH /api/models/{model}', '/api/models/empty', 200, { body: { title: 'Still nothing' } })
  await visit('DELETE /api/models/{model}', '/api/models/empty', 204)
}

/** Versions of files. */
export const versions = async ({ visit, expectStatus }: Visitor): Promise<void> => {
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
}

/** Registrations of uploads. */
export const registrations = async ({ contract, visit, expectStatus, ended }: Visitor): Promise<void> => {
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
  const optimise = `${name}/{version}/optimise`
  const optimising = await visit(optimise, `${path}/1/optimise`, 202, { body: { policy: 'exact' } })
  expect((await ended(registration, optimising.body.location)).body.state).toBe('succeeded')
  const broken = danglingModel()
  const second = await contract.call('POST /api/uploads', '/api/uploads', {
    body: { ...asked, sizeBytes: broken.length },
  })
  const failing = await contract.call(name, '/api/models/broken/versions', {
    body: { upload: await uploaded(second, broken) },
  })
  expect((await ended(registration, failing.body.location)).body.state).toBe('failed')
  await visit('GET /api/registrations', '/api/registrations', 200)
}

/** Aliases. */
export const aliases = async ({ visit, expectStatus }: Visitor): Promise<void> => {
  const one = '/api/models/{model}/aliases/{alias}'
  const path = '/api/models/add/aliases/canary'
  await visit(`PUT ${one}`, path, 200, { body: { version: 2 } })
  await visit(`GET ${one}`, path, 200)
  await visit('GET /api/models/{model}/aliases', '/api/models/add/aliases', 200)
  await expectStatus('DELETE /api/models/{model}/versions/{version}', '/api/models/add/versions/2', 409)
  await visit(`DELETE ${one}`, path, 204)
  await visit(`GET ${one}/history`, `${path}/history`, 200)
  await visit('DELETE /api/models/{model}/versions/{version}', '/api/models/add/versions/2', 204)
}

const table = `x,y\n${Array.from({ length: 200 }, (_, i) => `${i % 17},${3 * (i % 17) + 1}`).join('\n')}\n`

/** Datasets. */
export const datasets = async ({ visit, expectStatus }: Visitor): Promise<void> => {
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
}

/** Runs. */
export const runs = async ({ contract, visit, expectStatus, ended }: Visitor): Promise<void> => {
  const body = { model: 'line', dataset: 'lines', target: 'y', gate: 'none', algorithms: ['logistic'] }
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
  const version = '/api/models/line/versions/1'
  await expectStatus('GET /api/models/{model}/versions/{version}', version, 200)
  const explanations = 'GET /api/models/{model}/versions/{version}/explanations'
  await visit(explanations, `${version}/explanations`, 200)
  await visit(`${explanations}/{plot}`, `${version}/explanations/importance.svg`, 200)
}

/** What starts runs by itself. */
export const triggers = async ({ visit, expectStatus }: Visitor): Promise<void> => {
  const one = '/api/triggers/{model}'
  const path = '/api/triggers/line'
  const run = { dataset: 'lines', target: 'y', algorithms: ['linear'] }
  const body = { run, onDataset: true, schedule: 'cron(0 3 * * ? *)', enabled: false }
  await visit(`PUT ${one}`, path, 200, { body })
  await expectStatus(`PUT ${one}`, path, 400, { body: { run, schedule: 'daily' } })
  await expectStatus(`PUT ${one}`, path, 404, { body: { ...body, run: { ...run, dataset: 'nothing' } } })
  await visit(`GET ${one}`, path, 200)
  await visit('GET /api/triggers', '/api/triggers', 200)
  await visit(`GET ${one}/decisions`, `${path}/decisions`, 200)
  await visit('GET /api/datasets/{dataset}/arrivals', '/api/datasets/lines/arrivals', 200)
  await visit(`DELETE ${one}`, path, 204)
}

/** Consumers and keys. */
export const consumers = async ({ visit, expectStatus }: Visitor): Promise<void> => {
  const one = '/api/consumers/{consumer}'
  const path = '/api/consumers/shop'
  const body = { id: 'shop', grants: ['add'] }
  await visit('POST /api/consumers', '/api/consumers', 201, { body })
  await expectStatus('POST /api/consumers', '/api/consumers', 409, { body })
  await visit('GET /api/consumers', '/api/consumers', 200)
  await visit(`GET ${one}`, path, 200)
  await visit(`PATCH ${one}`, path, 200, { body: { grants: ['add', 'texts'], limits: { perMinute: 1000 } } })
  await expectStatus(`PATCH ${one}`, '/api/consumers/owner', 409, { body: { grants: [] } })
  const made = await visit(`POST ${one}/keys`, `${path}/keys`, 201, {
    body: {
      ...{ name: 'till', grants: ['add'], scopes: ['predict'], ipRanges: ['203.0.113.0/24'] },
      ...{ limits: { perSecond: 5, concurrent: 2 }, limit: '1.5', expires: '2090-01-01T00:00:00Z' },
    },
  })
  const rotate = `${path}/keys/${made.body.id}/rotate`
  await visit(`POST ${one}/keys/{key}/rotate`, rotate, 201, { body: { overlap: '1h' } })
  await expectStatus(`POST ${one}/keys/{key}/rotate`, rotate, 409, { body: {} })
  await visit(`GET ${one}/keys`, `${path}/keys`, 200)
  await visit(`DELETE ${one}/keys/{key}`, `${path}/keys/${made.body.id}`, 204)
  await visit(`GET ${one}/usage`, `${path}/usage`, 200)
  await expectStatus(`GET ${one}/usage`, '/api/consumers/owner/usage?by=day', 200)
  await expectStatus(`GET ${one}/usage`, `${path}/usage?by=colour`, 400)
  await visit(`DELETE ${one}`, path, 204)
  await expectStatus(`DELETE ${one}`, '/api/consumers/owner', 409)
}

/** A key's own routes. */
export const ownRoutes = async ({ keys, visit, expectStatus }: Visitor): Promise<void> => {
  await visit('GET /api/me', '/api/me', 200)
  await expectStatus('GET /api/me', '/api/me', 200, { key: keys.consumer })
  await expectStatus('GET /api/me', '/api/me?by=colour', 400)
  await visit('GET /api/me/keys', '/api/me/keys', 200, { key: keys.consumer })
  const make = async (body: object) =>
    (await visit('POST /api/me/keys', '/api/me/keys', 201, { key: keys.consumer, body })).body
  const wide = await make({})
  const narrow = await make({ grants: ['add'] })
  const remove = 'DELETE /api/me/keys/{key}'
  await expectStatus(remove, `/api/me/keys/${wide.id}`, 403, { key: narrow.secret })
  await visit(remove, `/api/me/keys/${narrow.id}`, 204, { key: keys.consumer })
}

/** Prices and statistics. */
export const prices = async ({ keys, visit, expectStatus }: Visitor): Promise<void> => {
  const path = '/api/prices/add'
  const tiers = [{ from: 1000, amount: '0.000001' }]
  const body = { unit: 'row', amount: '0.000002', minimumPerCall: '0.00001', freePerMonth: 10, tiers }
  await visit('PUT /api/prices/{model}', path, 200, { body })
  // Opens the hour, which has its prices from then on.
  await expectStatus('POST /v2/models/{model}/infer', '/v2/models/add/infer', 200, {
    body: inferBody(1),
    key: keys.consumer,
  })
  await expectStatus('PUT /api/prices/{model}', path, 409, { body: { ...body, from: '2020-01-01T00:00:00Z' } })
  await visit('GET /api/prices/{model}', path, 200)
  await visit('GET /api/audit', '/api/audit?of=price&limit=1', 200)
  await visit('GET /api/usage', '/api/usage?by=consumer', 200)
  await expectStatus('GET /api/usage', '/api/usage', 200, { headers: { accept: 'text/csv' } })
  const days = { from: '2026-11-01', to: '2026-11-02' }
  const { body: begun } = await visit('POST /api/reconciliations', '/api/reconciliations', 202, { body: days })
  await expectStatus('POST /api/reconciliations', '/api/reconciliations', 202)
  await visit('GET /api/reconciliations', '/api/reconciliations?limit=1', 200)
  const one = 'GET /api/reconciliations/{reconciliation}'
  await visit(one, `/api/reconciliations/${begun.id}`, 200)
  await expectStatus(one, '/api/reconciliations/none', 404)
  await visit('GET /api/models/{model}/stats', '/api/models/add/stats', 200)
  await expectStatus('GET /api/models/{model}/stats', '/api/models/add/stats?window=1w', 400)
}

/** Credits, and calls that nothing pays. */
export const credits = async ({ stack, visit, expectStatus }: Visitor): Promise<void> => {
  await stack.send('POST', '/api/consumers', { body: { id: 'prepaid', plan: 'prepaid', grants: ['*'] } })
  const { secret: key } = (await stack.send('POST', '/api/consumers/prepaid/keys', { body: {} })).body
  for (const model of ['trained', 'texts'])
    await stack.send('PUT', `/api/prices/${model}`, { body: { unit: 'call', amount: '0.01' } })
  for (const [name, path, body] of [
    ['POST /v2/models/{model}/infer', '/v2/models/add/infer', inferBody(1)],
    ['POST /v2/models/{model}/versions/{version}/infer', '/v2/models/add/versions/1/infer', inferBody(1)],
    ['POST /v1/models/{model}:predict', '/v1/models/trained:predict', { instances: [{ size: 2, colour: 'red' }] }],
    ['POST /v1/models/{model}:explain', '/v1/models/trained:explain', { instances: [{ size: 2, colour: 'red' }] }],
    ['POST /v1/embeddings', '/v1/embeddings', { model: 'texts', input: 'Nobody pays.' }],
  ] as const)
    await expectStatus(name, path, 402, { body, key })
  const name = '/api/consumers/{consumer}/credits'
  const path = '/api/consumers/prepaid/credits'
  const body = { id: 'first', amount: '1.5', memo: 'invoice 7' }
  await visit(`POST ${name}`, path, 201, { body })
  await expectStatus(`POST ${name}`, path, 200, { body })
  await expectStatus(`POST ${name}`, path, 409, { body: { ...body, amount: '2' } })
  const headers = { 'idempotency-key': 'credit-1' }
  await expectStatus(`POST ${name}`, path, 201, { headers, body: { amount: '1' } })
  await expectStatus(`POST ${name}`, path, 422, { headers, body: { amount: '2' } })
  await visit(`GET ${name}`, path, 200)
  await expectStatus('POST /v1/embeddings', '/v1/embeddings', 200, { body: { model: 'texts', input: 'Paid.' }, key })
}

/** Invoices, what is added to them, and exports. */
export const invoices = async ({ keys, visit, expectStatus }: Visitor): Promise<void> => {
  const of = '/api/consumers/{consumer}/invoices'
  const path = '/api/consumers/acme/invoices'
  await visit(`GET ${of}`, path, 200)
  await expectStatus(`GET ${of}`, '/api/consumers/owner/invoices', 404)
  const { month } = (await visit('GET /api/me/invoices', '/api/me/invoices', 200, { key: keys.consumer })).body
    .invoices[0]
  await expectStatus('GET /api/me/invoices', '/api/me/invoices', 404)
  await visit(`GET ${of}/{month}`, `${path}/${month}`, 200)
  await expectStatus(`GET ${of}/{month}`, `${path}/${month}`, 200, { headers: { accept: 'text/html' } })
  const own = 'GET /api/me/invoices/{month}'
  await visit(own, `/api/me/invoices/${month}`, 200, { key: keys.consumer })
  await expectStatus(own, '/api/me/invoices/2020-01', 404, { key: keys.consumer })
  const adjust = 'POST /api/consumers/{consumer}/adjustments'
  const adjustments = '/api/consumers/acme/adjustments'
  const body = { amount: '-0.5', memo: 'an outage' }
  const headers = { 'idempotency-key': 'outage' }
  await visit(adjust, adjustments, 201, { body, headers })
  await expectStatus(adjust, adjustments, 200, { body, headers })
  await expectStatus(adjust, adjustments, 422, { body: { ...body, amount: '1' }, headers })
  await expectStatus(adjust, '/api/consumers/owner/adjustments', 409, { body })
  await visit('GET /api/consumers/{consumer}/adjustments', adjustments, 200)
  await visit('GET /api/exports', '/api/exports', 200)
  await visit('GET /api/exports/usage.csv', '/api/exports/usage.csv?detail=rows', 200)
  await expectStatus('GET /api/exports/usage.csv', '/api/exports/usage.csv?detail=all', 400)
  await visit('PUT /api/exports/stripe/key', '/api/exports/stripe/key', 204, { body: { key: 'rk_test_12345678' } })
}
