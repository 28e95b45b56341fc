/** What the command line tells of a change that is right and may not be what was meant. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const json = { 'content-type': 'application/json' }

/** What it says on stderr, and ends with, where the service gives these answers. */
const said = async (words: readonly string[], ...bodies: readonly object[]): Promise<string> => {
  const service = await startService(bodies.map((body) => ({ status: 200, headers: json, body: JSON.stringify(body) })))
  onTestFinished(service.close)
  const place = ['--url', service.url, '--key', 'pc_live_test']
  const ran = await runHere([...words, ...place], { cwd: tmpdir(), env: { HOME: join(tmpdir(), 'percall-nobody') } })
  return `${ran.code} ${ran.stderr.trim()}`
}

test.for([
  ['token', '0', /^0 warning: only texts of embeddings .* all other calls of m are free/],
  ['explained_row', '0', /^0 warning: only explanations have .* all other calls of m are free/],
  ['token', '0.5', /^0 $/],
  ['row', '0', /^0 $/],
] as const)('a price per %s with a minimum of %s -> what it leaves free is told', async ([unit, minimum, told]) => {
  const price = { id: 'p1', unit, amount: '0.01', minimumPerCall: minimum, currency: 'USD', from: null }
  expect(await said(['price', 'm', '0.01', '--per', unit, '--minimum', minimum], price)).toMatch(told)
})

test.for([
  ['postpaid', /^0 warning: acme is postpaid and pays by invoice/],
  ['prepaid', /^0 $/],
] as const)('credit for a %s consumer -> given, and told where it is not used', async ([plan, told]) => {
  const credit = { id: 'c1', amount: '5', memo: '', actor: 'k', createdAt: '2026-01-01T00:00:00.000Z' }
  const consumer = { id: 'acme', plan, grants: [], createdAt: credit.createdAt }
  expect(await said(['credit', 'give', 'acme', '5'], consumer, credit)).toMatch(told)
})

test.for([
  [[], /repeated with its id it is given once: percall (.*)credit give acme 5 --memo 'invoice 7' --id [0-9a-z]{20}$/],
  [['--id', 'c1'], /: percall (.*)credit give acme 5 --memo 'invoice 7' --id c1$/],
] as const)('credit %j whose answer is lost -> how to repeat it, under the id that was sent', async ([more, told]) => {
  const consumer = { id: 'acme', plan: 'prepaid', grants: [], createdAt: '2026-01-01T00:00:00.000Z' }
  const lost = { code: 'OUTCOME_UNKNOWN', error: 'credit c: it may be given', hint: 'h', requestId: 'r' }
  const service = await startService([
    { status: 200, headers: json, body: JSON.stringify(consumer) },
    { status: 503, headers: { ...json, 'x-should-retry': 'false' }, body: JSON.stringify(lost) },
  ])
  onTestFinished(service.close)
  const env = { HOME: join(tmpdir(), 'percall-nobody'), PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const words = ['credit', 'give', 'acme', '5', '--memo', 'invoice 7', ...more]
  const { code, stderr } = await runHere(words, { cwd: tmpdir(), env })
  expect(code).toBe(6)
  const next = stderr.split('\n').find((line) => line.startsWith('  next: ')) ?? ''
  expect(next).toMatch(told)
  const sent = JSON.parse(String(service.seen.at(-1)?.body))
  expect(sent).toEqual({ id: /--id (\S+)$/.exec(next)?.[1], amount: '5', memo: 'invoice 7' })
})
