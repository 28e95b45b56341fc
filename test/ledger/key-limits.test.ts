import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBalance, settleLease } from '../../adapters/ledger/balances.ts'
import { listKeySpendings } from '../../adapters/ledger/key-spending.ts'
import { indexKey } from '../../adapters/ledger/ledger-keys.ts'
import type { Nano } from '../../src/billing/money.ts'
import { type Payer, payer } from '../../src/billing/plan.ts'
import type { Lease } from '../../src/ledger/lease.ts'
import { limitedKey } from './core.ts'
import { hours } from './invariants.ts'
import { foldAll, reconcileAll } from './reconciling.ts'
import { createWorld, type World } from './world.ts'

const startMs = Date.UTC(2026, 10, 10, 12)
const month = '2026-11'
/** Longer than what a function keeps of a consumer. */
const keptMs = 31_000

let world: World
let tables: ReturnType<World['tablesOf']>
beforeEach(async () => {
  world = createWorld({
    consumers: [
      { id: 'pre', plan: 'prepaid' },
      { id: 'free', plan: 'prepaid', free: [{ month, amountNano: 3 as Nano }] },
      { id: 'post', plan: 'postpaid' },
    ],
    credits: { pre: 1_000_000, free: 1_000_000 },
    limitNano: 4,
    startMs,
  })
  await world.begin(1)
  world.network.calm = true
  tables = world.tablesOf(world.newOwner())
})
afterEach(() => {
  expect(world.world.faults).toEqual([])
  world.network.close()
})

const ended = () => Promise.all(world.tails.map(({ tail }) => tail))

/** What came of calls of one row, of one environment that then ends. */
const codes = async (consumerId: string, calls: number, limited = true): Promise<string[]> => {
  const environment = world.environment(0)
  const told: string[] = []
  for (let i = 0; i < calls; i++)
    told.push((await environment.serveNow({ consumerId, limited, rows: 1, fails: false })).code ?? 'paid')
  environment.end()
  await ended()
  return told
}

const replan = async (...change: Parameters<World['replan']>): Promise<void> => {
  world.replan(...change)
  await ended()
}

const paid = (calls: number): string[] => Array(calls).fill('paid')

test('a limited key of a consumer with a free allowance and credit -> its limit over both, then 402', async () => {
  expect(await codes('free', 6)).toEqual([...paid(4), ...Array(2).fill('PAYMENT_REQUIRED')])
  expect(await readBalance(tables.ledger)(`free/${month}/free`)).toMatchObject({ spentNano: 3 })
  expect(await readBalance(tables.ledger)('free')).toMatchObject({ spentNano: 1 })
  expect(await codes('free', 2, false)).toEqual(paid(2))
})

test('a limited key under changes of the plan -> its limit over all plans, and again in the next month', async () => {
  expect(await codes('post', 2)).toEqual(paid(2))
  await replan('post', 'postpaid-capped', 100)
  expect(await codes('post', 1)).toEqual(paid(1))
  await replan('post', 'prepaid', 0)
  world.credit('post', 100, 1)
  await ended()
  expect(await codes('post', 3)).toEqual(['paid', 'PAYMENT_REQUIRED', 'PAYMENT_REQUIRED'])
  await replan('post', 'postpaid', 0)
  expect(await codes('post', 1)).toEqual(['PAYMENT_REQUIRED'])
  expect(await listKeySpendings(tables.ledger)('post', month)).toEqual([
    { kind: 'key spending', consumerId: 'post', keyId: limitedKey('post'), month, usedNano: 4, leases: 0, taken: 4 },
  ])
  world.world.nowMs = Date.UTC(2026, 11, 1, 1)
  expect(await codes('post', 5)).toEqual([...paid(4), 'PAYMENT_REQUIRED'])
})

test('a plan that changed while a lease is in hand -> no call is paid by the old payer once the record is known', async () => {
  const environment = world.environment(0)
  const call = async () =>
    (await environment.serveNow({ consumerId: 'post', limited: false, rows: 1, fails: false })).code ?? 'paid'
  await replan('post', 'postpaid-capped', 1_000)
  for (let i = 0; i < 8; i++) expect(await call()).toBe('paid')
  await replan('post', 'prepaid', 0)
  expect(await call()).toBe('paid')
  world.world.nowMs += keptMs
  expect(await call()).toBe('PAYMENT_REQUIRED')
  expect(await readBalance(tables.ledger)(`post/${month}`)).toMatchObject({ spentNano: 9, leases: 0 })
})

test('a record that is older than the lease -> the lease is kept', async () => {
  await replan('post', 'postpaid-capped', 0)
  const environment = world.environment(0)
  const call = () => environment.serveNow({ consumerId: 'post', limited: false, rows: 1, fails: false })
  // It knows the cap of 0 for 30 s; the lease is opened by the record as it is.
  expect((await call()).code).toBe('PAYMENT_REQUIRED')
  await replan('post', 'prepaid', 0)
  world.credit('post', 1_000_000, 1)
  await ended()
  for (let i = 0; i < 16; i++) expect((await call()).code).toBeUndefined()
  expect((await readBalance(tables.ledger)('post'))?.taken).toBe(5)
})

/** As an older release left them: what keys used lies in the item of the payer. */
const putBalance = (of: Payer, amounts: Record<string, number>): void => {
  const { id, kind, consumerId } = of
  const Item = { pk: `B#${id}`, sk: '-', schema: 1, kind: 'balance', id, consumerId, payer: kind, ...amounts }
  world.network.onWrite = () => undefined
  world.network.run('PutItem', { TableName: 'ledger', Item })
}

test('amounts of an older release in items of payers -> they count until their month ends; its open lease gives back there', async () => {
  const keyId = limitedKey('post')
  const of = payer('unlimited', 'post', month)
  const used = `used ${keyId}/${month}`
  putBalance(of, { leasedNano: 2, leases: 1, taken: 2, spentNano: 1, [used]: 3 })
  const { label: hour } = hours(startMs)
  const lease: Lease = { payer: of, sizeNano: 2 as Nano, keyId, expiresAtMs: startMs + 60_000, state: 'open' }
  const opening = { schema: 1, kind: 'environment', consumerId: 'post', chain: 'old', hour, lease }
  const Item = { ...indexKey({ hour, consumerId: 'post', id: 'old' }), ...opening }
  world.network.run('PutItem', { TableName: 'ledger', Item })
  await replan('post', 'prepaid', 0)
  world.credit('post', 100, 1)
  await ended()
  expect(await codes('post', 2)).toEqual(['paid', 'PAYMENT_REQUIRED'])
  const chain = { id: 'old', consumerId: 'post', hour }
  expect(await settleLease(tables.ledger)(chain, lease, { sumNano: 1 as Nano, count: 1 })).toBe(true)
  expect((await readBalance(tables.ledger)(of.id))?.used).toEqual({ [`${keyId}/${month}`]: 2 })
  expect(await codes('post', 2)).toEqual(['paid', 'PAYMENT_REQUIRED'])
  world.world.nowMs = Date.UTC(2026, 11, 1, 1)
  expect(await codes('post', 5)).toEqual([...paid(4), 'PAYMENT_REQUIRED'])
})

test('600 names of keys of an older release, months ago -> calls are paid, and each lease takes some away', async () => {
  const names = Array.from({ length: 600 }, (_, i) => [`used key${String(i).padStart(12, '0')}/2026-09`, 1] as const)
  const amounts = { totalNano: 1_000_000, availableNano: 1_000_000, leasedNano: 0, leases: 0, spentNano: 0 }
  putBalance(payer('prepaid', 'pre', month), { ...amounts, ...Object.fromEntries(names) })
  const left = async () => Object.keys((await readBalance(tables.ledger)('pre'))!.used).length
  expect(await codes('pre', 1, false)).toEqual(['paid'])
  expect(await left()).toBe(500)
  for (let i = 0; i < 5; i++) expect(await codes('pre', 1)).toEqual([i < 4 ? 'paid' : 'PAYMENT_REQUIRED'])
  expect(await codes('pre', 1, false)).toEqual(['paid'])
  expect(await left()).toBe(0)
})

test.for([
  ['of an hour that is open', 0],
  ['of an hour that is folded', 10 * 3_600_000],
] as const)('what a key spent, %s, is altered -> reconciliation says so', async ([, laterMs]) => {
  await codes('free', 4)
  await codes('post', 2)
  world.world.nowMs += laterMs
  if (laterMs > 0) expect(await foldAll(world)).toBe(0)
  expect(await reconcileAll(world)).toEqual([])
  world.network.onWrite = () => undefined
  const [item] = [...world.network.items.ledger.get(`L#free/${month}`)!.values()]
  world.network.run('PutItem', { TableName: 'ledger', Item: { ...item, usedNano: 1, leases: 1 } })
  const limit = `limit of key ${limitedKey('free')} in ${month}`
  expect(await reconcileAll(world)).toMatchObject([
    {
      kind: 'balance differs',
      consumer: 'free',
      text: `${limit}: leases of all payers: expected 0.000000004, got 0.000000001`,
    },
    { kind: 'balance differs', consumer: 'free', text: `${limit}: open leases: expected 0 of them, got 1` },
  ])
})
