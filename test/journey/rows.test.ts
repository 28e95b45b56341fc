/** Rows as people have them, JSON and CSV, to a model that was trained on columns and to one that was pushed. */
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel } from './models.ts'
import { publishTrained } from './trained.ts'

let stack: Stack
let key = ''
beforeAll(async () => {
  stack = await startStack()
  await publishTrained(stack, 'trained')
  await stack.send('POST', '/api/models/adder/versions', {
    body: addModel(10),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await stack.send('PUT', '/api/prices/trained', { body: { unit: 'row', amount: '0.000001' } })
  key = await consumerKey(stack, 'acme', ['trained', 'adder'])
})
afterAll(() => stack.close())

const predict = (body: unknown, headers: Readonly<Record<string, string>> = {}, target = 'trained', query = '') =>
  stack.send('POST', `/v1/models/${target}:predict${query}`, { key, body, headers })

const csv = { 'content-type': 'text/csv; charset=UTF-8' }
const lines = ['size,colour,day', '2.5,red,2026-02-03', ',purple,', '"3.5","blue",2026-03-01']
const rows = [
  { size: 2.5, colour: 'red', day: '2026-02-03' },
  { size: null, colour: 'purple' }, // a category that training never saw, and a date that is not there
  [3.5, 'blue', '2026-03-01'],
]

test('the same rows as JSON and as CSV -> the same numbers, in each form of the answer', async () => {
  const json = await predict({ instances: rows })
  expect(json).toMatchObject({
    status: 200,
    body: { predictions: [expect.any(Number), expect.any(Number), expect.any(Number)] },
  })
  const text = lines.join('\r\n')
  const table = await predict(text, csv)
  expect([table.status, table.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  const answered = table.body.split('\r\n')
  expect(answered.map((line: string) => line.slice(0, line.lastIndexOf(',')))).toEqual(lines)
  expect(
    parse<{ prediction: string }>(table.body, { columns: true }).map(({ prediction }) => Number(prediction)),
  ).toEqual(json.body.predictions)
  const asked = await predict(text, { ...csv, accept: 'application/json' })
  expect(asked.body).toEqual(json.body)
  const written = await predict({ instances: rows }, { 'content-type': 'application/json', accept: 'text/csv' })
  const [header, first] = written.body.split('\n')
  expect([header, first]).toEqual(['size,colour,day,prediction', `2.5,red,2026-02-03,${json.body.predictions[0]}`])
})

test('a CSV call -> one usage row of as many units as it has rows', async () => {
  const before = (await usageRows(stack)).length
  const { headers } = await predict(`${lines.join('\n')}\n`, csv)
  expect([headers.get('percall-units'), headers.get('percall-cost')]).toEqual(['3', '0.000003'])
  expect((await usageRows(stack)).slice(before)).toMatchObject([{ unit: 'row', units: 3 }])
})

test('a compressed CSV with a byte order mark -> read, and echoed', async () => {
  const body = gzipSync('\uFEFFsize;colour\n1;red\n')
  const answer = await predict(body, { ...csv, 'content-encoding': 'gzip' })
  expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(/size;colour;prediction\n1;red;[-\d.]+\n$/) })
})

test('columns that the model does not know -> ignored and echoed on demand', async () => {
  const text = 'id,prediction,size\n7,old,1\n'
  expect(await predict(text, csv)).toMatchObject({ status: 400, body: { code: 'UNKNOWN_COLUMN' } })
  const { body } = await predict(text, csv, 'trained', '?unknown=ignore')
  expect(body).toMatch(/^id,prediction,size,prediction_1\n7,old,1,[-\d.]+\n$/)
})

test.for([
  ['text/csv, application/json;q=0.5', 'text/csv; charset=utf-8'],
  ['application/json, text/csv;q=0.9', 'application/json'],
  ['application/json, text/plain, */*', 'application/json'],
  ['*/*', 'text/csv; charset=utf-8'],
])('a CSV with Accept: %s -> %s', async ([accept, type]) => {
  const { headers } = await predict('x\n1\n', { ...csv, accept: accept as string }, 'adder')
  expect(headers.get('content-type')).toBe(type)
})

test('a pushed model -> columns by input name, and its one output as the prediction', async () => {
  expect((await predict('x\n1\n2.5\n', csv, 'adder')).body).toBe('x,prediction\n1,11\n2.5,12.5\n')
})

test.for([
  ['GET', 'trained:predict', 405, 'POST'],
  ['POST', 'trained', 405, 'GET'],
  ['POST', 'trained:tune', 404, null],
] as const)('%s %s -> %d, with the verbs that are there', async ([method, target, status, allow]) => {
  const answer = await stack.send(method, `/v1/models/${target}`, { key })
  expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow])
})
