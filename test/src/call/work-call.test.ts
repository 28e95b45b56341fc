import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toNano } from '../../../src/billing/money.ts'
import { type AsyncCall, type CallState, openStates } from '../../../src/call/async-call.ts'
import { encodedJson } from '../../../src/call/encoded.ts'
import { chargeKept, deliver, endCall, type KeptResult, type WorkPorts } from '../../../src/call/work-call.ts'
import { PercallError } from '../../../src/errors.ts'
import type { Outcome } from '../../../src/ledger/chain.ts'
import { type ReservedSlot, reserve } from '../../../src/ledger/reservation.ts'
import { nobodyCapped, worldHour } from '../ledger-world.ts'

const price = {
  id: 'p',
  model: 'm',
  unit: 'row',
  nanoPerUnit: toNano(7),
  minimumPerCallNano: toNano(0),
  fromMs: 0,
} as const
const principal = { role: 'consumer', consumerId: 'a', keyId: 'k', grants: ['*'] } as const
const reservation = reserve('c', 'async', { principal, model: 'm', admittedAtMs: 5, hour: worldHour(5), price })
const newCall = (): AsyncCall => ({
  id: 'c',
  consumerId: 'a',
  state: 'queued',
  model: 'm',
  version: 1,
  requestId: 'r',
  request: { path: '/', params: {}, query: '', headers: {}, input: { key: 'i' } },
  reservation,
  createdAtMs: 5,
  expires: 99,
})

class Killed extends Error {}

/** The places of one call: its result, its slot, its state. Each request of a worker may be the last one it lives to see. */
const createPlaces = (scheduler: fc.Scheduler) => {
  const places = { call: newCall(), result: undefined as { kept: KeptResult; body: unknown } | undefined }
  const slots = new Map<number, ReservedSlot>()
  let ids = 0
  /** Ports of a worker that dies before or after its `lives`-th request. */
  const portsOf = (lives: number, after: boolean): WorkPorts => {
    let left = lives
    const request = async <Value>(apply: () => Value): Promise<Value> => {
      await scheduler.schedule(Promise.resolve())
      if (left-- > 0) return apply()
      if (after && left === -1) apply()
      throw new Killed()
    }
    return {
      newId: () => `n${ids++}`,
      nowMs: () => 9,
      settleLease: nobodyCapped.settleLease,
      readChain: () => request(() => [...slots.values()]),
      putSlot: (_, slot) =>
        request((): Outcome<ReservedSlot> => {
          const by = slots.get(slot.number)
          if (by) return { kind: 'occupied', by }
          slots.set(slot.number, slot)
          return { kind: 'written' }
        }),
      keepResult: (_, { body, headers }, usage) =>
        request(() => {
          places.result ??= { kept: { usage, headers }, body }
          return places.result.kept
        }),
      findResult: () => request(() => places.result?.kept),
      moveCall: (_, from: readonly CallState[], to, change) =>
        request(() => {
          if (!from.includes(places.call.state)) return undefined
          places.call = { ...places.call, ...change, state: to }
          return places.call
        }),
    }
  }
  return { places, slots, portsOf }
}

/** One attempt of a worker, as functions/predict/work.ts makes it; `rows` tells the attempts' results apart. */
const attempt = async (ports: WorkPorts, rows: number): Promise<void> => {
  const call = await ports.moveCall(newCall(), openStates, 'running', { startedAtMs: 6 })
  if (!call) return
  const kept = await ports.findResult(call)
  const usage = { model: 'm', version: 1, rows, durationMs: 1, cold: false, requestId: 'r' }
  if (kept) await chargeKept(ports)(call, kept)
  else await deliver(ports)(call, encodedJson(`rows ${rows}`), usage)
}

/** A death says nothing to anyone; an end that came before ends the attempt. */
const quietly = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((thrown: unknown) => {
    if (thrown instanceof Killed) return
    if (!(thrown instanceof PercallError && thrown.code === 'CALL_ENDED')) throw thrown
  })

const life = fc.record({ lives: fc.nat(6), after: fc.boolean() })
const runs = process.env.PERCALL_LONG ? 20_000 : 1_500

describe('a call that is answered later', () => {
  test('workers that die at any request, one that lives or one that gives up, a cancel at any moment -> charged once with its result, or free', async () => {
    const ends = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { maxLength: 3 }),
        fc.constantFrom('worker', 'failed'),
        fc.option(life, { nil: undefined }),
        fc.scheduler(),
        async (deaths, last, cancel, scheduler) => {
          const { places, slots, portsOf } = createPlaces(scheduler)
          const all = (async () => {
            const workers = deaths.map(({ lives, after }, i) => quietly(attempt(portsOf(lives, after), i + 1)))
            const cancels = cancel
              ? [quietly(endCall(portsOf(cancel.lives, cancel.after))(newCall(), 'cancelled'))]
              : []
            await Promise.all([...workers, ...cancels])
            const immortal = portsOf(Number.POSITIVE_INFINITY, false)
            if (last === 'worker') await quietly(attempt(immortal, 9))
            // Whatever is still open, such as a cancel that died between slot and state, is ended at the deadline.
            await endCall(immortal)(newCall(), 'failed', { status: 500 })
          })()
          await scheduler.waitFor(all)
          await all
          const slot = slots.get(1)
          expect(slots.size).toBe(1)
          expect(openStates).not.toContain(places.call.state)
          // What the slot says is what the caller sees.
          expect(places.call.state === 'succeeded').toBe(slot?.kind === 'row')
          if (slot?.kind === 'row') {
            expect(places.result?.body).toBe(`rows ${slot.units}`)
            expect(places.call.answer?.headers).toMatchObject({ 'percall-units': String(slot.units) })
          }
          ends.add(places.call.state)
        },
      ),
      { numRuns: runs },
    )
    expect(ends).toEqual(new Set(['succeeded', 'failed', 'cancelled']))
  })
})
