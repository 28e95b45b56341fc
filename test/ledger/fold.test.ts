import { afterEach, beforeEach, expect, test } from 'vitest'
import { foldPorts } from '../../adapters/ledger/fold-ports.ts'
import { readChain } from '../../adapters/ledger/ledger.ts'
import { listRecords } from '../../adapters/ledger/totals.ts'
import type { Nano } from '../../src/billing/money.ts'
import { createFold } from '../../src/ledger/fold.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import { foldPlace, foldPortsOf, macOf } from './folding.ts'
import { hours, ledgerOf } from './invariants.ts'
import { foldAll, reconcileAll, reconcileBy, reconcilePorts, totalFault } from './reconciling.ts'
import { createWorld, type World } from './world.ts'

const startMs = Date.UTC(2026, 10, 10, 12)
const hourMs = 3_600_000
const plan = { limited: false, fails: false, rows: 2 }
const everything = { fromMs: 0, toMs: Date.UTC(9999, 0) }

let world: World
let tables: ReturnType<World['tablesOf']>

/** Calls of two hours, sync and answered later, of consumers with and without leases. */
const callsOf = async (): Promise<void> => {
  for (const _ of [1, 2]) {
    const environment = world.environment(0)
    for (const consumerId of ['pre', 'post', 'post', 'pre']) await environment.serveNow({ ...plan, consumerId })
    for (const consumerId of ['pre', 'post']) environment.accept({ ...plan, consumerId }, 1)
    environment.end()
    for (const before of [1, 2, 3]) await Promise.all(world.tails.slice(-before).map(({ tail }) => tail))
    world.world.nowMs += hourMs
  }
  world.world.nowMs += 8 * hourMs
}

const setting: Parameters<typeof createWorld>[0] = {
  consumers: [
    { id: 'pre', plan: 'prepaid' },
    { id: 'post', plan: 'postpaid' },
    { id: 'cap', plan: 'postpaid-capped', caps: [{ month: '2026-11', amountNano: 9 as Nano }] },
  ],
  credits: { pre: 1_000_000 },
  limitNano: 4,
  startMs,
}

beforeEach(async () => {
  world = createWorld(setting)
  await world.begin(3)
  world.network.calm = true
  tables = world.tablesOf(world.newOwner())
  await callsOf()
  world.network.onWrite = () => undefined
})
afterEach(() => world.network.close())

/** Items of the ledger that folds write. */
const foldedItems = () =>
  JSON.stringify(
    [...world.network.items.ledger]
      .filter(([pk]) => /^(T|D|M)#|^FOLDED/.test(pk))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([pk, items]) => [pk, [...items].sort(([a], [b]) => (a < b ? -1 : 1))]),
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  )

const labels = [hours(startMs).label, hours(startMs + hourMs).label]

test('two hours folded -> totals are the sums of the rows, records are linked, reconciliation finds nothing', async () => {
  expect(await foldAll(world)).toBe(0)
  expect(await totalFault(world)).toBeUndefined()
  const records = await listRecords(tables.ledger)(everything)
  expect(records).toMatchObject([
    { hour: labels[0], number: 1, calls: 6, costNano: 36n },
    { hour: labels[1], number: 2, calls: 6, costNano: 36n, previous: records[0]!.hash },
  ])
  expect(await reconcileAll(world)).toEqual([])
})

test('folded twice -> no item changes; by two that race, each request interleaved -> the same items', async () => {
  const racing = async (): Promise<void> => {
    const folds = [1, 2].map(() => createFold(foldPortsOf(world, world.tablesOf(world.newOwner())))(world.world.nowMs))
    await Promise.all(folds)
  }
  await racing()
  const once = foldedItems()
  await racing()
  await foldAll(world)
  expect(foldedItems()).toBe(once)
  expect(await reconcileAll(world)).toEqual([])
  expect(await listRecords(tables.ledger)(everything)).toHaveLength(2)
})

/** Of the slots of a page, and the rows of a part. */
const placeOf = (most: number) => ({ ...foldPlace(world, tables), mostSlots: most, mostRows: most })

/** As a tick whose time is over behind so many parts: nothing of it but the tables is there for the next one. */
const shortTick = (most: number, parts: number) => {
  let looks = 0
  return createFold(foldPorts(placeOf(most), macOf))(world.world.nowMs, () => ++looks <= 1 + parts)
}

/** A world that has these items and this time, and nothing else. */
const worldOf = (items: readonly (readonly [table: string, item: Record<string, unknown>])[], nowMs: number): void => {
  world.network.close()
  world = createWorld(setting)
  Object.assign(world.network, { calm: true, onWrite: () => undefined })
  for (const [TableName, Item] of items) world.network.run('PutItem', { TableName, Item })
  world.world.nowMs = nowMs
  tables = world.tablesOf(world.newOwner())
}

test('ticks with time for one row each, alone or two at once that cut otherwise -> the items of one with time for all', async () => {
  const items = Object.entries(world.network.items).flatMap(([table, byPk]) =>
    [...byPk.values()].flatMap((own) => [...own.values()].map((item) => [table, item] as const)),
  )
  const { nowMs } = world.world
  await createFold(foldPorts(placeOf(1_000), macOf))(nowMs)
  const atOnce = foldedItems()
  expect([...world.network.items.ledger.keys()].filter((pk) => pk.startsWith('P#'))).toEqual([])
  for (const { parts, least } of [
    { parts: [1], least: 6 },
    { parts: [1, 1], least: 5 },
    { parts: [1, 3], least: 2 },
    { parts: [100, 100], least: 1 },
  ]) {
    worldOf(items, nowMs)
    let ticks = 0
    for (let waiting = 1; waiting > 0 && ticks < 100; ticks++) {
      const done = await Promise.all(parts.map((own, i) => shortTick(1 + i, own)))
      waiting = Math.max(...done.map((one) => one.waiting))
    }
    // Two hours of two consumers; a part has a page of each chain that it reads at once.
    expect(ticks).toBeGreaterThanOrEqual(least)
    expect(foldedItems()).toBe(atOnce)
  }
})

test('parts of another format -> the sum begins anew', async () => {
  for (const hour of labels)
    put({ pk: `P#${hour}`, sk: 'post#000000', schema: 1, consumerId: 'post', number: 0, part: 'unreadable' })
  expect(await foldAll(world)).toBe(0)
  expect(await totalFault(world)).toBeUndefined()
})

test.for([
  { what: 'nothing', spoil: () => undefined },
  { what: 'a row of a long chain', spoil: async () => alter(await rowsOf('environment')) },
  { what: 'a row behind closed', spoil: async () => insert(await rowsOf('environment')) },
  { what: 'a row that is gone', spoil: async () => remove(keyOf((await rowsOf('environment')).opening.id, 1)) },
])(
  '$what wrong, a reconciliation that is stopped behind every row -> what one at once finds',
  async ({ what, spoil }) => {
    await foldAll(world)
    await spoil()
    const { steps: few, ...atOnce } = await reconcileBy(reconcilePorts(world, tables, placeOf(1_000)), 'at once')
    const { steps: many, ...stopped } = await reconcileBy(reconcilePorts(world, tables, placeOf(1)), 'step by step')
    expect(stopped).toEqual(atOnce)
    expect(many).toBeGreaterThan(few + 2)
    expect(atOnce.differences.length > 0).toBe(what !== 'nothing')
  },
)

test.for([1, 2, 3, 4])('folded behind the list %i of a reconciliation -> it finds nothing', async (behind) => {
  // Not yet so late that they should be.
  world.world.nowMs -= 6 * hourMs
  let folded = false
  const act = async () => {
    folded = true
    await foldAll(world)
  }
  expect(await reconcileAll(world, everything, { behind, act })).toEqual([])
  expect(folded).toBe(true)
})

test('hours without a call, months of them -> neither marked nor read', async () => {
  await foldAll(world)
  world.world.nowMs += 90 * 24 * hourMs
  let reads = 0
  const counted = world.tablesOf(world.newOwner())
  const send = counted.ledger.documents.send.bind(counted.ledger.documents)
  Object.assign(counted.ledger.documents, {
    send: (command: never) => {
      reads += 1
      return send(command)
    },
  })
  await createFold(foldPortsOf(world, counted))(world.world.nowMs)
  expect(reads).toBeLessThanOrEqual(3) // one for each shard that has a consumer
})

const rowsOf = async (kind: 'environment' | 'reservation') => {
  const { openings } = ledgerOf(world.network)
  const opening = openings.find((one) => one.hour === labels[0] && one.kind === kind && one.consumerId === 'post')!
  const slots = await readChain<ReservedSlot>(tables.ledger)(opening.id)
  return { opening, row: slots.find((slot) => slot.kind === 'row')! }
}

const keyOf = (id: string, number: number) => ({ pk: `C#${id}`, sk: String(number).padStart(10, '0') })

type Chain = Awaited<ReturnType<typeof rowsOf>>

// Behind the product's back.
const put = (item: Record<string, unknown>) => world.network.run('PutItem', { TableName: 'ledger', Item: item })
const remove = ({ pk, sk }: Record<string, unknown>) =>
  world.network.run('DeleteItem', { TableName: 'ledger', Key: { pk, sk } })
const alter = ({ opening, row }: Chain) => put({ ...keyOf(opening.id, row.number), schema: 1, ...row, costNano: 1 })
const insert = ({ opening, row }: Chain) =>
  put({ ...keyOf(opening.id, row.number + 7), schema: 1, ...row, number: row.number + 7, nonce: 'forged' })

const tampered = (['environment', 'reservation'] as const).flatMap((chain) => [
  { what: 'altered', chain, act: alter, kind: 'row altered' },
  {
    what: 'deleted',
    chain,
    act: ({ opening, row }: Chain) => remove(keyOf(opening.id, row.number)),
    kind: 'row missing',
  },
  { what: 'inserted', chain, act: insert, kind: 'row inserted' },
])

test.for(tampered)('a row of a $chain chain $what behind its back -> $kind, with hour and chain', async (one) => {
  await foldAll(world)
  const chain = await rowsOf(one.chain)
  one.act(chain)
  const differences = await reconcileAll(world)
  expect(differences).toContainEqual(
    expect.objectContaining({ kind: one.kind, hour: labels[0], chain: chain.opening.id, consumer: 'post' }),
  )
  expect(differences.filter(({ hour }) => hour !== undefined && hour !== labels[0])).toEqual([])
})

type Item = Record<string, unknown>

const itemAt = (pk: string): Item => ({ ...[...world.network.items.ledger.get(pk)!.values()][0] })

test.for([
  {
    what: 'a total is altered',
    act: () => {
      const item = itemAt('T#post')
      const [line, ...rest] = item.lines as Item[]
      put({ ...item, lines: [{ ...line, costNano: 1 }, ...rest] })
    },
    kind: 'total differs',
  },
  {
    what: 'a total is made up',
    act: () => put({ ...itemAt('T#post'), pk: 'T#cap' }),
    kind: 'total differs',
  },
  {
    what: 'what opened a chain is deleted',
    act: () => remove(ledgerOf(world.network).openings[0]! as never),
    kind: 'chain missing',
  },
  { what: 'a record is altered', act: () => put({ ...itemAt('FOLDED'), calls: 1 }), kind: 'total differs' },
  {
    what: 'the last record is deleted',
    act: () => remove([...world.network.items.ledger.get('FOLDED')!.values()].at(-1)!),
    kind: 'record missing',
  },
  {
    what: 'rows, totals, digests and record of an hour are written anew, without the key',
    act: () => put({ ...itemAt('FOLDED'), hash: 'f'.repeat(64), mac: 'forged' }),
    kind: 'record altered',
  },
  {
    what: 'a balance is raised',
    act: () => put({ ...itemAt('B#pre'), availableNano: 999_999_999 }),
    kind: 'balance differs',
  },
])('$what -> $kind', async ({ act, kind }) => {
  await foldAll(world)
  expect(await reconcileAll(world)).toEqual([])
  act()
  expect((await reconcileAll(world)).map((one) => one.kind)).toContain(kind)
})
