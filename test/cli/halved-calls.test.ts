/** Explanations that take too long: smaller calls, each with the idempotency key of the rows that it sends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-halved-'))
afterAll(() => rmSync(folder, { recursive: true }))

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)
writeFileSync(join(folder, 'few.csv'), `x\n${numbers(0, 250).join('\n')}\n`)

const explained = (from: number, to: number): Reply => {
  const common = { method: 'linear', output: 'value', columns: 'column', language: 'en', modelRows: to - from }
  const explanations = numbers(from, to).map((x) => ({
    ...{ baseValue: 0, prediction: x, answer: x, additivityError: 0, sentence: `It is ${x}.` },
    contributions: [{ name: 'x', value: x, contribution: x }],
  }))
  const facts = { 'percall-version': 'm/3', 'percall-units': String(to - from), 'percall-cost': '0.25' }
  const body = JSON.stringify({ ...common, background: { kind: 'version', rows: 5 }, explanations })
  return { status: 200, headers: { 'content-type': 'application/json', ...facts }, body }
}
const refusedBy = (status: number, code: string, error: string) => ({
  ...{ status, headers: { 'content-type': 'application/problem+json' } },
  body: JSON.stringify({ code, error, hint: 'ask for credit' }),
})
const refused = refusedBy(402, 'PAYMENT_REQUIRED', 'balance: expected 0.1, got 0')
const tooLong = refusedBy(504, 'INFERENCE_TIMEOUT', 'it took over 20 s')

const run = async (words: readonly string[], replies: readonly Reply[]) => {
  const service = await startService(replies)
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const ran = await runHere(words, { cwd: folder, env })
  const sent = service.seen.map(({ url, body }) => [url, JSON.parse(body).instances] as const)
  return { ...ran, sent, keys: service.seen.map(({ headers }) => headers['idempotency-key']) }
}
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

test('explanations that take too long -> calls of half as many rows from there on, and told', async () => {
  const replies = [tooLong, tooLong, explained(0, 25), tooLong, explained(25, 38), explained(38, 51), refused]
  const { code, stderr, sent } = await run(['explain', 'm', 'few.csv', '--out', 'halved.json'], replies)
  expect(code).toBe(7)
  expect(sent.map(([url, rows]) => [url, rows.length])).toEqual([
    ...[100, 50, 25].map((count) => ['/v1/models/m:explain?unknown=refuse', count]),
    ...[25, 13, 13, 13].map((count) => ['/v1/models/m%403:explain?unknown=refuse', count]),
  ])
  expect(stderr).toContain('a call of 100 rows took too long, which is free: going on with 50 a call\n')
  expect(JSON.parse(read('halved.json'))).toMatchObject({ calls: 3, explanations: { length: 51 } })
  // The rest goes in calls of the same rows, which have the same idempotency keys.
  expect(stderr).toContain('the call with rows 52 to 64 of 250: balance')
  expect(stderr).toMatch(
    /go on with: percall explain m@3 few\.csv --out ANOTHER --method linear --rows-per-call 13 --skip 51\n/,
  )
})

test('a call of one row that takes too long -> refused', async () => {
  const { code, stderr, sent } = await run(['explain', 'm', 'few.csv', '--rows-per-call', '2'], [tooLong])
  expect({ code, sizes: sent.map(([, rows]) => rows.length) }).toEqual({ code: 1, sizes: [2, 1] })
  expect(stderr).toContain('error: it took over 20 s\n')
})

test('a halved call whose end is not known -> the command to go on asks for the same rows by the same key', async () => {
  const lost = refusedBy(500, 'INTERNAL', 'it met a fault')
  const words = ['explain', 'm', 'few.csv', '--out', 'lost.json', '--idempotency-key', 'k']
  const first = await run(words, [tooLong, explained(0, 50), { ...lost, headers: { 'x-should-retry': 'false' } }])
  const [, line = ''] = /go on with: percall (.*)\n/.exec(first.stderr) ?? []
  expect(line).toContain('--rows-per-call 50 --idempotency-key k --skip 50')
  const second = await run(line.replace('ANOTHER', 'rest.json').split(' '), [explained(50, 100), refused])
  expect(second.keys[0]).toBe(first.keys[2])
  expect(second.sent[0]![1]).toHaveLength(50)
})
