import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createGraph } from '../../src/onnx/graph.ts'
import { type Asked, openDoors } from './doors.ts'

/** y = x + b; each b is another file. */
const addModel = (b: number): Uint8Array => {
  const graph = createGraph('add')
  const x = graph.input('x', 'FP32', [-1, 1])
  graph.node('Add', [x, graph.constant('FP32', [1], Float32Array.of(b))], { output: 'y' })
  graph.output('y', 'FP32', [-1, 1])
  return graph.toBytes()
}

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
})
afterAll(() => doors.close())

const ask = (method: string, path: string, asked: Asked = {}) =>
  doors.control(method, path, { key: doors.owner, ...asked })

const push = (model: string, b: number, query = '') =>
  ask('POST', `/api/models/${model}/versions`, { body: addModel(b), query })

test('a pushed file -> its signature, digest and number; the first is live; its bytes come back', async () => {
  const first = await push('pushed', 1)
  expect(first).toMatchObject({
    status: 201,
    headers: { location: '/api/models/pushed/versions/1' },
    body: {
      name: 'pushed',
      version: 1,
      sizeBytes: addModel(1).length,
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
      probe: { isolation: 'inline' },
      lineage: { origin: 'push' },
    },
  })
  expect(first.body.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(await push('pushed', 2, 'alias=canary')).toMatchObject({ status: 201, body: { version: 2 } })
  const model = await ask('GET', '/api/models/pushed')
  expect(model.body).toMatchObject({ name: 'pushed', lastVersion: 2, aliases: { live: 1, canary: 2 } })
  const list = await ask('GET', '/api/models/pushed/versions', { query: 'limit=1' })
  expect(list.body).toMatchObject({ versions: [{ version: 2 }], next: expect.any(String) })
  const detail = await ask('GET', '/api/models/pushed/versions/1')
  expect(detail.body).toMatchObject({ version: 1, aliases: ['live'] })
  const { status, headers } = await ask('GET', '/api/models/pushed/versions/1/artifact')
  expect(status).toBe(302)
  const bytes = await fetch(String(headers.location)).then((response) => response.arrayBuffer())
  expect(new Uint8Array(bytes)).toEqual(addModel(1))
})

test('an alias moved, read, guarded, removed -> ETags and history say so', async () => {
  await push('moved', 1)
  await push('moved', 2)
  const path = '/api/models/moved/aliases/live'
  const before = await ask('GET', path)
  expect(before).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { alias: 'live', version: 1 } })
  const guard = { headers: { 'if-match': '"1"' } }
  expect(await ask('PUT', path, { body: { version: 2 }, ...guard })).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
  })
  expect(await ask('PUT', path, { body: { version: 1 }, ...guard })).toMatchObject({
    status: 412,
    body: { code: 'STALE' },
  })
  expect(await ask('DELETE', path)).toMatchObject({ status: 204 })
  expect(await ask('GET', path)).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ALIAS' } })
  const { body } = await ask('GET', `${path}/history`)
  expect(body.history.map(({ version }: { version: number | null }) => version)).toEqual([null, 2, 1])
})

test('a version removed -> refused while live points to it; then gone, and its model too', async () => {
  await push('removed', 3)
  const version = '/api/models/removed/versions/1'
  expect(await ask('DELETE', version)).toMatchObject({ status: 409, body: { code: 'IN_USE' } })
  expect(await ask('DELETE', '/api/models/removed')).toMatchObject({ status: 409, body: { code: 'IN_USE' } })
  await ask('DELETE', '/api/models/removed/aliases/live')
  expect(await ask('DELETE', version)).toMatchObject({ status: 204 })
  expect(await ask('GET', version)).toMatchObject({ status: 404, body: { code: 'UNKNOWN_VERSION' } })
  expect(await ask('DELETE', '/api/models/removed')).toMatchObject({ status: 204 })
  expect(await ask('GET', '/api/models/removed')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_MODEL' } })
  expect(await push('removed', 3)).toMatchObject({ status: 201, body: { version: 2 } })
})

test('a revoked key that an environment still knows -> makes and revokes no key any more', async () => {
  const leaked = { key: await doors.consumerKey('leaky', ['*']) }
  const me = await ask('GET', '/api/me', leaked)
  const spare = await ask('POST', '/api/me/keys', { ...leaked, body: {} })
  expect(spare.status).toBe(201)
  expect(await ask('DELETE', `/api/consumers/leaky/keys/${me.body.key}`)).toMatchObject({ status: 204 })
  const refused = { status: 401, body: { code: 'KEY_REVOKED' } }
  expect(await ask('POST', '/api/me/keys', { ...leaked, body: {} })).toMatchObject(refused)
  expect(await ask('DELETE', `/api/me/keys/${spare.body.id}`, leaked)).toMatchObject(refused)
})

test('a revoked owner key that an environment still knows -> makes no owner key', async () => {
  const keys = '/api/consumers/owner/keys'
  const { id, secret } = (await ask('POST', keys, { body: {} })).body
  expect(await ask('GET', '/api/me', { key: secret })).toMatchObject({ body: { role: 'owner' } })
  await ask('DELETE', `${keys}/${id}`)
  expect(await ask('POST', keys, { key: secret, body: {} })).toMatchObject({
    status: 401,
    body: { code: 'KEY_REVOKED' },
  })
})

test('a removed consumer that an environment still knows -> makes no key', async () => {
  const key = await doors.consumerKey('removed-consumer', ['*'])
  await ask('GET', '/api/me', { key })
  expect(await ask('DELETE', '/api/consumers/removed-consumer')).toMatchObject({ status: 204 })
  expect(await ask('POST', '/api/me/keys', { key, body: {} })).toMatchObject({ status: 401 })
})

test('a file whose signature is larger than the registry keeps -> 400, nothing published', async () => {
  const graph = createGraph('many')
  const names = Array.from({ length: 3000 }, (_, i) => `${'x'.repeat(200)}${i}`)
  const inputs = names.map((name) => graph.input(name, 'FP32', [-1, 1]))
  graph.node('Identity', [inputs[0]!], { output: 'y' })
  graph.output('y', 'FP32', [-1, 1])
  expect(await ask('POST', '/api/models/many/versions', { body: graph.toBytes() })).toMatchObject({
    status: 400,
    body: { code: 'UNSUPPORTED_ONNX' },
  })
  expect(await ask('GET', '/api/models/many')).toMatchObject({ status: 404 })
})

test('a model described -> created once, changed under its ETag', async () => {
  const created = await ask('POST', '/api/models', { body: { name: 'described', title: 'Cars' } })
  expect(created).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: { title: 'Cars', lastVersion: 0 } })
  expect(await ask('POST', '/api/models', { body: { name: 'described' } })).toMatchObject({ status: 409 })
  const changed = await ask('PATCH', '/api/models/described', {
    body: { notice: 'beta' },
    headers: { 'if-match': '"1"' },
  })
  expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { title: 'Cars', notice: 'beta' } })
  const stale = await ask('PATCH', '/api/models/described', { body: {}, headers: { 'if-match': '"1"' } })
  expect(stale).toMatchObject({ status: 412, body: { code: 'STALE' } })
  const { body } = await ask('GET', '/api/models')
  expect(body.models.map(({ name }: { name: string }) => name)).toContain('described')
})

test.for<[string, string, string, Asked, number, string]>([
  ['a file that is no ONNX', 'POST', '/api/models/bad/versions', { body: Uint8Array.of(1, 2, 3) }, 400, 'NOT_ONNX'],
  ['an empty file', 'POST', '/api/models/bad/versions', { body: new Uint8Array(0) }, 400, 'NOT_ONNX'],
  ['5 MB inline', 'POST', '/api/models/bad/versions', { body: new Uint8Array(5_000_000) }, 413, 'TOO_LARGE'],
  ['an upload that is none', 'POST', '/api/models/bad/versions', { body: { upload: 'u' } }, 404, 'UNKNOWN_UPLOAD'],
  ['a name with a blank', 'POST', '/api/models/a%20b/versions', { body: addModel(1) }, 400, 'BAD_NAME'],
  ['an alias of digits', 'POST', '/api/models/bad/versions', { body: addModel(1), query: 'alias=7' }, 400, 'BAD_NAME'],
  [
    'a weighted alias',
    'PUT',
    '/api/models/known/aliases/live',
    { body: { version: 1, weights: {} } },
    400,
    'BAD_REQUEST',
  ],
  ['an alias to nowhere', 'PUT', '/api/models/known/aliases/live', { body: { version: 9 } }, 404, 'UNKNOWN_VERSION'],
  ['an alias of no model', 'PUT', '/api/models/nobody/aliases/live', { body: { version: 1 } }, 404, 'UNKNOWN_MODEL'],
  ['an unknown member', 'POST', '/api/models', { body: { name: 'm', colour: 'red' } }, 400, 'BAD_REQUEST'],
  ['a limit of 0', 'GET', '/api/models', { query: 'limit=0' }, 400, 'BAD_REQUEST'],
  ['a made-up next', 'GET', '/api/models', { query: 'next=%00%ff' }, 400, 'BAD_REQUEST'],
  ['a version that is no number', 'GET', '/api/models/known/versions/x', {}, 404, 'UNKNOWN_VERSION'],
  [
    'a manifest that is not there',
    'GET',
    '/api/models/known/versions/1/artifact',
    { query: 'part=manifest' },
    400,
    'BAD_REQUEST',
  ],
  ['no key', 'GET', '/api/models', { key: '' }, 401, 'KEY_MISSING'],
])('%s -> a refusal that names it', async ([, method, path, asked, status, code]) => {
  await push('known', 1)
  expect(await ask(method, path, asked)).toMatchObject({ status, body: { code } })
})
