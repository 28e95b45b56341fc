import { createHash } from 'node:crypto'
import { toNano } from '../../src/billing/money.ts'
import type { IdempotencyRecord, Recorded } from '../../src/call/idempotency.ts'
import { type Chain, faultOf, type Outcome, type Sha256, type Slot } from '../../src/ledger/chain.ts'
import { closeChain } from '../../src/ledger/close-chain.ts'
import type { HourAt } from '../../src/ledger/hour.ts'
import type { LedgerPorts } from '../../src/ledger/settle.ts'

/** The store, the network and the clock of a schedule: each attempt of a request may be lost, held, or lose its answer. */
const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex')
const hourMs = 40
export const worldHour: HourAt = (ms) => {
  const startMs = Math.floor(ms / hourMs) * hourMs
  return { label: `h${startMs / hourMs}`, startMs, endMs: startMs + hourMs }
}

type Answer<Value> = { readonly kind: 'answer'; readonly value: Value } | { readonly kind: 'refused' | 'unknown' }

const attempts = 3
/** Ports that nothing asks where nobody's calls are capped. */
export const nobodyCapped = {
  readBalance: () => Promise.reject(new Error('expected no look at a balance')),
  readKeySpent: () => Promise.reject(new Error('expected no look at a key')),
  readAccount: () => Promise.reject(new Error('expected no look at a consumer')),
  settleLease: () => Promise.reject(new Error('expected no lease')),
}

const silent = new Promise<never>(() => undefined)

export const createWorld = (random: () => number) => {
  const marks = new Set<string>()
  const index = new Map<string, Chain>()
  const rows = new Map<string, Map<number, Slot>>()
  const records = new Map<string, IdempotencyRecord>()
  const held: (() => void)[] = []
  const waiting: (() => void)[] = []
  // Calm days and storms: only a storm makes every attempt of a request fail.
  const storm = random() < 0.5 ? 1 : 3
  const world = { nowMs: 0, calm: false, ids: 0, faults: [] as string[] }

  const step = () => new Promise<void>((resolve) => waiting.push(resolve))

  const send = async <Value>(apply: () => Value): Promise<Answer<Value>> => {
    let unanswered = false
    for (let i = 0; i < attempts; i++) {
      await step()
      const fate = world.calm ? 1 : random() / storm
      if (fate < 0.06) apply()
      if (fate >= 0.06 && fate < 0.14) held.push(apply)
      if (fate < 0.18) unanswered = true
      else if (fate > 0.24) return { kind: 'answer', value: apply() }
    }
    return { kind: unanswered ? 'unknown' : 'refused' }
  }

  const slotsOf = (id: string): Map<number, Slot> => {
    const slots = rows.get(id) ?? new Map<number, Slot>()
    rows.set(id, slots)
    return slots
  }
  const read = (id: string): Slot[] => [...slotsOf(id).values()].sort((a, b) => a.number - b.number)

  const check = (): void => {
    for (const [id, chain] of index) {
      const fault = faultOf(sha256, id, read(id))
      if (fault) world.faults.push(fault)
      for (const slot of read(id))
        if (slot.kind === 'row' && worldHour(slot.admittedAtMs).label !== chain.hour)
          world.faults.push('row outside its hour')
    }
    for (const id of rows.keys())
      if (slotsOf(id).size && !index.has(id)) world.faults.push('row of a chain without index')
  }

  const putSlot = async (id: string, slot: Slot): Promise<Outcome> => {
    const answer = await send((): Outcome => {
      const there = slotsOf(id).get(slot.number)
      if (there) return { kind: 'occupied', by: there }
      slotsOf(id).set(slot.number, slot)
      check()
      return { kind: 'written' }
    })
    if (answer.kind === 'answer') return answer.value
    return answer.kind === 'refused' ? { kind: 'refused', cause: 'throttled' } : { kind: 'unknown' }
  }

  const putRecordedRow: LedgerPorts['putRecordedRow'] = async (id, row, { record }) => {
    const key = `${record.consumerId} ${record.key}`
    const answer = await send((): Outcome | Recorded => {
      const there = slotsOf(id).get(row.number)
      if (there?.kind === 'row' && there.nonce === row.nonce) return { kind: 'occupied', by: there }
      const by = records.get(key)
      if (by) return { kind: 'recorded', by }
      if (there) return { kind: 'occupied', by: there }
      slotsOf(id).set(row.number, row)
      records.set(key, record)
      check()
      return { kind: 'written' }
    })
    if (answer.kind === 'answer') return answer.value
    return answer.kind === 'refused' ? { kind: 'refused', cause: 'throttled' } : { kind: 'unknown' }
  }

  const readChain = async (id: string): Promise<readonly Slot[]> => {
    await step()
    if (!world.calm && random() < 0.1 * storm) throw new Error('no answer')
    return read(id)
  }

  /** The ports of an environment with a clock of its own; a dead one gets no answer any more. */
  const portsOf = (environment: { dead: boolean; readonly skewMs: number }): LedgerPorts => {
    const alive = async <Value>(answer: Promise<Value>): Promise<Value> => {
      const value = await answer
      return environment.dead ? silent : value
    }
    return {
      now: () => Math.max(0, world.nowMs + environment.skewMs),
      hourAt: worldHour,
      priceAt: async (model, { startMs }) => ({
        id: `p${startMs}`,
        model,
        unit: 'row',
        nanoPerUnit: toNano(1 + startMs / hourMs),
        minimumPerCallNano: toNano(0),
        fromMs: startMs,
      }),
      openChain: (chain) =>
        alive(
          send((): 'opened' | 'marked' => {
            if (marks.has(chain.hour)) return 'marked'
            index.set(chain.id, chain)
            return 'opened'
          }).then((answer) => {
            if (answer.kind === 'answer') return { kind: answer.value }
            return answer.kind === 'unknown' ? { kind: 'unknown' } : { kind: 'refused', cause: 'throttled' }
          }),
        ),
      putSlot: (id, slot) => alive(putSlot(id, slot)),
      putRecordedRow: (id, row, put) => alive(putRecordedRow(id, row, put)),
      readChain: (id) => alive(readChain(id)),
      ...nobodyCapped,
      newId: () => `id${world.ids++}`,
      sha256,
    }
  }

  /** Marks an hour, then closes its chains, as the fold does. -> rows of the hour, which must never change again. */
  const fold = async (label: string): Promise<void> => {
    await step()
    marks.add(label)
    for (const [id, chain] of index)
      if (chain.hour === label) while (!(await closeChain({ readChain, putSlot, sha256 })({ id })));
  }

  return { ...world, world, marks, index, records, held, waiting, read, portsOf, fold, check }
}
