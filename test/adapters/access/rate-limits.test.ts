/** Limits over our own tables: environments with clocks of their own, some of which die with what they hold. */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { slots, takeBlock } from '../../../adapters/access/rate-limits.ts'
import type { Table } from '../../../adapters/aws/table.ts'
import type { Limits } from '../../../src/access/limits.ts'
import { createLimiter, type LimiterPorts, type Passage } from '../../../src/access/rate-limit.ts'
import { attributes, keySchema, startTables, tableResource } from '../../local/tables/setup.ts'

let tables: Awaited<ReturnType<typeof startTables>>
let ledger: Table
beforeAll(async () => {
  const names = attributes({ pk: 'S', sk: 'S' })
  const resources = [tableResource('ledger', { AttributeDefinitions: names, KeySchema: keySchema('pk', 'sk') })]
  tables = await startTables({ resources })
  ledger = { documents: DynamoDBDocumentClient.from(tables.client), table: 'ledger' }
})
afterAll(() => tables.close())

const startMs = 1_800_000_000_000
let subjects = 0
let ids = 0

/** A deployment of one limited consumer: a clock, and environments that may be ahead or behind. */
const createWorld = (limits: Limits) => {
  const subject = `s${subjects++}`
  const world = { nowMs: startMs, takes: 0 }
  const admitted: { readonly atMs: number; leftMs: number; readonly cameMs: number }[] = []
  const environment = (skewMs: number, store: Table = ledger) => {
    const nowMs = (): number => world.nowMs + skewMs
    const take = takeBlock(store)
    const counting: LimiterPorts['takeBlock'] = (...asked) => {
      world.takes += 1
      return take(...asked)
    }
    const limit = createLimiter({ nowMs, takeBlock: counting, slots: slots(store), newId: () => `id${ids++}` })
    return async (stays = false): Promise<Passage> => {
      const one = { atMs: nowMs(), cameMs: world.nowMs, leftMs: Number.POSITIVE_INFINITY }
      const passage = await limit([{ of: 'consumer', subject, limits }])
      if (passage.kind === 'refused') return passage
      admitted.push(one)
      if (!stays) {
        one.leftMs = world.nowMs
        await passage.leave()
      }
      return passage
    }
  }
  const mostIn = (windowMs: number): number => {
    const counts = Map.groupBy(admitted, ({ atMs }) => Math.floor(atMs / windowMs))
    return Math.max(0, ...[...counts.values()].map(({ length }) => length))
  }
  return { world, admitted, environment, mostIn }
}

const limitsArbitrary = fc.record({
  perSecond: fc.integer({ min: 20, max: 60 }),
  perMinute: fc.integer({ min: 32, max: 80 }),
})

// A second of requests, each by one of the environments; the clock goes on, or back, after it.
const burst = fc.record({
  by: fc.array(fc.nat(3), { minLength: 20, maxLength: 50 }),
  thenMs: fc.oneof(fc.integer({ min: -1500, max: 1500 }), fc.constantFrom(0, 60_000)),
})
const skews = fc.array(fc.integer({ min: -2500, max: 2500 }), { minLength: 4, maxLength: 4 })

test('bursts of racing environments with skewed and jumping clocks -> never above the limit in any window', async () => {
  const property = fc.asyncProperty(
    limitsArbitrary,
    skews,
    fc.array(burst, { minLength: 1, maxLength: 4 }),
    async (limits, skewsMs, bursts) => {
      const { world, environment, mostIn } = createWorld(limits)
      const environments = skewsMs.map((skewMs) => environment(skewMs))
      for (const { by, thenMs } of bursts) {
        await Promise.all(by.map((one) => environments[one]!()))
        world.nowMs += thenMs
      }
      expect(mostIn(1000)).toBeLessThanOrEqual(limits.perSecond)
      expect(mostIn(60_000)).toBeLessThanOrEqual(limits.perMinute)
    },
  )
  await fc.assert(property, { numRuns: 8 })
})

test('requests that stay, and environments that die with them -> never more at once than the limit, and their places come back', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.record({ by: fc.nat(2), stays: fc.boolean(), thenMs: fc.constantFrom(0, 1000, 15_000, 45_000) }), {
      maxLength: 20,
    }),
    async (concurrent, requests) => {
      const { world, admitted, environment } = createWorld({ concurrent })
      const environments = [0, 500, -500].map((skewMs) => environment(skewMs))
      for (const { by, stays, thenMs } of requests) {
        await environments[by]!(stays)
        // The function ends after 29 s.
        const live = admitted.filter(({ cameMs, leftMs }) => leftMs > world.nowMs && world.nowMs - cameMs < 29_000)
        expect(live.length).toBeLessThanOrEqual(concurrent)
        world.nowMs += thenMs
      }
      world.nowMs += 61_000
      expect((await environments[0]!()).kind).toBe('admitted')
    },
  )
  await fc.assert(property, { numRuns: 20 })
})

test('racing requests for the last places -> exactly as many as there are', async () => {
  const { environment, admitted } = createWorld({ concurrent: 3 })
  const environments = Array.from({ length: 8 }, () => environment(0))
  await Promise.all(environments.map((one) => one(true)))
  expect(admitted).toHaveLength(3)
})

test('one environment alone -> all of its limit, in blocks, then refused without asking the table', async () => {
  const { world, environment, admitted } = createWorld({ perMinute: 640 })
  const ask = environment(0)
  for (let i = 0; i < 640; i++) expect((await ask()).kind).toBe('admitted')
  // 1 + 2 + 4 + ... + 32, then blocks of 40.
  expect(world.takes).toBeLessThan(640 / 20)
  expect(await ask()).toMatchObject({ kind: 'refused', by: { name: 'permin' } })
  const { takes } = world
  const refused = await ask()
  expect(refused).toMatchObject({ kind: 'refused', retryMs: 60_000 - (startMs % 60_000), states: [{ remaining: 0 }] })
  expect(world.takes).toBe(takes)
  world.nowMs += 60_000
  expect((await ask()).kind).toBe('admitted')
  expect(admitted).toHaveLength(641)
})

test('a limit of the key refuses -> nothing is counted against the consumer', async () => {
  const key = `s${subjects++}`
  const consumer = `s${subjects++}`
  const limit = createLimiter({
    nowMs: () => startMs,
    takeBlock: takeBlock(ledger),
    slots: slots(ledger),
    newId: () => 'x',
  })
  const limited = [
    { of: 'consumer', subject: consumer, limits: { perMinute: 3, concurrent: 1 } },
    { of: 'key', subject: key, limits: { perMinute: 1 } },
  ] as const
  const first = await limit(limited)
  if (first.kind === 'admitted') await first.leave()
  for (let i = 0; i < 5; i++)
    expect(await limit(limited)).toMatchObject({ kind: 'refused', by: { name: 'key-permin' } })
  for (const kind of ['admitted', 'admitted', 'refused']) {
    const passage = await limit([limited[0]])
    expect(passage.kind).toBe(kind)
    if (passage.kind === 'admitted') await passage.leave()
  }
})

test('a table of counters that does not answer -> NOT_READY, and nothing passes', async () => {
  const nowhere = { documents: ledger.documents, table: 'nowhere' }
  const { environment, admitted } = createWorld({ perSecond: 5, concurrent: 2 })
  await expect(environment(0, nowhere)()).rejects.toMatchObject({ code: 'NOT_READY' })
  expect(admitted).toEqual([])
})
