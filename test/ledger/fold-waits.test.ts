/** Hours that calls which are answered later hold up. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { foldPorts } from '../../adapters/ledger/fold-ports.ts'
import { listRecords } from '../../adapters/ledger/totals.ts'
import type { Nano } from '../../src/billing/money.ts'
import { createFold } from '../../src/ledger/fold.ts'
import { foldPlace, macOf } from './folding.ts'
import { hours } from './invariants.ts'
import { foldAll, reconcileAll, totalFault } from './reconciling.ts'
import { createWorld, type World } from './world.ts'

const startMs = Date.UTC(2026, 10, 10, 12)
const hourMs = 3_600_000
const plan = { limited: false, fails: false, rows: 2 }
const everything = { fromMs: 0, toMs: Date.UTC(9999, 0) }

let world: World
let tables: ReturnType<World['tablesOf']>

beforeEach(async () => {
  world = createWorld({
    consumers: [
      { id: 'pre', plan: 'prepaid' },
      { id: 'post', plan: 'postpaid' },
      { id: 'cap', plan: 'postpaid-capped', caps: [{ month: '2026-11', amountNano: 99 as Nano }] },
    ],
    credits: { pre: 1_000_000 },
    limitNano: 4,
    startMs,
  })
  await world.begin(3)
  Object.assign(world.network, { calm: true, onWrite: () => undefined })
  tables = world.tablesOf(world.newOwner())
})
afterEach(() => world.network.close())

test('an hour whose call that is answered later is not done -> it waits, without totals, and holds up no other', async () => {
  const before = world.environment(0)
  await before.serveNow({ ...plan, consumerId: 'post' })
  before.end()
  await Promise.all(world.tails.map(({ tail }) => tail))
  world.world.nowMs += hourMs
  const environment = world.environment(0)
  environment.accept({ ...plan, consumerId: 'post' }, 0)
  environment.end()
  await Promise.all(world.tails.map(({ tail }) => tail))
  world.world.nowMs += hourMs + 5 * 60_000
  expect(await foldAll(world)).toBe(1)
  expect(await listRecords(tables.ledger)(everything)).toHaveLength(1)
  // Past its deadline the fold itself closes it.
  world.world.nowMs += hourMs
  expect(await foldAll(world)).toBe(0)
  expect(await listRecords(tables.ledger)(everything)).toHaveLength(2)
  expect(await reconcileAll(world)).toEqual([])
})

test.for([
  { waiting: ['post'], kept: ['cap', 'pre'] },
  { waiting: ['pre'], kept: ['cap', 'post'] },
  { waiting: ['pre', 'post'], kept: ['cap'] },
])(
  '$waiting wait for calls that are answered later -> the sums of $kept, over ticks with time for a row each, meanwhile',
  async (one) => {
    const environment = world.environment(0)
    for (const consumerId of ['pre', 'post', 'cap', 'pre', 'post', 'cap'])
      await environment.serveNow({ ...plan, consumerId })
    for (const consumerId of one.waiting) environment.accept({ ...plan, consumerId }, 0)
    environment.end()
    await Promise.all(world.tails.map(({ tail }) => tail))
    world.world.nowMs += hourMs + 5 * 60_000
    const fold = createFold(foldPorts({ ...foldPlace(world, tables), mostSlots: 1, mostRows: 1 }, macOf))
    let writes = 0
    world.network.onWrite = () => {
      writes += 1
    }
    const tick = async () => {
      let looks = 0
      writes = 0
      expect(await fold(world.world.nowMs, () => ++looks <= 5)).toEqual({ folded: 0, waiting: 1 })
    }
    const { label } = hours(startMs)
    const keptNow = () =>
      [...(world.network.items.ledger.get(`D#${label}`)?.keys() ?? [])].map((sk) => sk.split('#')[0]).sort()
    for (let ticks = 0; ticks < 20; ticks++) await tick()
    expect(keptNow()).toEqual(one.kept)
    // Nothing but the wait is left: the hour is not marked and listed again.
    expect(writes).toBe(0)
    world.world.nowMs += hourMs
    expect(await foldAll(world)).toBe(0)
    expect(keptNow()).toEqual(['cap', 'post', 'pre'])
    expect(await totalFault(world)).toBeUndefined()
    expect(await reconcileAll(world)).toEqual([])
  },
)
