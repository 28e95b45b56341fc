/** The commands of calls, batches and statistics as people type them, on the running product. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, pushVersion, registerVersion } from '../../client/percall.ts'
import { awayFromMonthEnd } from '../calendar.ts'
import { textManifest, textModel } from '../fixtures/text-model.ts'
import { consumerKey } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { registered } from '../journey/registered.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-calls-'))
let stack: Stack
let key = ''

const run = (words: readonly string[], secret = key) =>
  runHere(words, { cwd: folder, env: { HOME: folder, PERCALL_URL: stack.running.url, PERCALL_KEY: secret } })

const json = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await run([...words, '--json'])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

beforeAll(async () => {
  await awayFromMonthEnd()
  stack = await startStack()
  const owner = createClient({ url: stack.running.url, key: stack.ownerKey })
  const { id } = await registerVersion(owner, 'texts', textModel(), { manifest: textManifest })
  await pushVersion(owner, 'add', addModel(1))
  key = await consumerKey(stack, 'acme', ['*'])
  await registered(owner, id)
  writeFileSync(join(folder, 'rows.csv'), 'id,x\na,1\nb,2.5\n')
  writeFileSync(join(folder, 'bad.csv'), 'x\n1\nmany\n')
  writeFileSync(join(folder, 'rows.json'), '[{"x":1},{"x":2.5}]')
  writeFileSync(join(folder, 'object.json'), '{"x":1}')
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

test('rows of a JSON file -> a prediction a line; in a file where --out names one', async () => {
  expect((await run(['predict', 'add', 'rows.json'])).stdout).toBe('[2]\n[3.5]\n')
  expect(await run(['predict', 'add', 'rows.csv', '--ignore-unknown', '--out', 'out.csv'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'warning: unknown column id ignored\nadd/1: calls 1, units 1, cost 0\n',
  })
  expect(read('out.csv')).toBe('id,x,prediction\na,1,2\nb,2.5,3.5\n')
})

test('a call that is answered later -> its id, then its answer, and in the list', async () => {
  const { stdout } = await run(['predict', 'add', 'rows.csv', '--ignore-unknown', '--async'])
  const id = stdout.trim()
  expect(await run(['call', id, '--wait'])).toMatchObject({ code: 0, stdout: 'id,x,prediction\na,1,2\nb,2.5,3.5\n' })
  expect(await json('call', id)).toMatchObject({ id, state: 'succeeded', model: 'add' })
  expect((await json('calls')).calls[0].id).toBe(id)
  expect(await run(['cancel', id, '--call', '--yes'])).toMatchObject({
    code: 5,
    stdout: '',
    stderr: expect.stringContaining('percall call ID shows how it ended'),
  })
  expect((await run(['call', 'nope'])).code).toBe(4)
})

test('rows of a JSON file later -> the file of --out', async () => {
  expect((await run(['predict', 'add', 'rows.json', '--async', '--out', 'later.txt'])).code).toBe(0)
  expect(read('later.txt')).toBe('[2]\n[3.5]\n')
})

test('a batch with a bad row -> its result, what failed, and the batch in the list', async () => {
  const { code, stdout, stderr } = await run(['batch', 'add', 'bad.csv', '--wait'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'x,prediction\n1,2\nmany,\n' })
  expect(stderr).toMatch(/^row 2: \w+: .*many/m)
  const [{ id, state }] = (await json('batches')).batches
  expect(state).toBe('succeeded')
  expect(await json('batches', id, '--errors')).toMatchObject({ errors: [{ row: 2 }] })
  expect((await run(['batches', id])).stdout).toMatch(/^add\/1 succeeded: 2 of 2 rows, 1 failed/)
  expect((await run(['cancel', id, '--batch', '--yes'])).code).toBe(5)
  expect((await run(['batch', 'add', 'rows.csv', '--ignore-unknown', '--out', 'batch.csv'])).code).toBe(0)
  expect(read('batch.csv')).toBe('id,x,prediction\na,1,2\nb,2.5,3.5\n')
})

test('texts -> a vector a line', async () => {
  const { stdout } = await run(['embed', 'texts', 'cheap', 'Serverless inference is cheap.'])
  const lines = stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).length)).toEqual([8, 8])
  expect(await json('embed', 'texts', 'cheap')).toMatchObject({ tokens: 3, version: 'texts/1' })
})

test('statistics -> all calls for the owner, own ones for a consumer', async () => {
  const own = await json('stats', 'add')
  expect(own.model_stats[0].execution_count).toBeGreaterThan(0)
  const { count } = own.model_stats[0].inference_stats.fail
  const shown = new RegExp(`^version +answered +failed +rows +mean ms +last call\\nadd/1 +\\d+ +${count} `)
  expect((await run(['stats', 'add'])).stdout).toMatch(shown)
  const owners = await run(['stats', 'add', '--window', '1h'], stack.ownerKey)
  expect(owners.stdout).toMatch(/^version +answered +failed .*p95 ms.*\nadd\/1 .*\ntotal .*\nfailed with [A-Z_]+: \d/)
  expect((await run(['stats', 'add', '--window', 'week'], stack.ownerKey)).code).toBe(1)
})

test('usage -> a table and the calls of each day as bars, of all, as CSV; reconciled -> no difference', async () => {
  expect((await run(['usage'])).stdout).toMatch(
    /^model +calls +units +USD\nadd +\d+ .*\ntotal .*\ncalls by day, .*: ▇/s,
  )
  const all = await run(['usage', '--all', '--by', 'consumer', '--csv'], stack.ownerKey)
  expect(all.stdout).toMatch(/^consumer,calls,units,cost,currency\n\S+,\d+,\d+,[\d.]+,USD\n/)
  expect((await run(['usage', 'acme', '--all'], stack.ownerKey)).code).toBe(2)
  const reconciled = await run(['reconcile'], stack.ownerKey)
  expect(reconciled).toMatchObject({ code: 0, stdout: expect.stringMatching(/0 hours, 0 rows: 0 differences\n$/) })
})

test('registrations -> how each ended; to a consumer refused', async () => {
  const { stdout } = await run(['registrations'], stack.ownerKey)
  expect(stdout).toMatch(/texts +succeeded +texts\/1/)
  expect((await run(['registrations'])).code).toBe(3)
})

test.for([
  [['predict', 'add', 'object.json'], 'expected an array of rows'],
  [['predict', 'add', '--async', '--row', '{}'], 'expected a file beside it'],
  [['cancel', 'x', '--call', '--batch'], 'got both'],
  [['batches', '--errors'], 'expected the id of a batch'],
  [['batch', 'add', 'rows.xls'], 'expected a file that ends in'],
] as const)('%j -> exit code 2: %s', async ([words, said]) => {
  const { code, stdout, stderr } = await run(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(said)
})

test('invoices and adjustments -> a draft as a table and as a page; usage of all as CSV, and where it is sent', async () => {
  const owner = (...words: readonly string[]) => run(words, stack.ownerKey)
  const month = new Date().toISOString().slice(0, 'YYYY-MM'.length)
  const adjust = ['adjust', 'acme', '--memo', 'an outage', '--id', 'outage', '--', '-2.5']
  const made = await owner(...adjust)
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/-2\.5 +an outage/) })
  expect((await owner(...adjust)).stdout).toBe(made.stdout)
  expect((await owner('invoice', 'acme')).stdout).toMatch(new RegExp(`${month} +draft`))
  const shown = await owner('invoice', 'acme', month, '--html', 'invoice.html')
  expect(shown.stdout).toMatch(/^draft of acme for .*an outage .*-2\.5\n.*in the consumer's favour +2\.5\nwritten to /s)
  expect(read('invoice.html')).toMatch(/^<!doctype html>.*In your favour/s)
  expect((await json('invoice', month)).due).toBe('-2.5')
  expect(await owner('invoice', 'acme', '2020-01')).toMatchObject({
    ...{ code: 4, stderr: expect.stringMatching(/percall invoice CONSUMER lists the invoices/) },
  })
  expect(await owner('export', 'csv', '--detail', 'rows', '--out', 'usage.csv')).toMatchObject({ code: 0 })
  expect(read('usage.csv')).toMatch(/^hour,admitted,consumer,.*\r\n.*,acme,/s)
  expect((await owner('export', 'list')).stdout).toMatch(/events +yes .*stripe +no .*marketplace +no/s)
  const customer = await owner('export', 'customer', 'acme', '--stripe', 'cus_1')
  expect(customer.stdout).toMatch(/acme +cus_1 +-/)
  expect((await owner('export', 'customer', 'acme', '--stripe', '')).stdout).toMatch(/acme +- +-/)
})
