import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toNano } from '../../../src/billing/money.ts'
import { PercallError } from '../../../src/errors.ts'
import type { Outcome } from '../../../src/ledger/chain.ts'
import { openReservation, type PutReservation } from '../../../src/ledger/open-reservation.ts'
import {
  chargeSlot,
  closeReservation,
  fixShards,
  type Reservation,
  type ReservedSlot,
  reserve,
} from '../../../src/ledger/reservation.ts'
import { nobodyCapped, worldHour } from '../ledger-world.ts'

const price = {
  id: 'p',
  model: 'm',
  unit: 'row',
  nanoPerUnit: toNano(7),
  minimumPerCallNano: toNano(1000),
  fromMs: 0,
} as const
const principal = { role: 'consumer', consumerId: 'a', keyId: 'k', grants: ['*'] } as const
const admission = { principal, model: 'm', admittedAtMs: 5, hour: worldHour(5), price }
const usageOf = (rows: number, requestId = 'r') => ({
  model: 'm',
  version: 1,
  rows,
  durationMs: 1,
  cold: false,
  requestId,
})

/** What becomes of one attempt: answered, refused, lost, applied without an answer, or applied when all else is over. */
const fate = fc.constantFrom('answer', 'answer', 'answer', 'refused', 'lost', 'answer lost', 'held')
type Fate = 'answer' | 'refused' | 'lost' | 'answer lost' | 'held'

/** One store behind a network whose attempts have these fates, then good ones; every step waits for the schedule. */
const createStore = (fates: readonly Fate[], scheduler: fc.Scheduler) => {
  const slots = new Map<number, ReservedSlot>()
  const held: (() => void)[] = []
  const left = [...fates]
  const faults: string[] = []
  const put = (slot: ReservedSlot): Outcome<ReservedSlot> => {
    const by = slots.get(slot.number)
    if (by) return { kind: 'occupied', by }
    if (slot.number > 0 && slots.get(0)?.kind === 'closed') faults.push('a slot after the chain was closed')
    slots.set(slot.number, slot)
    return { kind: 'written' }
  }
  const read = (): ReservedSlot[] => [...slots.values()].sort((a, b) => a.number - b.number)
  let ids = 0
  const ports = {
    newId: () => `n${ids++}`,
    readChain: async () => {
      await scheduler.schedule(Promise.resolve(), 'read')
      if (left.shift() === 'lost') throw new Error('no answer')
      return read()
    },
    putSlot: async (_: string, slot: ReservedSlot): Promise<Outcome<ReservedSlot>> => {
      await scheduler.schedule(Promise.resolve(), 'put')
      const next = left.shift() ?? 'answer'
      if (next === 'answer') return put(slot)
      if (next === 'refused') return { kind: 'refused', cause: 'throttled' }
      if (next === 'held') held.push(() => void put(slot))
      if (next === 'answer lost') put(slot)
      return { kind: 'unknown' }
    },
  }
  const release = (): void => {
    for (const late of held.splice(0)) late()
  }
  return { ports, slots, read, release, faults }
}

/** Repeats work that says it must come again, as Lambda and Step Functions do. */
const untilDone = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      if (!(thrown instanceof PercallError) || !['NOT_READY', 'OUTCOME_UNKNOWN'].includes(thrown.code)) throw thrown
    }
  }
}

const runs = process.env.PERCALL_LONG ? 20_000 : 1_000
const fates = fc.array(fate, { maxLength: 40 })

describe('the chain of one asynchronous call', () => {
  test('racing workers, lost and late puts, a close at any moment -> one row that every worker answers, or none and all end free', async () => {
    const ends = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fates, fc.scheduler(), fc.boolean(), async (list, scheduler, cancels) => {
        const store = createStore(list, scheduler)
        const reservation = reserve('c', 'async', admission)
        const workers = [3, 4, 5].map((rows) => untilDone(() => chargeSlot(store.ports)(reservation, 1, usageOf(rows))))
        const closing = cancels ? [untilDone(() => closeReservation(store.ports)(reservation))] : []
        const all = Promise.all([Promise.all(workers), Promise.all(closing)])
        await scheduler.waitFor(all)
        const [outcomes, [closed]] = await all
        store.release()
        const there = store.read()
        expect(store.faults).toEqual([])
        expect(there).toHaveLength(1)
        for (const outcome of outcomes)
          expect(outcome.kind === 'charged' ? outcome.row : outcome.kind).toEqual(
            there[0]?.kind === 'row' ? there[0] : 'closed',
          )
        if (closed) expect(closed).toEqual(there)
        ends.add(there[0]!.kind)
      }),
      { numRuns: runs },
    )
    expect(ends).toEqual(new Set(['row', 'closed']))
  })

  test('a row -> hour, time, price and minimum of its admission, whoever writes it', () => {
    const reservation = reserve('c', 'async', admission)
    expect(reservation).toMatchObject({ hour: 'h0', admittedAtMs: 5, deadlineMs: 5 + 90 * 60_000, price })
  })
})

describe('the chain of a batch', () => {
  test('two splits, doubled shards, lost and late puts, a close at any moment -> one manifest, each shard charged once or never', async () => {
    const ends = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fates, fc.scheduler(), fc.boolean(), async (list, scheduler, cancels) => {
        const store = createStore(list, scheduler)
        const reservation = reserve('b', 'batch', admission)
        const split = async (shards: number) => {
          const fixed = await untilDone(() => fixShards(store.ports)(reservation, shards))
          if (fixed.kind === 'closed') return []
          const numbers = Array.from({ length: fixed.shards }, (_, i) => i + 1)
          return await Promise.all(
            numbers.map((number) => untilDone(() => chargeSlot(store.ports)(reservation, number, usageOf(number)))),
          )
        }
        const closing = cancels ? [untilDone(() => closeReservation(store.ports)(reservation))] : []
        const all = Promise.all([split(2), split(3), Promise.all(closing)])
        await scheduler.waitFor(all)
        const [first, second, [closed]] = await all
        store.release()
        const there = store.read()
        expect(store.faults).toEqual([])
        const told = first.length > 0 ? first : second
        told.forEach((outcome, i) => {
          const slot = there[i + 1]
          expect(outcome.kind === 'charged' ? outcome.row : outcome.kind).toEqual(
            slot?.kind === 'row' ? slot : 'closed',
          )
        })
        // A batch has no minimum.
        for (const slot of there) if (slot.kind === 'row') expect(slot.costNano).toBe(7 * slot.number)
        if (closed) expect(closed).toEqual(there)
        const closedNow = untilDone(() => closeReservation(store.ports)(reservation))
        await scheduler.waitFor(closedNow)
        expect(await closedNow).toEqual(store.read())
        ends.add(there.map(({ kind }) => kind).join(' '))
      }),
      { numRuns: runs },
    )
    expect(ends).toContain('closed')
    expect(ends).toContain('manifest row row')
    expect([...ends].some((kinds) => /manifest.*row.*closed|manifest.*closed.*row/.test(kinds))).toBe(true)
  })

  test('a price per call -> each row of a shard is one, so that the split does not change the cost', async () => {
    const byCall = reserve('b', 'batch', { ...admission, price: { ...price, unit: 'call' } })
    const ports = {
      putSlot: async () => ({ kind: 'written' }) as const,
      readChain: async () => [],
      newId: () => 'n',
    }
    expect(await chargeSlot(ports)(byCall, 2, usageOf(5))).toMatchObject({
      row: { number: 2, units: 5, costNano: 35, origin: 'batch' },
    })
  })
})

describe('opening', () => {
  const open = async (answers: readonly Awaited<ReturnType<PutReservation>>[]) => {
    const asked: Reservation[] = []
    let ids = 0
    const left = [...answers]
    const ports = {
      now: () => 5,
      hourAt: worldHour,
      priceAt: async () => price,
      newId: () => `c${ids++}`,
      ...nobodyCapped,
    }
    const opened = openReservation(ports)(
      { principal, model: 'm', origin: 'async', mostCost: () => toNano(1) },
      async (reservation) => {
        asked.push(reservation)
        return left.shift() ?? { kind: 'opened' }
      },
    )
    return { opened: await opened.catch((thrown: unknown) => thrown), asked }
  }

  test('no answer at first -> repeated unchanged', async () => {
    const { opened, asked } = await open([{ kind: 'unknown' }])
    expect(opened).toMatchObject({ kind: 'opened', reservation: { id: 'c0' } })
    expect(asked[0]).toEqual(asked[1])
  })

  test('a marked hour -> another chain in the next hour', async () => {
    const { opened } = await open([{ kind: 'marked' }])
    expect(opened).toMatchObject({ reservation: { id: 'c1', hour: 'h1', admittedAtMs: 40 } })
  })

  test.for([
    [{ kind: 'refused', cause: 'throttled' }, 'NOT_READY'],
    [{ kind: 'unknown' }, 'OUTCOME_UNKNOWN'],
    [{ kind: 'marked' }, 'NOT_READY'],
  ] as const)('%s again and again -> %s', async ([outcome, code]) => {
    expect((await open([outcome, outcome, outcome])).opened).toMatchObject({ code })
  })

  test('no answer, then a refusal -> OUTCOME_UNKNOWN: the first may have landed', async () => {
    const { opened } = await open([{ kind: 'unknown' }, { kind: 'refused', cause: 'throttled' }])
    expect(opened).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  })
})
