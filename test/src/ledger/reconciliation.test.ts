import { expect, test } from 'vitest'
import { PercallError } from '../../../src/errors.ts'
import { hourAt, startOfDay, zoneOffset } from '../../../src/ledger/hour.ts'
import { nightlyOf } from '../../../src/ledger/nightly.ts'
import type { Cursor, Step } from '../../../src/ledger/reconcile.ts'
import { newReconciliation, type Reconciliation, workReconciliation } from '../../../src/ledger/reconciliation.ts'

const difference = { kind: 'row altered', hour: 'h', chain: 'c', text: 'expected what was folded' } as const

/** Steps of consumers 0 to 4, the third with a difference, from wherever it goes on. */
async function* steps(from: Cursor): AsyncGenerator<Step> {
  const begin = from.at === 'consumers' ? Number(from.after) + 1 : 0
  for (let i = begin; i < 5; i++) {
    const cursor = { at: 'consumers', after: String(i), untilMs: 0, calls: 0, nano: '0' } as const
    yield { cursor, differences: i === 2 ? [difference] : [], hours: 1, rows: 10 }
  }
}

/** One reconciliation with the conditions that its item has. */
const world = (reconcile: (from: Cursor) => AsyncIterable<Step> = steps) => {
  const clock = { nowMs: 1_000 }
  const kept = { item: newReconciliation('id', 'key', { fromMs: 0, toMs: 9 }, 1_000) }
  const work = workReconciliation({
    take: async (_, heldUntilMs, nowMs) => {
      const { state, heldUntilMs: until, attempt, stalls } = kept.item
      if (state !== 'running' || until >= nowMs) return undefined
      kept.item = { ...kept.item, heldUntilMs, attempt: attempt + 1, stalls: stalls + 1 }
      return kept.item
    },
    keep: async (one: Reconciliation) => {
      if (one.attempt !== kept.item.attempt || kept.item.state !== 'running') return false
      kept.item = one
      return true
    },
    reconcile: (_, from) => reconcile(from),
    nowMs: () => clock.nowMs,
  })
  return { clock, kept, work }
}

const found = { state: 'succeeded', hours: 5, rows: 50, found: 1, differences: [difference] }

test('time for all steps -> succeeded, with what was found', async () => {
  const { kept, work } = world()
  await work('id', () => true)
  expect(kept.item).toMatchObject(found)
})

test('time for one step an attempt -> it goes on behind each, and ends as if there had been one', async () => {
  const { clock, kept, work } = world()
  for (let attempts = 0; kept.item.state === 'running' && attempts < 9; attempts++) {
    clock.nowMs += 1
    await work('id', () => false)
  }
  expect(kept.item).toMatchObject({ ...found, attempt: 6 })
})

test('one that is held -> nobody else takes it up; its holder died -> taken up once it is held no more', async () => {
  const { clock, kept, work } = world()
  const hanging = world(async function* () {
    await new Promise(() => undefined)
    yield* steps({ at: 'records' })
  })
  void hanging.work('id', () => true)
  await Promise.resolve()
  expect(await hanging.work('id', () => true)).toBeUndefined()
  Object.assign(kept, { item: hanging.kept.item })
  clock.nowMs = kept.item.heldUntilMs + 1
  await work('id', () => true)
  expect(kept.item).toMatchObject(found)
})

test.for([
  {
    given: 'a fault',
    thrown: new Error('secret'),
    failure: { code: 'INTERNAL', message: expect.not.stringContaining('secret') },
  },
  {
    given: 'a refusal',
    thrown: new PercallError('BAD_REQUEST', 'hour x: expected an hour'),
    failure: { code: 'BAD_REQUEST', message: 'hour x: expected an hour' },
  },
])('$given in a step -> failed with its reason, and thrown', async ({ thrown, failure }) => {
  const { kept, work } = world(async function* () {
    yield* []
    throw thrown
  })
  await expect(work('id', () => true)).rejects.toBe(thrown)
  expect(kept.item).toMatchObject({ state: 'failed', failure, endedAtMs: 1_000 })
})

test('a function that dies in the same step each time -> failed by the fourth attempt, never running for good', async () => {
  const { clock, kept, work } = world(async function* () {
    yield* []
    await new Promise(() => undefined)
  })
  for (let attempts = 0; attempts < 4; attempts++) {
    void work('id', () => true)
    await new Promise(setImmediate)
    clock.nowMs = kept.item.heldUntilMs + 1
  }
  expect(kept.item).toMatchObject({ state: 'failed', failure: { code: 'INTERNAL' } })
})

const berlin = hourAt(zoneOffset('Europe/Berlin'))
const day = (name: string): number => startOfDay(berlin, name)

test.for([
  { at: '2026-11-24T03:59:00Z', night: undefined },
  { at: '2026-11-24T04:00:00Z', night: { day: '2026-11-24', fromMs: day('2026-11-22'), toMs: day('2026-11-24') } },
  { at: '2026-12-01T12:00:00Z', night: { day: '2026-12-01', fromMs: day('2026-11-01'), toMs: day('2026-12-01') } },
  { at: '2026-12-02T12:00:00Z', night: { day: '2026-12-02', fromMs: day('2026-11-01'), toMs: day('2026-12-02') } },
  { at: '2026-12-03T12:00:00Z', night: { day: '2026-12-03', fromMs: day('2026-12-01'), toMs: day('2026-12-03') } },
])('the night of $at -> the last two days, or the month before', ({ at, night }) => {
  expect(nightlyOf(berlin, Date.parse(at))).toEqual(night)
})
