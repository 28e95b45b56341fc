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
