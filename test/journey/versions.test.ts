/** Versions and aliases over HTTP through the whole stack: numbers, moves with their history, pages, races. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { addModel, inferBody } from './models.ts'

let stack: Stack
let send: Stack['send']
beforeAll(async () => {
  stack = await startStack()
  send = stack.send
})
afterAll(() => stack.close())

const push = (model: string, b: number, query = '') =>
  send('POST', `/api/models/${model}/versions${query}`, {
    body: addModel(b),
    headers: { 'content-type': 'application/octet-stream' },
  })
const move = (model: string, alias: string, version: number, headers = {}) =>
  send('PUT', `/api/models/${model}/aliases/${alias}`, { body: { version }, headers })
const answerOf = async (reference: string) =>
  (await send('POST', `/v2/models/${reference}/infer`, { body: inferBody(0) })).body.outputs?.[0].data[0]

/** Every page of a listing, `limit` items each. */
const pages = async (path: string, member: string, limit: number) => {
  const found: Record<string, unknown>[][] = []
  let next = ''
  do {
    const { body } = await send('GET', `${path}?limit=${limit}${next && `&next=${next}`}`)
    found.push(body[member])
    next = body.next ?? ''
  } while (next)
  return found
}

test('versions and aliases -> each reference is answered by its own version', async () => {
  await push('moved', 1)
  await push('moved', 2, '?alias=canary')
  await push('moved', 3)
  const references = ['moved', 'moved@live', 'moved@canary', 'moved@3', 'moved/versions/2']
  expect(await Promise.all(references.map(answerOf))).toEqual([1, 1, 2, 3, 2])
})

test('an alias moved under its ETag -> the history tells every move, and who read an older one gets 412', async () => {
  const { headers } = await send('GET', '/api/models/moved/aliases/canary')
  const guard = { 'if-match': headers.get('etag') ?? '' }
  expect(await move('moved', 'canary', 3, guard)).toMatchObject({ status: 200, body: { alias: 'canary', version: 3 } })
  expect(await move('moved', 'canary', 1, guard)).toMatchObject({ status: 412, body: { code: 'STALE' } })
  expect(await move('moved', 'canary', 9)).toMatchObject({ status: 404, body: { code: 'UNKNOWN_VERSION' } })
  expect((await send('DELETE', '/api/models/moved/aliases/canary')).status).toBe(204)
  const { history } = (await send('GET', '/api/models/moved/aliases/canary/history')).body
  expect(history).toMatchObject([
    { revision: 3, version: null, previous: 3, movedBy: expect.stringMatching(/^\w{12}$/) },
    { revision: 2, version: 3, previous: 2 },
    { revision: 1, version: 2, previous: null },
  ])
})

test('a version removed -> refused while an alias points to it; then its number is not given again', async () => {
  const live = await send('DELETE', '/api/models/moved/versions/1')
  expect(live).toMatchObject({ status: 409, body: { code: 'IN_USE', error: expect.stringMatching(/alias live/) } })
  expect((await send('DELETE', '/api/models/moved/versions/3')).status).toBe(204)
  expect(await send('GET', '/api/models/moved/versions/3')).toMatchObject({ status: 404 })
  expect((await push('moved', 3)).body.version).toBe(4)
})

test('the bytes of a version -> by a link that ends, the same as were pushed', async () => {
  const response = await fetch(`${stack.running.url}/api/models/moved/versions/1/artifact`, {
    headers: { authorization: `Bearer ${stack.ownerKey}` },
  })
  expect(response.status).toBe(200)
  expect(response.redirected).toBe(true)
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(addModel(1))
})

test('lists in pages -> every item once, and no page beyond the last', async () => {
  for (const name of ['b', 'a', 'e', 'd', 'c']) await send('POST', '/api/models', { body: { name: `page-${name}` } })
  const models = await pages('/api/models', 'models', 2)
  const names = models.flat().map(({ name }) => name)
  expect(names.filter((name) => String(name).startsWith('page-'))).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((n) => `page-${n}`),
  )
  expect(models.every((page) => page.length <= 2)).toBe(true)
  expect((await pages('/api/models/moved/versions', 'versions', 1)).flat().map(({ version }) => version)).toEqual([
    4, 2, 1,
  ])
})

/** Each publisher has a probe of its own. */
const atOnce = Array.from({ length: process.env.PERCALL_LONG ? 8 : 4 }, (_, i) => i + 1)

test(`${atOnce.length} publishers at once -> numbers in a row, one each, and live stays at the first`, async () => {
  const values = atOnce
  const answers = await Promise.all(values.map((b) => push('raced', b)))
  expect(answers.map(({ status }) => status)).toEqual(values.map(() => 201))
  expect(answers.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual(values)
  for (const [i, { body }] of answers.entries()) expect(await answerOf(`raced@${body.version}`)).toBe(values[i])
  expect((await send('GET', '/api/models/raced')).body).toMatchObject({
    lastVersion: atOnce.length,
    aliases: { live: 1 },
  })
})

test('8 moves at once -> all in the history; under one ETag -> exactly one', async () => {
  const versions = [1, 2, 3, 4, 5, 6, 7, 8].map((move) => 1 + (move % atOnce.length))
  const free = await Promise.all(versions.map((version) => move('raced', 'champion', version)))
  expect(free.map(({ status }) => status)).toEqual(versions.map(() => 200))
  const { history } = (await send('GET', '/api/models/raced/aliases/champion/history')).body
  expect(history.map(({ revision }: { revision: number }) => revision)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  const guard = { 'if-match': '"8"' }
  const guarded = await Promise.all(versions.map((version) => move('raced', 'champion', version, guard)))
  expect(guarded.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)])
})

test('one name created 6 times at once -> once', async () => {
  const create = (path: string, body: object) =>
    Promise.all(Array.from({ length: 6 }, () => send('POST', path, { body })))
  const models = (await create('/api/models', { name: 'once' })).map(({ status }) => status)
  const consumers = (await create('/api/consumers', { id: 'once' })).map(({ status }) => status)
  expect(models.filter((status) => status === 201)).toHaveLength(1)
  expect(models.filter((status) => status === 409 || status === 412)).toHaveLength(5)
  expect(consumers.sort()).toEqual([201, 409, 409, 409, 409, 409])
})
