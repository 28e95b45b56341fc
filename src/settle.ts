import type { Admission, Charge, Usage } from './call.ts'
import {
  advance,
  type Chain,
  emptyChain,
  nextClosed,
  nextRow,
  type OpenChain,
  type Outcome,
  type PutRecordedRow,
  type PutSlot,
  type ReadChain,
  type Sha256,
  type UsageRow,
} from './chain.ts'
import { closeChain } from './close-chain.ts'
import { PercallError } from './errors.ts'
import type { Hour, HourAt } from './hour.ts'
import { expiresOf, type IdempotencyRecord, type Recorded } from './idempotency.ts'
import type { Admit, Settle } from './ports.ts'
import type { Price } from './price.ts'
import type { Principal } from './principal.ts'

export type LedgerPorts = {
  readonly now: () => number
  readonly hourAt: HourAt
  readonly priceAt: (model: string, hour: Hour) => Promise<Price | undefined>
  readonly openChain: OpenChain
  readonly putSlot: PutSlot
  readonly putRecordedRow: PutRecordedRow
  readonly readChain: ReadChain
  /** Random and unique, at most 36 characters: it is the token of the opening transaction. */
  readonly newId: () => string
  readonly sha256: Sha256
}

/** The record that goes with a row: all but what the attempt to charge fixes. */
export type RecordOf = (charge: Charge) => Omit<IdempotencyRecord, 'nonce' | 'expires'>

export type Meter = {
  readonly admit: Admit
  /** Begins to open the chain of an admission, while its model loads; undefined where it is open. `settle` tells what came of it. */
  readonly prepare: (admission: Admission) => Promise<unknown> | undefined
  readonly settle: Settle
  /** Writes the row and the record of the caller's key together; `recorded`: the key stands for an earlier call, and this one is free. Throws as Settle. */
  readonly settleOnce: (
    admission: Admission,
    usage: Usage,
    recordOf: RecordOf,
  ) => Promise<{ readonly kind: 'charged'; readonly charge: Charge } | Recorded>
  /** Closes every chain of this environment, when it is told to end. A chain that stays open is closed by the fold. */
  readonly end: () => Promise<void>
}

// Each try is up to three attempts of the SDK; together they stay below the gateway's 30 s.
const mostTries = 2
// One for an hour mark, one for a closed chain, one to spare.
const mostAdmissions = 4
// An hour's first calls close the chains of the hour before, a few a call.
const mostClosedPerCall = 8

/** The environment chains of one execution environment: one consumer and hour each, one put at a time. Has a life. */
export const createMeter = (ports: LedgerPorts): Meter => {
  const chains = new Map<string, Chain>()
  let earliestMs = 0
  let queue: Promise<unknown> = Promise.resolve()
  let prepared: { readonly admission: Admission; readonly chain: Promise<Chain | undefined> } | undefined

  const admit = async (principal: Principal, model: string): Promise<Admission> => {
    const admittedAtMs = Math.max(ports.now(), earliestMs)
    const hour = ports.hourAt(admittedAtMs)
    const price = principal.role === 'owner' ? undefined : await ports.priceAt(model, hour)
    return { principal, model, admittedAtMs, hour, ...(price && { price }) }
  }

  const openIn = ({ principal: { consumerId }, hour }: Admission): Chain | undefined => {
    const open = chains.get(consumerId)
    return open?.hour === hour.label ? open : undefined
  }

  /** The open chain of the admission's hour; undefined when that hour is marked and the clock was set forward. */
  const chainFor = async (admission: Admission): Promise<Chain | undefined> => {
    const open = openIn(admission)
    if (open) return open
    const { principal, hour } = admission
    const { consumerId } = principal
    const chain = emptyChain(ports.sha256, ports.newId(), consumerId, hour.label)
    const [opening] = await Promise.all([openFor(chain), closeStale(hour.label)])
    if (opening.kind === 'marked') {
      earliestMs = Math.max(earliestMs, hour.endMs)
      return undefined
    }
    if (opening.kind !== 'opened')
      // No row was sent, so the call is free; if the opening landed, its empty chain is left to the fold.
      throw new PercallError('NOT_READY', `ledger: expected a chain to open, the opening was ${opening.kind}`, {
        cause: 'cause' in opening ? opening.cause : undefined,
      })
    chains.set(consumerId, chain)
    return chain
  }

  /** The same; where it was opened ahead of this call, what came of that, so that nothing is tried twice. */
  const preparedChain = (admission: Admission): Promise<Chain | undefined> => {
    const ahead = prepared?.admission === admission ? prepared.chain : undefined
    // Also another's: this call is about to write to the chain that it holds.
    prepared = undefined
    return ahead ?? chainFor(admission)
  }

  const openFor = async (chain: Chain) => {
    let opening = await ports.openChain(chain)
    for (let tries = 1; opening.kind === 'unknown' && tries < mostTries; tries++) opening = await ports.openChain(chain)
    return opening
  }

  // Whatever comes of it is right: the fold closes what stays open.
  const closeStale = async (hour: string): Promise<void> => {
    const stale = [...chains.values()].filter((chain) => chain.hour !== hour).slice(0, mostClosedPerCall)
    for (const chain of stale) chains.delete(chain.consumerId)
    await Promise.allSettled(stale.map((chain) => ports.putSlot(chain.id, nextClosed(chain))))
  }

  const putOf = (chain: Chain, row: UsageRow, recordOf?: RecordOf): (() => Promise<Outcome | Recorded>) => {
    if (!recordOf) return () => ports.putSlot(chain.id, row)
    const nowMs = ports.now()
    const record = { ...recordOf(row), nonce: row.nonce, expires: expiresOf(nowMs) }
    const put = { record, nowMs, token: ports.newId() }
    return () => ports.putRecordedRow(chain.id, row, put)
  }

  /** Whether the row is in the chain. Throws only when it certainly is not (NOT_READY) or when nobody can tell (OUTCOME_UNKNOWN). */
  const append = async (chain: Chain, row: UsageRow, recordOf?: RecordOf): Promise<'written' | 'closed' | Recorded> => {
    const put = putOf(chain, row, recordOf)
    let outcome = await put()
    const mayLand = outcome.kind === 'unknown'
    for (let tries = 1; tries < mostTries && outcome.kind === 'unknown'; tries++) outcome = await put()
    // Another's record, live for a day: an earlier attempt of this put, should it come late, meets it too. The number is free.
    if (outcome.kind === 'recorded') return outcome
    // A refusal says nothing of an earlier put without an answer.
    if (outcome.kind === 'refused' && !mayLand)
      throw new PercallError('NOT_READY', 'ledger: the usage row was refused, the call is free', {
        cause: outcome.cause,
      })
    if (outcome.kind === 'written') return 'written'
    if (outcome.kind === 'occupied' && outcome.by.kind === 'row' && outcome.by.nonce === row.nonce) return 'written'
    chains.delete(chain.consumerId)
    if (outcome.kind === 'occupied' && outcome.by.kind === 'closed') return 'closed'
    if (outcome.kind === 'occupied')
      throw new PercallError('INTERNAL', `chain ${chain.id}: expected slot ${row.number} free, another row is there`)
    const slots = await closeChain(ports)(chain)
    if (!slots) throw new PercallError('OUTCOME_UNKNOWN', 'ledger: the usage row had no answer, it may be charged')
    return slots.some((slot) => slot.kind === 'row' && slot.nonce === row.nonce) ? 'written' : 'closed'
  }

  const settleNext = async (
    first: Admission,
    usage: Usage,
    recordOf?: RecordOf,
  ): Promise<{ readonly kind: 'charged'; readonly charge: Charge } | Recorded> => {
    const nonce = ports.newId()
    let admission = first
    for (let admissions = 1; admissions <= mostAdmissions; admissions++) {
      const chain = await preparedChain(admission)
      if (chain) {
        const row = nextRow(chain, admission, usage, nonce)
        const appended = await append(chain, row, recordOf)
        if (typeof appended === 'object') return appended
        if (appended === 'written') {
          if (chains.get(chain.consumerId) === chain) chains.set(chain.consumerId, advance(ports.sha256, chain, row))
          return { kind: 'charged', charge: { units: row.units, costNano: row.costNano } }
        }
      }
      admission = await admit(first.principal, first.model)
    }
    throw new PercallError(
      'NOT_READY',
      `ledger: no chain stayed open in ${mostAdmissions} admissions, the call is free`,
    )
  }

  let underWay = 0
  const oneLess = (): void => {
    underWay -= 1
  }

  // Lambda sends one event at a time; the queue keeps number k+1 behind k wherever that is not so.
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const value = underWay === 0 ? act() : queue.then(act)
    underWay += 1
    queue = value.then(oneLess, oneLess)
    return value
  }

  const settleOnce = (admission: Admission, usage: Usage, recordOf?: RecordOf) =>
    inTurn(() => settleNext(admission, usage, recordOf))

  const prepare: Meter['prepare'] = (admission) => {
    if (openIn(admission)) return undefined
    const chain = inTurn(() => chainFor(admission))
    prepared = { admission, chain }
    return chain.catch(() => undefined)
  }

  return {
    admit,
    prepare,
    settle: async (admission, usage) => {
      const settled = await settleOnce(admission, usage)
      if (settled.kind === 'charged') return settled.charge
      throw new PercallError('INTERNAL', 'ledger: expected a row without a record, got a record')
    },
    settleOnce,
    end: async () => {
      await queue
      const open = [...chains.values()]
      chains.clear()
      await Promise.allSettled(open.map((chain) => ports.putSlot(chain.id, nextClosed(chain))))
    },
  }
}
