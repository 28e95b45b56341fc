/** Credits whose transaction has no answer, over the local tables. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBalance } from '../../../adapters/ledger/balances.ts'
import { listCredits, putCredit } from '../../../adapters/ledger/credits.ts'
import type { Credit } from '../../../src/billing/credit.ts'
import { toNano } from '../../../src/billing/money.ts'
import { type Fate, startProxy } from '../fault-proxy.ts'
import { startLedger } from '../folded-month.ts'

let tables: Awaited<ReturnType<typeof startLedger>>
let proxy: Awaited<ReturnType<typeof startProxy>>
beforeAll(async () => {
  tables = await startLedger()
  proxy = await startProxy(tables.url)
})
afterAll(async () => {
  proxy.close()
  await tables.close()
})

const mostAttempts = 3
const credentials = { accessKeyId: 'OWNER', secretAccessKey: 'owner-secret' }
const behindProxy = () => {
  const client = new DynamoDBClient({
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: mostAttempts,
  })
  return { ...tables.ledger, documents: DynamoDBDocumentClient.from(client) }
}

const creditOf = (consumerId: string, more: Partial<Credit> = {}): Credit => ({
  ...{ id: 'c1', consumerId, amountNano: toNano(25), memo: 'invoice 7', actor: 'owner', createdAtMs: 1 },
  ...more,
})
const totalOf = async (consumerId: string) => (await readBalance(tables.ledger)(consumerId))?.totalNano

test.for([
  { given: 'landed', fate: 'drop the answer', total: 25 },
  { given: 'did not land', fate: 'drop the request', total: undefined },
] as const)('a transaction without an answer that $given -> unknown, with its id; again -> given once', async (row) => {
  const [consumerId, fate]: [string, Fate] = [row.given.replaceAll(' ', '-'), row.fate]
  proxy.fates.push(...Array<Fate>(mostAttempts).fill(fate))
  const give = putCredit(behindProxy(), 'registry')
  await expect(give(creditOf(consumerId))).rejects.toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    message: expect.stringContaining('with the id c1'),
  })
  expect(await totalOf(consumerId)).toBe(row.total)
  expect((await give(creditOf(consumerId))).credit).toMatchObject(creditOf(consumerId))
  expect(await totalOf(consumerId)).toBe(25)
  expect((await listCredits(tables.ledger)(consumerId, { limit: 9 })).items).toMatchObject([creditOf(consumerId)])
})

test('one attempt without an answer, the next with one -> given, once', async () => {
  proxy.fates.push('drop the answer')
  await putCredit(behindProxy(), 'registry')(creditOf('answered'))
  expect(await totalOf('answered')).toBe(25)
})

test.for([
  { given: 'an id and another amount', keyed: false, more: { amountNano: toNano(26) }, code: 'CONFLICT' },
  { given: "a caller's key and another memo", keyed: true, more: { memo: 'x' }, code: 'IDEMPOTENCY_KEY_REUSED' },
])('$given -> $code, nothing given', async ({ given, keyed, more, code }) => {
  const [give, consumerId] = [putCredit(tables.ledger, 'registry'), given.replaceAll(/[ ']/g, '-')]
  await give(creditOf(consumerId), keyed)
  await expect(give(creditOf(consumerId, more), keyed)).rejects.toMatchObject({ code })
  expect(await totalOf(consumerId)).toBe(25)
})
