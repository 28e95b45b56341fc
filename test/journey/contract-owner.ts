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
  const body = { name: 'empty', title: 'Nothing yet', logInputs: false }
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
  await expectStatus('GET /api/models/{model}/versions/{version}', '/api/models/line/versions/1', 200)
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
}

/** A key's own routes. */
export const ownRoutes = async ({ keys, visit, expectStatus }: Visitor): Promise<void> => {
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
}

/** Prices and statistics. */
export const prices = async ({ keys, visit, expectStatus }: Visitor): Promise<void> => {
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
}
