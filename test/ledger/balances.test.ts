import { afterEach, beforeEach, expect, test } from 'vitest'
import { allConsumers, changeConsumer, readConsumer } from '../../adapters/access/consumers.ts'
import { readBalance } from '../../adapters/ledger/balances.ts'
import { tellOfCap } from '../../adapters/ledger/cap-warnings.ts'
import { putCredit } from '../../adapters/ledger/credits.ts'
import { auditOfConsumer } from '../../src/access/audited.ts'
import { warnOfCaps } from '../../src/billing/cap-warning.ts'
import { changePlan } from '../../src/billing/change-plan.ts'
import { type Nano, toNano } from '../../src/billing/money.ts'
import { createWorld, type World } from './world.ts'

const startMs = Date.UTC(2026, 10, 10, 12)
const plan = { limited: false, fails: false, rows: 1 }

let world: World
let tables: ReturnType<World['tablesOf']>
beforeEach(async () => {
  const monthly = (amountNano: number) => [{ month: '2026-11', amountNano: amountNano as Nano }]
  world = createWorld({
    consumers: [
      { id: 'pre', plan: 'prepaid' },
      { id: 'cap', plan: 'postpaid-capped', caps: monthly(10) },
      { id: 'free', plan: 'prepaid', free: monthly(3) },
      { id: 'post', plan: 'postpaid' },
    ],
    credits: { pre: 1_000_000, free: 2 },
    limitNano: 4,
    startMs,
  })
  await world.begin(1)
  world.network.calm = true
  tables = world.tablesOf(world.newOwner())
})
afterEach(() => world.network.close())

const credit = (id: string, amountNano: number, consumerId = 'pre') =>
  putCredit(
    tables.ledger,
    'registry',
  )({
    id,
    consumerId,
    amountNano: toNano(amountNano),
    memo: 'm',
    actor: 'o',
    createdAtMs: startMs,
  })

/** Rows of the audit whose action is this. */
const audited = (name: string) =>
  [...(world.network.items.registry.get('AUDIT')?.values() ?? [])].filter(({ action }) => action === name)

/** Items that calls write, one list a call. */
const writesOf = async (consumerId: string, calls: number): Promise<string[][]> => {
  const environment = world.environment(0)
  const lists: string[][] = []
  for (let i = 0; i < calls; i++) {
    const list: string[] = []
    world.network.onWrite = (keys) => void list.push(...keys.map(({ key }) => String(key.pk).slice(0, 2)))
    await environment.serveNow({ ...plan, consumerId })
    lists.push(list)
  }
  return lists
}

test('a warm capped call with a lease in hand -> one put; leases double under steady traffic', async () => {
  const lists = await writesOf('pre', 40)
  const opened = lists.flatMap((list, i) => (list.length > 1 ? [i] : []))
  expect(opened).toEqual([0, 1, 3, 7, 15, 31])
  expect(lists.filter((list) => list.length === 1)).toEqual(Array(34).fill(['C#']))
})

test('a consumer without a cap -> no balance is ever written', async () => {
  expect((await writesOf('post', 20)).flat()).not.toContain('B#')
})

test('a credit twice -> given once; its id with another amount -> CONFLICT; more than the ledger counts -> CREDIT_TOO_LARGE', async () => {
  expect(await credit('c', 5)).toMatchObject({ isNew: true })
  expect(await credit('c', 5)).toMatchObject({ isNew: false, credit: { amountNano: 5 } })
  await expect(credit('c', 6)).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(credit('d', Number.MAX_SAFE_INTEGER - 1_000_004)).rejects.toMatchObject({ code: 'CREDIT_TOO_LARGE' })
  expect(await readBalance(tables.ledger)('pre')).toMatchObject({ totalNano: 1_000_005, availableNano: 1_000_005 })
  expect(audited('credit.give').filter(({ of }) => of === 'credit/pre/c')).toMatchObject([
    { actor: 'o', from: null, to: { amount: '0.000000005', memo: 'm' }, atMs: startMs },
  ])
  expect(audited('credit.give')).toHaveLength(3)
})

test('a cap below what is spent -> CAP_BELOW_SPENT and nothing moves; of what is spent -> it holds at once', async () => {
  const environment = world.environment(0)
  for (let i = 0; i < 6; i++) await environment.serveNow({ ...plan, consumerId: 'cap' })
  environment.end()
  await Promise.all(world.tails.map(({ tail }) => tail))
  const recap = async (amountNano: number) => {
    const consumer = (await readConsumer(tables.registry)('cap'))!
    const { after, months } = changePlan(consumer, { capNano: toNano(amountNano) }, '2026-11')
    const change = { actor: 'o', action: 'consumer.change', before: consumer, after, atMs: startMs }
    return await changeConsumer(tables.registry, 'ledger')({ before: consumer, after, months }, auditOfConsumer(change))
  }
  await expect(recap(5)).rejects.toMatchObject({ code: 'CAP_BELOW_SPENT' })
  expect(await readBalance(tables.ledger)('cap/2026-11')).toMatchObject({
    totalNano: 10,
    availableNano: 4,
    spentNano: 6,
  })
  const changes = audited('consumer.change').length
  expect(await recap(6)).toBe(true)
  expect(audited('consumer.change')).toHaveLength(changes + 1)
  expect(audited('consumer.change').at(-1)).toMatchObject({
    from: { capPerMonth: [{ amount: '0.00000001' }] },
    to: { capPerMonth: [{ amount: '0.000000006' }] },
  })
  expect(await world.environment(0).serveNow({ ...plan, consumerId: 'cap' })).toMatchObject({
    code: 'PAYMENT_REQUIRED',
  })
  expect(await recap(7)).toBe(true)
  expect(await world.environment(0).serveNow({ ...plan, consumerId: 'cap' })).toMatchObject({ costNano: 1 })
})

test('what is free in a month -> used before the balance, which pays the rest; a limited key and one that it made -> its limit together, then 402', async () => {
  const codes = async (consumerId: string, calls: number, limited = false) => {
    const environment = world.environment(0)
    const told = []
    for (let i = 0; i < calls; i++)
      told.push((await environment.serveNow({ ...plan, consumerId, limited })).code ?? 'paid')
    environment.end()
    await Promise.all(world.tails.map(({ tail }) => tail))
    return told
  }
  expect(await codes('free', 6)).toEqual([...Array(5).fill('paid'), 'PAYMENT_REQUIRED'])
  expect(await readBalance(tables.ledger)('free/2026-11/free')).toMatchObject({ spentNano: 3, availableNano: 0 })
  expect(await readBalance(tables.ledger)('free')).toMatchObject({ spentNano: 2, availableNano: 0 })
  for (const consumerId of ['pre', 'post'])
    expect(await codes(consumerId, 5, true)).toEqual([...Array(4).fill('paid'), 'PAYMENT_REQUIRED'])
  expect(await codes('pre', 1)).toEqual(['paid'])
  expect(world.world.faults).toEqual([])
})

test('shares of a cap that are spent -> an event each, once, the largest where several were passed; a bus that refuses -> again with the next look', async () => {
  const events: unknown[] = []
  let refusals = 0
  // As EventBridge answers.
  const bus = async (_: 'PutEvents', { Entries }: { Entries: { Detail: string }[] }) => {
    if (refusals-- > 0) return { FailedEntryCount: 1 }
    for (const { Detail } of Entries) events.push(JSON.parse(Detail))
    return { FailedEntryCount: 0 }
  }
  const warn = warnOfCaps({
    consumers: allConsumers(tables.registry),
    readBalance: readBalance(tables.ledger),
    tell: tellOfCap(tables.ledger, bus as Parameters<typeof tellOfCap>[1], '/percall/ledger', 'USD', () => startMs),
  })
  const spend = async (calls: number) => {
    const environment = world.environment(0)
    for (let i = 0; i < calls; i++) await environment.serveNow({ ...plan, consumerId: 'cap' })
    environment.end()
    await Promise.all(world.tails.map(({ tail }) => tail))
    return await warn(['2026-11', '2026-10'])
  }
  expect(await spend(4)).toBe(0)
  refusals = 1
  await expect(spend(1)).rejects.toThrow(/PutEvents/)
  expect(await warn(['2026-11'])).toBe(1)
  expect(await warn(['2026-11'])).toBe(0)
  expect(await spend(5)).toBe(1)
  expect(await spend(1)).toBe(0)
  const data = { consumer: 'cap', month: '2026-11', cap: '0.00000001', currency: 'USD' }
  expect(events).toMatchObject([
    { id: 'cap/2026-11/50', type: 'percall.cap.share', data: { ...data, share: '50%', spent: '0.000000005' } },
    { id: 'cap/2026-11/100', data: { ...data, share: '100%', spent: '0.00000001' } },
  ])
})
