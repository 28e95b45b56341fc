/** Adjustments while months are closed, each request of which waits for the schedule. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { consumerIdsAfter } from '../../../adapters/access/consumer-ids.ts'
import { listAdjustments, putAdjustment } from '../../../adapters/ledger/adjustments.ts'
import { invoicesCursor, moveCursor, readCursor } from '../../../adapters/ledger/cursors.ts'
import { failedInvoices } from '../../../adapters/ledger/failed-invoices.ts'
import { lastNumber, listNumbers, putClosed, readClosed } from '../../../adapters/ledger/invoices.ts'
import { finaliseInvoices, type InvoiceCursor } from '../../../src/billing/finalise-invoices.ts'
import { monthOf } from '../../../src/billing/plan.ts'
import { hourAt, zoneOffset } from '../../../src/ledger/hour.ts'
import { createNetwork } from '../../ledger/network.ts'
import { microtasks } from '../../ledger/schedule.ts'

const hours = hourAt(zoneOffset('UTC'))
const months = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'] as const
const startOf = (month: string): number => Date.parse(`${month}-01T00:00:00Z`)
const ids = ['a', 'b', 'c', 'd']

type Act =
  /** A consumer whose record says an early or a late time: the zone was changed, or a clock was wrong. */
  | { readonly kind: 'consumer'; readonly id: string; readonly since: number }
  | { readonly kind: 'adjust'; readonly id: string; readonly back: number }
  | { readonly kind: 'tick' | 'month' }

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('consumer' as const), id: fc.constantFrom(...ids), since: fc.nat(3) }),
  fc.record({ kind: fc.constant('adjust' as const), id: fc.constantFrom(...ids), back: fc.nat(2) }),
  fc.record({ kind: fc.constantFrom('tick' as const, 'tick' as const, 'month' as const) }),
)

/** Two consumers a look, so that the cursor stands within a month. */
const mostConsumers = 2

const createWorld = () => {
  const clock = { nowMs: startOf(months[1]) + 7 * 86_400_000 }
  const network = createNetwork(() => clock.nowMs)
  const documents = network.clientOf({ dead: false, frozenUntilStep: 0 })
  const [ledger, registry] = ['ledger', 'registry'].map((table) => ({ documents, table })) as [Table, Table]
  const created = new Map<string, number>()
  const create = (id: string, sinceMs: number): void => {
    created.set(id, sinceMs)
    network.run('PutItem', { TableName: 'registry', Item: { pk: 'CONSUMER', sk: id, id } })
  }
  const finalise = (over: Partial<Parameters<typeof finaliseInvoices>[0]> = {}) =>
    finaliseInvoices({
      ...{ hourAt: hours, currency: 'EUR', nowMs: () => clock.nowMs },
      listTotals: async () => [],
      listPrices: async () => [],
      listUnfolded: async () => [],
      listAdjustments: listAdjustments(ledger),
      firstHour: async () => (created.size === 0 ? undefined : Math.min(...created.values())),
      readCursor: readCursor<InvoiceCursor>(ledger, invoicesCursor),
      moveCursor: moveCursor<InvoiceCursor>(ledger, invoicesCursor),
      consumersAfter: (after) => consumerIdsAfter(registry)(after, mostConsumers),
      readClosed: readClosed(ledger),
      lastNumber: lastNumber(ledger),
      putClosed: putClosed(ledger),
      ...failedInvoices(ledger),
      ...over,
    })(() => true)
  return { clock, network, ledger, registry, created, create, finalise }
}

type Table = Parameters<typeof listAdjustments>[0]

const runSchedule = async (list: readonly Act[], seed: number): Promise<{ taken: number; refused: number }> => {
  const { clock, network, ledger, created, create, finalise } = createWorld()
  let state = seed
  const draw = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const tails: Promise<unknown>[] = []
  const [taken, refused]: [string[], string[]] = [[], []]
  const adjust = (consumerId: string, month: string): void => {
    const id = `x${tails.length}`
    const one = { id, consumerId, month, amountNano: 1n, memo: 'm', actor: 'owner', createdAtMs: clock.nowMs }
    tails.push(
      putAdjustment(ledger, 'registry')(one, true).then(
        () => taken.push(id),
        (thrown) => {
          expect(thrown).toMatchObject({ code: 'CONFLICT' })
          refused.push(id)
        },
      ),
    )
  }
  try {
    for (const act of list) {
      if (act.kind === 'month') clock.nowMs = Math.min(clock.nowMs + 31 * 86_400_000, startOf('2026-12') + 86_400_000)
      if (act.kind === 'tick') tails.push(finalise())
      if (act.kind === 'consumer' && !created.has(act.id))
        create(act.id, Math.min(clock.nowMs, startOf(months[act.since]!)))
      if (act.kind === 'adjust' && created.has(act.id)) {
        const now = months.indexOf(monthOf(hours(clock.nowMs)) as (typeof months)[number])
        const first = months.indexOf(monthOf(hours(created.get(act.id)!)) as (typeof months)[number])
        adjust(act.id, months[Math.max(first, now - act.back)]!)
      }
      for (let turns = draw(12); turns > 0; turns--) {
        network.waiting.splice(draw(network.waiting.length), 1)[0]?.resume('answer')
        await microtasks()
      }
    }
    network.calm = true
    for (const { resume } of network.waiting.splice(0)) resume('answer')
    await Promise.all(tails)
    clock.nowMs = startOf('2027-03')
    for (let ticks = 0; ticks < 40; ticks++) await finalise()
    const closed = await Promise.all(
      [...created.keys()].flatMap((id) => months.map((month) => readClosed(ledger)(id, month))),
    )
    const lines = closed.flatMap((one) => (one?.kind === 'invoice' ? one.body.lines.map(({ id }) => id) : []))
    expect(lines.toSorted()).toEqual(taken.toSorted())
    const numbers = (await listNumbers(ledger)()).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
    return { taken: taken.length, refused: refused.length }
  } finally {
    network.close()
  }
}

test('adjustments of any open month, also of one that the work on invoices has passed -> each on one invoice, or refused', async () => {
  const seen = { taken: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 4, maxLength: 25 }), fc.nat(2 ** 31 - 1), async (list, seed) => {
      const { taken, refused } = await runSchedule(list, seed)
      seen.taken += taken
      seen.refused += refused
    }),
    { numRuns: 150, endOnFailure: true },
  )
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(0)
})

test.for([
  { given: 'consumers were listed before', at: 'consumersAfter' },
  { given: 'the first month was looked for before', at: 'firstHour' },
] as const)('a consumer that comes and is adjusted once $given -> its adjustment is invoiced', async ({ at }) => {
  const { clock, network, ledger, registry, created, create, finalise } = createWorld()
  try {
    network.calm = true
    create('b', startOf(months[at === 'firstHour' ? 2 : 1]))
    clock.nowMs = startOf(months[3])
    let isThere = false
    const meanwhile = async <Read>(read: Read): Promise<Read> => {
      if (isThere) return read
      isThere = true
      create('a', startOf(months[1]))
      const one = { id: 'x', consumerId: 'a', month: months[1], amountNano: 1n, memo: 'm', actor: 'o', createdAtMs: 0 }
      await putAdjustment(ledger, 'registry')(one, true)
      return read
    }
    const first = () => Math.min(...created.values())
    const hooks = {
      consumersAfter: {
        consumersAfter: async (after: string | undefined) => meanwhile(await consumerIdsAfter(registry)(after, 9)),
      },
      firstHour: { firstHour: async () => meanwhile(first()) },
    }
    for (let ticks = 0; ticks < 9; ticks++) await finalise(hooks[at])
    expect(await readClosed(ledger)('a', months[1])).toMatchObject({ body: { number: 1, total: '0.000000001' } })
  } finally {
    network.close()
  }
})

test.for([1, 2, 3, 4])('another tick makes move %i first -> this one goes on behind it', async (nth) => {
  const { clock, network, ledger, create, finalise } = createWorld()
  try {
    network.calm = true
    create('a', startOf(months[1]))
    clock.nowMs = startOf(months[4]) + 2 * 3_600_000
    const move = moveCursor<InvoiceCursor>(ledger, invoicesCursor)
    let moves = 0
    await finalise({
      moveCursor: async (to) => {
        moves += 1
        return (await move(to)) && moves !== nth
      },
    })
    for (const month of months.slice(1, 4)) expect(await readClosed(ledger)('a', month)).toBeDefined()
    expect(moves).toBeGreaterThan(nth)
  } finally {
    network.close()
  }
})
