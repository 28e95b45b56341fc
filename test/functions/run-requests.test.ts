import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Asked, openDoors } from './doors.ts'

let doors: Awaited<ReturnType<typeof openDoors>>

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
})
afterAll(() => doors.close())

const ask = (method: string, path: string, asked: Asked = {}) =>
  doors.control(method, path, { key: doors.owner, ...asked })

const run = { model: 'm', dataset: 'small', target: 'y' }

test.for<[string, object, number, string, string]>([
  ['an unknown target', { ...run, target: 'z' }, 400, 'UNKNOWN_TARGET', 'expected one of x, y, got z'],
  ['an unknown dataset', { ...run, dataset: 'nothing' }, 404, 'UNKNOWN_DATASET', 'dataset nothing'],
  ['an unknown column', { ...run, columns: { q: { drop: true } } }, 400, 'UNKNOWN_COLUMN', 'got q'],
  ['a bad model name', { ...run, model: '-' }, 400, 'BAD_NAME', 'model name'],
  ['an unknown metric', { ...run, metric: 'auc' }, 400, 'BAD_RUN', 'metric'],
  ['a split by time, no column', { ...run, split: { method: 'time' } }, 400, 'BAD_RUN', 'split.column'],
  ['a weight that is no column', { ...run, weight: 'w' }, 400, 'UNKNOWN_COLUMN', 'weight: expected one of x, y'],
  ['an engine that is not deployed', { ...run, engine: 'batch' }, 400, 'BAD_RUN', 'deploy with -c percall:batch=true'],
  ['an unknown algorithm', { ...run, algorithms: ['svm'] }, 400, 'BAD_RUN', 'algorithms.0'],
  ['an unknown field', { ...run, colour: 'red' }, 400, 'BAD_RUN', 'colour'],
  ['a bad hyperparameter', { ...run, parameters: { logistic: { C: -1 } } }, 400, 'BAD_RUN', 'parameters.logistic.C'],
  [
    'an algorithm of another task',
    { ...run, algorithms: ['linear'], task: 'binary' },
    400,
    'BAD_RUN',
    'algorithms linear',
  ],
  ['no target', { model: 'm', dataset: 'small' }, 400, 'BAD_RUN', 'target'],
])('%s -> refused at once', async ([, body, status, code, text]) => {
  const small = { body: Buffer.from('x,y\n1,2\n2,3\n'), headers: { 'content-type': 'text/csv' } }
  await ask('POST', '/api/datasets/small/versions', small)
  const answer = await ask('POST', '/api/runs', { body })
  expect(answer.body).toMatchObject({ status, code })
  expect(answer.body.detail).toContain(text)
})

test('an upload -> its presigned PUT takes those bytes once, and a dataset is made of it', async () => {
  const bytes = readFileSync(new URL('../fixtures/data/cars.test.csv', import.meta.url))
  const body = { contentType: 'text/csv', sizeBytes: bytes.length }
  const ticket = await ask('POST', '/api/uploads', { body })
  expect(ticket.status).toBe(201)
  const { id, url, headers } = ticket.body
  const make = () => ask('POST', '/api/datasets/uploaded/versions', { body: { upload: id } })
  expect(await make()).toMatchObject({ status: 404, body: { code: 'UNKNOWN_UPLOAD' } })
  const put = (content: Uint8Array<ArrayBuffer>, sent = headers) =>
    fetch(url, { method: 'PUT', headers: sent, body: content }).then(({ status }) => status)
  const { 'if-none-match': _, ...overwriting } = headers
  const { 'content-length': __, ...anyLength } = headers
  expect(await put(Uint8Array.from(bytes), overwriting)).toBe(403)
  expect(await put(Uint8Array.of(1, 2, 3), anyLength)).toBe(403)
  expect(await put(Uint8Array.from(bytes))).toBe(200)
  expect(await put(Uint8Array.from(bytes))).toBe(412)
  expect(await make()).toMatchObject({ status: 201, body: { version: 1, rows: 79, format: 'csv' } })
  const stranger = await ask('POST', '/api/datasets/uploaded/versions', { body: { upload: `${id.slice(0, -4)}0000` } })
  expect(stranger).toMatchObject({ status: 404, body: { code: 'UNKNOWN_UPLOAD' } })
})

const forCols = { dataset: 'cols', target: 'y', algorithms: ['linear'] }

test.for<[string, object, number, string, string]>([
  ['a schedule that is none', { schedule: 'daily' }, 400, 'BAD_SCHEDULE', 'got daily'],
  ['a schedule too often', { schedule: 'rate(5 minutes)' }, 400, 'BAD_SCHEDULE', 'at least 15 minutes'],
  ['neither data nor schedule', {}, 400, 'BAD_REQUEST', 'got neither'],
  [
    'an unknown dataset',
    { onDataset: true, run: { ...forCols, dataset: 'nothing' } },
    404,
    'UNKNOWN_DATASET',
    'dataset nothing',
  ],
  [
    'a target that the dataset has not',
    { onDataset: true, run: { ...forCols, target: 'q' } },
    400,
    'UNKNOWN_TARGET',
    'got q',
  ],
  ['a column that it has not', { onDataset: true, run: { ...forCols, weight: 'w' } }, 400, 'UNKNOWN_COLUMN', 'got w'],
  [
    'a request that contradicts itself',
    { onDataset: true, run: { ...forCols, split: { method: 'time' } } },
    400,
    'BAD_RUN',
    'split.column',
  ],
  [
    'a dataset version',
    { onDataset: true, run: { ...forCols, datasetVersion: 1 } },
    400,
    'BAD_REQUEST',
    'datasetVersion',
  ],
  [
    'an engine that is not deployed',
    { onDataset: true, run: { ...forCols, engine: 'batch' } },
    400,
    'BAD_RUN',
    'engine: ',
  ],
  ['an unknown field', { onDataset: true, when: 'now' }, 400, 'BAD_REQUEST', 'when'],
])('a trigger of %s -> refused at once, none kept', async ([, change, status, code, text]) => {
  const cols = { body: Buffer.from('x,y\n1,2\n2,3\n'), headers: { 'content-type': 'text/csv' } }
  await ask('POST', '/api/datasets/cols/versions', cols)
  const answer = await ask('PUT', '/api/triggers/refused', { body: { run: forCols, ...change } })
  expect(answer.body).toMatchObject({ status, code })
  expect(answer.body.detail).toContain(text)
  expect((await ask('GET', '/api/triggers/refused')).body.code).toBe('UNKNOWN_TRIGGER')
})

test('a changed trigger -> a new tag; a stale one is refused; one made anew has none of the earlier tags', async () => {
  const path = '/api/triggers/tags'
  const body = { run: forCols, onDataset: true }
  expect((await ask('PUT', path, { body })).status).toBe(200)
  const { headers } = await ask('GET', path)
  const put = (tag: string) =>
    ask('PUT', path, { body, headers: { 'if-match': tag, 'content-type': 'application/json' } })
  const second = await put(String(headers?.etag))
  expect(second.status).toBe(200)
  expect(second.headers?.etag).not.toBe(headers?.etag)
  expect((await put(String(headers?.etag))).body).toMatchObject({ status: 412, code: 'STALE' })
  expect((await ask('DELETE', path, { headers: { 'if-match': String(headers?.etag) } })).status).toBe(412)
  expect((await ask('DELETE', path)).status).toBe(204)
  expect((await put(String(second.headers?.etag))).status).toBe(412)
  expect((await ask('PUT', path, { body })).status).toBe(200)
  expect((await ask('GET', path)).headers?.etag).not.toBe(second.headers?.etag)
})
