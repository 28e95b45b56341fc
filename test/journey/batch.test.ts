import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { endOfBatch, many, parquetOf, runBatch, startBatch, upload } from './batch-files.ts'
import { figuresOf } from './figures.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel } from './models.ts'
import { publishTrained } from './trained.ts'

let stack: Stack
let key: string
const folder = mkdtempSync(join(tmpdir(), 'percall-batch-'))

beforeAll(async () => {
  stack = await startStack()
  const { send } = stack
  await publishTrained(stack, 'price')
  const octets = { 'content-type': 'application/octet-stream' }
  await send('POST', '/api/models/add/versions', { body: addModel(10), headers: octets })
  await send('PUT', '/api/prices/price', { body: { unit: 'row', amount: '0.000002', minimumPerCall: '0.5' } })
  await send('PUT', '/api/prices/add', { body: { unit: 'call', amount: '0.25' } })
  key = await consumerKey(stack, 'acme', ['price', 'add'])
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

const csv = 'size,colour,day\n1.5,red,2026-01-01\n2.5,blue,2026-02-01\n3.25,"gr,een",\n,red,2026-03-01\n'
const rows = [
  { size: '1.5', colour: 'red', day: '2026-01-01' },
  { size: '2.5', colour: 'blue', day: '2026-02-01' },
  { size: '3.25', colour: 'gr,een', day: null },
  { size: null, colour: 'red', day: '2026-03-01' },
]
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n')

const fileOf = async (id: string): Promise<string> => {
  const { status, headers } = await fetch(`${stack.running.url}/v1/batches/${id}/result`, {
    headers: { authorization: `Bearer ${key}` },
    redirect: 'manual',
  })
  expect(status).toBe(302)
  const file = await fetch(headers.get('location') ?? '')
  expect(file.headers.get('content-disposition')).toMatch(new RegExp(`${id}\\.(csv|jsonl)`))
  return file.text()
}

/** Rows of the ledger that one batch wrote. */
const rowsOf = async (requestId: string) => (await usageRows(stack)).filter((row) => row.requestId === requestId)

const predictions = async (instances: readonly unknown[]): Promise<readonly number[]> =>
  (await stack.send('POST', '/v1/models/price:predict', { key, body: { instances } })).body.predictions

describe('the same rows in every format -> what :predict answers row by row, charged by the row without a minimum', () => {
  const parquet = join(folder, 'rows.parquet')
  beforeAll(async () => {
    const source = join(folder, 'rows.csv')
    writeFileSync(source, csv)
    await parquetOf(source, parquet)
  })

  test.for([
    { format: 'csv', output: 'csv' },
    { format: 'csv', output: 'jsonl' },
    { format: 'jsonl', output: 'jsonl' },
    { format: 'jsonl', output: 'csv' },
    { format: 'parquet', output: 'jsonl' },
    { format: 'parquet', output: 'csv' },
  ])('$format -> $output', async ({ format, output }) => {
    const bytes = format === 'csv' ? csv : format === 'jsonl' ? jsonl : readFileSync(parquet)
    const batch = await runBatch(stack, key, bytes, { model: 'price', format, output })
    expect(batch).toMatchObject({ state: 'succeeded', model: 'price', version: 1, units: 4, cost: '0.000008' })
    expect(batch.progress).toEqual({ rows: 4, rowsSucceeded: 4, rowsFailed: 0, shards: 1 })
    const text = await fileOf(batch.id)
    const found: Record<string, unknown>[] =
      output === 'csv'
        ? parse(text, { columns: true })
        : text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
    expect(found.map(({ prediction }) => Number(prediction))).toEqual(await predictions(rows))
    expect(found.map(({ colour }) => colour)).toEqual(rows.map(({ colour }) => colour))
    expect((await stack.send('GET', `/v1/batches/${batch.id}/errors`, { key })).body).toEqual({ errors: [] })
  })
})

test('some bad rows -> listed by number, the others answered and charged', async () => {
  const bad = 'size,colour,day\n1.5,red,2026-01-01\nbig,red,2026-01-01\n2.5,blue,yesterday\n3.5,red,2026-03-01\n'
  const started = await startBatch(stack, key, bad, { model: 'price@1', format: 'csv' })
  const { id } = started.body
  const batch = await endOfBatch(stack, key, id)
  expect(batch).toMatchObject({ state: 'succeeded', units: 2, cost: '0.000004' })
  expect(batch.progress).toMatchObject({ rowsSucceeded: 2, rowsFailed: 2 })
  const { body } = await stack.send('GET', `/v1/batches/${id}/errors?limit=1`, { key })
  expect(body).toMatchObject({
    errors: [{ row: 2, code: 'BAD_CELL', message: expect.stringMatching(/^column size/) }],
    next: '2',
  })
  const rest = await stack.send('GET', `/v1/batches/${id}/errors?limit=1&next=2`, { key })
  expect(rest.body).toEqual({ errors: [expect.objectContaining({ row: 3, code: 'BAD_CELL' })] })
  const found = parse(await fileOf(id)) as string[][]
  expect(found.map((cells) => cells.at(-1) === '')).toEqual([false, false, true, true, false])
  const charged = await rowsOf(started.headers.get('percall-request-id') ?? '')
  expect(charged).toMatchObject([{ origin: 'batch', number: 1, units: 2, costNano: 4000, model: 'price' }])
})

test('a model that was pushed, priced by the call -> answered by its input names', async () => {
  const batch = await runBatch(stack, key, 'id,x\na,1\nb,2.5\n', {
    model: 'add',
    format: 'csv',
    unknown: 'ignore',
  })
  expect(batch).toMatchObject({ state: 'succeeded', units: 2, cost: '0.5' })
  expect(await fileOf(batch.id)).toBe('id,x,prediction\na,1,11\nb,2.5,12.5\n')
})

describe('a file that cannot be read -> the batch fails with the reason, and nothing is charged', () => {
  test.for([
    { given: 'an empty file', text: '\n', format: 'csv', code: 'BAD_TABLE', says: /names of the columns/ },
    { given: 'a header alone', text: 'size,colour,day\n', format: 'csv', code: 'BAD_TABLE', says: /at least one row/ },
    { given: 'a ragged line', text: 'size,colour\n1,red\n2,red,x\n', format: 'csv', code: 'BAD_TABLE', says: /line 3/ },
    { given: 'CSV as JSON Lines', text: csv, format: 'jsonl', code: 'BAD_TABLE', says: /line 1/ },
    { given: 'CSV as Parquet', text: csv, format: 'parquet', code: 'BAD_TABLE', says: /expected Parquet/ },
    {
      given: 'an unknown column',
      text: `${csv.replace('day', 'date')}`,
      format: 'csv',
      code: 'UNKNOWN_COLUMN',
      says: /date/,
    },
    {
      // A machine ends without a word that is given more than 256 KB.
      given: '3,000 long unknown columns',
      text: `${Array.from({ length: 3000 }, (_, i) => `${'column'.repeat(20)}_${i}`).join(',')}\n${'1,'.repeat(2999)}1\n`,
      format: 'csv',
      code: 'UNKNOWN_COLUMN',
      says: /^.{100,1100}$/s,
    },
  ])('$given', async ({ text, format, code, says }) => {
    const batch = await runBatch(stack, key, text, { model: 'price', format })
    expect(batch).toMatchObject({ state: 'failed', failure: { code, cause: expect.stringMatching(says) }, cost: '0' })
    expect((await stack.send('GET', `/v1/batches/${batch.id}/result`, { key })).status).toBe(409)
  })
})

describe('a request that cannot be a batch -> refused, nothing started', () => {
  test.for([
    { given: 'an upload that nobody made', body: { input: 'nowhere' }, status: 404, code: 'UNKNOWN_UPLOAD' },
    { given: 'an unknown format', body: { format: 'xls' }, status: 400, code: 'BAD_REQUEST' },
    { given: 'a model without a grant', body: { model: 'other' }, status: 403, code: 'NOT_GRANTED' },
    { given: 'an unknown alias', body: { model: 'price@beta' }, status: 404, code: 'UNKNOWN_ALIAS' },
    { given: 'another member', body: { speed: 'fast' }, status: 400, code: 'BAD_REQUEST' },
  ])('$given', async ({ body, status, code }) => {
    const input = await upload(stack, key, csv)
    const answer = await stack.send('POST', '/v1/batches', {
      key,
      body: { model: 'price', input, format: 'csv', ...body },
    })
    expect(answer).toMatchObject({ status, body: { code } })
  })

  test("another consumer's upload or batch -> 404", async () => {
    const other = await consumerKey(stack, 'rival', ['*'])
    const input = await upload(stack, key, csv)
    const stolen = await stack.send('POST', '/v1/batches', {
      key: other,
      body: { model: 'price', input, format: 'csv' },
    })
    expect(stolen).toMatchObject({ status: 404, body: { code: 'UNKNOWN_UPLOAD' } })
    const { id } = await runBatch(stack, key, csv, { model: 'price', format: 'csv' })
    expect(await stack.send('GET', `/v1/batches/${id}`, { key: other })).toMatchObject({ status: 404 })
  })
})

test('the same Idempotency-Key again -> the same batch, one charge; with another body 422', async () => {
  const input = await upload(stack, key, csv)
  const body = { model: 'price', input, format: 'csv' }
  const headers = { 'idempotency-key': 'batch-1' }
  const first = await stack.send('POST', '/v1/batches', { key, body, headers })
  const again = await stack.send('POST', '/v1/batches', { key, body, headers })
  expect(again).toMatchObject({ status: 202, body: { id: first.body.id } })
  expect(again.headers.get('location')).toBe(`/v1/batches/${first.body.id}`)
  const other = await stack.send('POST', '/v1/batches', { key, body: { ...body, output: 'jsonl' }, headers })
  expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  await endOfBatch(stack, key, first.body.id)
})

test('three shards -> result in input order, each row charged once', async () => {
  const started = await startBatch(stack, key, many(25_000), { model: 'add', format: 'csv' })
  const { id } = started.body
  const batch = await endOfBatch(stack, key, id)
  expect(batch).toMatchObject({ state: 'succeeded', units: 25_000, cost: '6250' })
  expect(batch.progress).toMatchObject({ rows: 25_000, rowsSucceeded: 25_000, shards: 3 })
  const lines = (await fileOf(id)).trim().split('\n')
  expect(lines).toHaveLength(25_001)
  expect(lines.slice(1).every((line, i) => line === `${i},${i + 10}`)).toBe(true)
  const charged = await rowsOf(started.headers.get('percall-request-id') ?? '')
  expect(charged.map(({ number, units }) => [number, units]).sort()).toEqual([
    [1, 10_000],
    [2, 10_000],
    [3, 5_000],
  ])
  const figures = figuresOf(stack, id)
  expect(figures.map(({ service, calls }) => [service, calls])).toEqual(Array(3).fill(['batch-shard', 0]))
  expect(figures.reduce((sum, { cost }) => sum + cost, 0)).toBe(6250)
})

test('a cancelled batch -> ends, what it charged is what its result holds, and nothing more comes', async () => {
  const started = await startBatch(stack, key, many(60_000), { model: 'add', format: 'csv' })
  const { id } = started.body
  const cancelled = await stack.send('POST', `/v1/batches/${id}/cancel`, { key })
  expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  const batch = await endOfBatch(stack, key, id)
  const { rowsSucceeded } = batch.progress
  expect(rowsSucceeded).toBeLessThan(60_000)
  expect(batch.units).toBe(rowsSucceeded)
  const charged = await rowsOf(started.headers.get('percall-request-id') ?? '')
  expect(charged.reduce((sum, { units }) => sum + units, 0)).toBe(rowsSucceeded)
  if (rowsSucceeded > 0) expect((await fileOf(id)).trim().split('\n')).toHaveLength(rowsSucceeded + 1)
  expect((await stack.send('POST', `/v1/batches/${id}/cancel`, { key })).status).toBe(200)
})

test("an owner's batch -> free, and in the owner's list", async () => {
  const batch = await runBatch(stack, stack.ownerKey, csv, { model: 'price', format: 'csv' })
  expect(batch).toMatchObject({ state: 'succeeded', cost: '0' })
  const { body } = await stack.send('GET', '/v1/batches?limit=1')
  expect(body.batches).toMatchObject([{ id: batch.id, state: 'succeeded' }])
})

test('percall batch --wait with a consumer key -> the result on stdout, progress and cost on stderr', async () => {
  const file = join(folder, 'cli.csv')
  writeFileSync(file, 'x\n1\n2\n')
  const args = [
    'cli/main.ts',
    '--url',
    stack.running.url,
    '--key',
    key,
    'batch',
    'add',
    file,
    '--wait',
    '--max-cost',
    '1',
  ]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
  expect(stdout).toBe('x,prediction\n1,11\n2,12\n')
  expect(stderr).toMatch(/2 of 2 rows, 0 failed/)
  expect(stderr).toMatch(/units 2, cost 0\.5/)
  const missing = ['cli/main.ts', '--url', stack.running.url, '--key', key, 'batch', 'add', join(folder, 'none.csv')]
  const refused = promisify(execFile)(process.execPath, missing)
  await expect(refused).rejects.toMatchObject({ stderr: expect.stringMatching(/ENOENT[\s\S]*fault: yours/) })
})
