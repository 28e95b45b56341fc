/** One execution environment over the real ledger code: calls, keyed calls, and work that is done later. */

import { readConsumer } from '../../adapters/access/consumers.ts'
import { readRecord } from '../../adapters/calls/idempotency.ts'
import { readBalance, settleLease } from '../../adapters/ledger/balances.ts'
import { readKeySpent } from '../../adapters/ledger/key-spent.ts'
import { openChain, putRecordedRow, putSlot, readChain, sha256 } from '../../adapters/ledger/ledger.ts'
import { priceAt } from '../../adapters/ledger/prices.ts'
import { putReservation } from '../../adapters/ledger/reservations.ts'
import { type Consumer, principalOf } from '../../src/access/consumer.ts'
import type { Principal } from '../../src/access/principal.ts'
import { toNano } from '../../src/billing/money.ts'
import { answerCall } from '../../src/call/call.ts'
import type { Deployed } from '../../src/call/deployed.ts'
import { encodedJson } from '../../src/call/encoded.ts'
import type { IdempotencyRecord } from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'
import { openReservation } from '../../src/ledger/open-reservation.ts'
import { callSlot, chargeSlot, mostCost, type Reservation } from '../../src/ledger/reservation.ts'
import { createMeter } from '../../src/ledger/settle.ts'
import { type CallPlan, type Core, limitedKey, registryName, type Told } from './core.ts'
import { hours } from './invariants.ts'

const version = {
  model: 'm',
  number: 1,
  digest: '0',
  sizeBytes: 1,
  signature: { inputs: [], outputs: [] },
  createdAtMs: 0,
}
const deployed: Deployed = { version }
const knownMs = 30_000

export const environments = (core: Core) => {
  const { setting, world, network, told, tails, newId, newOwner, tablesOf, background, finishers } = core

  return (skewMs: number) => {
    const owner = newOwner()
    const tables = tablesOf(owner)
    const { ledger, registry } = tables
    const now = (): number => world.nowMs + skewMs
    const prices = priceAt(registry, 'UTC')
    const leasePorts = {
      ...{ now, hourAt: hours },
      readBalance: readBalance(ledger),
      readKeySpent: readKeySpent(ledger),
      readAccount: readConsumer(registry),
    }
    const meter = createMeter({
      ...leasePorts,
      priceAt: prices,
      openChain: openChain(ledger, registryName),
      putSlot: putSlot(ledger),
      putRecordedRow: putRecordedRow(ledger),
      readChain: readChain(ledger),
      settleLease: settleLease(ledger),
      newId,
      sha256,
    })
    const known = new Map<string, { consumer: Consumer; untilMs: number }>()
    // As adapters/access/find-principal.ts keeps them.
    const principalFor = ({ consumerId, limited }: CallPlan): Principal => {
      const kept = known.get(consumerId)
      const fresh =
        kept && kept.untilMs > now()
          ? kept.consumer
          : (network.items.registry.get('CONSUMER')?.get(consumerId) as unknown as Consumer)
      if (fresh !== kept?.consumer) known.set(consumerId, { consumer: fresh, untilMs: now() + knownMs })
      const key = { consumerId, createdAtMs: 0 }
      if (!limited) return principalOf({ ...key, id: `k-${consumerId}` }, fresh, now())
      // Every other one is a key that the limited one made: both together are counted as that one.
      const made = world.calls % 2 === 0 && { id: `made-${consumerId}`, countsAs: limitedKey(consumerId) }
      const limitNano = toNano(setting.limitNano)
      return principalOf({ ...key, id: limitedKey(consumerId), ...made, limitNano }, fresh, now())
    }

    const call = async (plan: CallPlan, requestId: string): Promise<Omit<Told, 'requestId'>> => {
      const { rows, key, fails, consumerId } = plan
      const principal = principalFor(plan)
      const answer = answerCall({
        resolve: async () => deployed,
        admit: meter.admit,
        prepare: meter.prepare,
        infer: async () => {
          if (fails) throw new PercallError('INFERENCE_REFUSED', 'planted')
          return { outputs: [], loadMs: 0 }
        },
        settle: meter.settle,
        nowMs: () => 0,
        isCold: () => false,
      })
      const asked = {
        principal,
        reference: { kind: 'version', model: 'm', number: 1 } as const,
        requestId,
        read: () => ({ inputs: [], outputs: [], rows, encode: () => encodedJson(requestId) }),
      }
      if (key === undefined) return { costNano: (await answer(asked)).charge.costNano }
      const textOf = ({ answer: { body } }: IdempotencyRecord): string => ('text' in body ? body.text : '')
      const keyed = { consumerId, key, fingerprint: 'f', model: 'm' }
      try {
        let first: IdempotencyRecord | undefined
        const { charge } = await answer({
          ...asked,
          settle: async (admission, usage) => {
            const recorded = { status: 200, headers: {}, body: { text: requestId } }
            const settled = await meter.settleOnce(admission, usage, () => ({ ...keyed, answer: recorded }))
            if (settled.kind === 'charged') return settled.charge
            first = settled.by
            return { units: 0, costNano: 0 }
          },
        })
        return first ? { key, answeredBy: textOf(first) } : { key, answeredBy: requestId, costNano: charge.costNano }
      } catch (thrown) {
        // As functions/middleware/keyed.ts: before it is refused, its record is read.
        const record = await readRecord(ledger)(keyed, now()).catch(() => undefined)
        if (record) return { key, answeredBy: textOf(record) }
        throw thrown
      }
    }

    const tellOf = async (plan: CallPlan, requestId = `r${world.calls++}`): Promise<Told> => {
      let one: Told
      try {
        one = { requestId, ...(await call(plan, requestId)) }
      } catch (thrown) {
        // The read of a price that fails: a 500, and free.
        const isRead = thrown instanceof Error && ['no answer', 'throttled'].includes(thrown.message)
        const code = thrown instanceof PercallError ? thrown.code : isRead ? 'READ' : 'fault'
        if (code === 'fault') world.faults.push(`no refusal: ${thrown instanceof Error ? thrown.stack : thrown}`)
        one = { requestId, code, ...(plan.key !== undefined && { key: plan.key }) }
      }
      told.push(one)
      return one
    }

    /** Accepts work to be done later, which workers that may be doubled charge, or nobody ever does. */
    const later = async (plan: CallPlan, workers: number): Promise<void> => {
      const open = openReservation({ ...leasePorts, priceAt: prices, newId })
      const request = {
        principal: principalFor(plan),
        model: 'm',
        origin: 'async',
        mostCost: (price: Parameters<typeof mostCost>[1]) => mostCost('async', price, { row: plan.rows }),
      } as const
      const opened = await open(request, putReservation(ledger, registryName)()).catch((thrown: unknown) => {
        if (!(thrown instanceof PercallError)) throw thrown
      })
      if (opened?.kind !== 'opened') return
      for (let i = 0; i < workers; i++) work(opened.reservation, plan.rows)
    }
    const work = (reservation: Reservation, rows: number): void =>
      background(async (own) => {
        const { slots, finishReservation: finish } = finishers(own)
        const usage = { model: 'm', version: 1, rows, durationMs: 1, cold: false, requestId: `w${reservation.id}` }
        await chargeSlot(slots)(reservation, callSlot, usage)
        await finish(reservation)
      })

    const mine = { owner, tail: Promise.resolve() }
    tails.push(mine)
    // Lambda sends one event at a time.
    const inTurn = (act: () => Promise<unknown>): void => {
      mine.tail = mine.tail.then(async () => {
        if (!owner.dead) await act().catch(() => undefined)
      })
    }
    return {
      owner,
      serve: (plan: CallPlan) => inTurn(() => tellOf(plan)),
      serveNow: tellOf,
      accept: (plan: CallPlan, workers: number) => inTurn(() => later(plan, workers)),
      end: () => inTurn(() => meter.end()),
    }
  }
}
