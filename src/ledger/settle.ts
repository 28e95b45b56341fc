import type { Principal } from '../access/principal.ts'
import { type Nano, zeroNano } from '../billing/money.ts'
import { needsLease, payersOf } from '../billing/plan.ts'
import { costOf, type Price, type Quantities, unitsOf } from '../billing/price.ts'
import type { Admission, Charge, Usage } from '../call/charge.ts'
import type { Recorded } from '../call/idempotency.ts'
import { PercallError } from '../errors.ts'
import type { Admit, Settle } from '../ports.ts'
import { type AppendPorts, appendRow, type RecordOfRow } from './append-row.ts'
import { advance, type Chain, chargeOf, emptyChain, nextRow, type OpenChain } from './chain.ts'
import type { Hour, HourAt } from './hour.ts'
import { keptLease, leaseLifeMs } from './lease.ts'
import { type LeaseOffer, type LeasePorts, underLease } from './open-lease.ts'
import { finishOwn } from './settle-lease.ts'
import type { UsageRow } from './usage-row.ts'

export type LedgerPorts = AppendPorts &
  LeasePorts & {
    readonly hourAt: HourAt
    readonly priceAt: (model: string, hour: Hour) => Promise<Price | undefined>
    readonly openChain: OpenChain
    /** Random and unique, at most 36 characters: it is the token of the opening transaction. */
    readonly newId: () => string
  }

export type Meter = {
  readonly admit: Admit
  /**
   * Begins to open the chain of an admission that uses at most so much; undefined where it is open. Where the caller's calls are
   * capped it throws what `settle` would throw, before anything is run; else only a cost that is too large, and `settle` tells
   * what came of it.
   */
  readonly prepare: (admission: Admission, most: Quantities) => Promise<unknown> | undefined
  readonly settle: Settle
  /** Writes the row and the record of the caller's key together; `recorded`: the key stands for an earlier call, and this one is free. Throws as Settle. */
  readonly settleOnce: (
    admission: Admission,
    usage: Usage,
    recordOf: RecordOfRow,
  ) => Promise<{ readonly kind: 'charged'; readonly charge: Charge } | Recorded>
  /** Closes every chain of this environment, when it is told to end. One that stays open under a lease is closed by the sweep. */
  readonly end: () => Promise<void>
}

// Each try is up to three attempts of the SDK; together they stay below the gateway's 30 s.
const mostTries = 2
// One for an hour mark, one for a closed chain, one to spare.
const mostAdmissions = 4
// An hour's first calls close the chains of the hour before, a few a call.
const mostClosedPerCall = 8

/** A key with a limit has chains of its own. */
const placeOf = ({ consumerId, limit }: Principal): string => (limit ? `${consumerId}/${limit.keyId}` : consumerId)

const chargeFor = (row: UsageRow, { held }: Chain): Charge => {
  const { units, costNano } = row
  if (held?.availableNano === undefined) return { units, costNano }
  const balanceNano = held.availableNano + held.leftNano - costNano
  return {
    units,
    costNano,
    balance: { leftNano: balanceNano, ofNano: held.totalNano ?? 0, kind: held.lease.payer.kind },
  }
}

/** The environment chains of one execution environment: one place and hour each, one put at a time. Has a life. */
export const createMeter = (ports: LedgerPorts): Meter => {
  const chains = new Map<string, Chain>()
  let earliestMs = 0
  let queue: Promise<unknown> = Promise.resolve()
  let prepared: { readonly admission: Admission; readonly chain: Promise<Chain | undefined> } | undefined

  const now = (): number => Math.max(ports.now(), earliestMs)

  const admit = async (principal: Principal, model: string): Promise<Admission> => {
    const admittedAtMs = now()
    const hour = ports.hourAt(admittedAtMs)
    const price = principal.role === 'owner' ? undefined : await ports.priceAt(model, hour)
    return { principal, model, admittedAtMs, hour, ...(price && { price }) }
  }

  /** Whether a call that costs this may be written to the chain: what is free needs no lease. */
  const covers = ({ held }: Chain, { account, limit }: Principal, costNano: Nano): boolean => {
    if (costNano === 0) return true
    if (!held) return !needsLease(account, limit)
    const { payer } = held.lease
    // A record that is older than the lease, of a cache, says nothing of who pays.
    const isNews = account && account.revision > (held.revision ?? 0)
    if (isNews && !payersOf(account, payer.consumerId, payer.month).some(({ id }) => id === payer.id)) return false
    return held.leftNano >= costNano && now() < held.lease.expiresAtMs
  }

  const openIn = ({ principal, hour }: Admission, costNano: Nano): Chain | undefined => {
    const open = chains.get(placeOf(principal))
    return open?.hour === hour.label && covers(open, principal, costNano) ? open : undefined
  }

  // Whatever comes of it is right: the sweep finishes what stays open under a lease; another chain may stay open.
  const finish = (stale: readonly Chain[]): Promise<unknown> =>
    Promise.allSettled(stale.map((chain) => finishOwn(ports, chain)))

  const closeStale = async (hour: string): Promise<void> => {
    const stale = [...chains].filter(([, chain]) => chain.hour !== hour).slice(0, mostClosedPerCall)
    for (const [place] of stale) chains.delete(place)
    await finish(stale.map(([, chain]) => chain))
  }

  const openFor = async (chain: Chain, offer?: LeaseOffer) => {
    let opening = await ports.openChain(chain, offer?.lease)
    for (let tries = 1; opening.kind === 'unknown' && tries < mostTries; tries++)
      opening = await ports.openChain(chain, offer?.lease)
    // No row was sent, so the call is free; if the opening landed, its chain is empty.
    if (opening.kind === 'refused' || opening.kind === 'unknown')
      throw new PercallError('NOT_READY', `ledger: expected a chain to open, the opening was ${opening.kind}`, {
        cause: 'cause' in opening ? opening.cause : undefined,
      })
    return { kind: opening.kind, chain }
  }

  const newChain = ({ principal, hour }: Admission, offer?: LeaseOffer): Chain => {
    const chain = emptyChain(ports.sha256, ports.newId(), principal.consumerId, hour.label)
    if (!offer) return chain
    const { lease, balance, revision } = offer
    const { availableNano, totalNano } = balance
    const amounts = availableNano !== undefined && {
      availableNano: (availableNano - lease.sizeNano) as Nano,
      ...(totalNano !== undefined && { totalNano }),
    }
    return {
      ...chain,
      held: {
        lease: keptLease(lease),
        leftNano: lease.sizeNano,
        ...amounts,
        ...(revision !== undefined && { revision }),
      },
    }
  }

  /** Opens a chain, under a lease where the call needs one; what the place held before is given back first. */
  const openNew = async (admission: Admission, costNano: Nano) => {
    const { principal, hour } = admission
    if (costNano === 0 || !needsLease(principal.account, principal.limit)) return openFor(newChain(admission))
    const place = placeOf(principal)
    const held = chains.get(place)
    if (held) {
      chains.delete(place)
      await finish([held])
    }
    const before = held?.held && {
      sizeNano: held.held.lease.sizeNano,
      leftNano: held.held.leftNano,
      expired: held.held.leftNano >= costNano,
    }
    const expiresAtMs = now() + leaseLifeMs
    const request = { principal, hour, needNano: costNano, expiresAtMs, ...(before && { before }) }
    return await underLease(ports)(request, (offer) => openFor(newChain(admission, offer), offer))
  }

  /** A chain of the admission's hour that covers the cost; undefined when that hour is marked and the clock was set forward. */
  const chainFor = async (admission: Admission, costNano: Nano): Promise<Chain | undefined> => {
    const open = openIn(admission, costNano)
    if (open) return open
    const { principal, hour } = admission
    const opening = openNew(admission, costNano)
    // Nothing may be under way when an answer leaves, a refusal neither.
    const closing = closeStale(hour.label)
    const { kind, chain } = await opening.finally(() => closing)
    if (kind === 'marked') {
      earliestMs = Math.max(earliestMs, hour.endMs)
      return undefined
    }
    const place = placeOf(principal)
    const other = chains.get(place)
    chains.set(place, chain)
    if (other) await finish([other])
    return chain
  }

  /** The same; where it was opened ahead of this call, what came of that, so that nothing is tried twice. */
  const preparedChain = async (admission: Admission, costNano: Nano): Promise<Chain | undefined> => {
    const ahead = prepared?.admission === admission ? prepared.chain : undefined
    // Also another's: this call is about to write to the chain that it holds.
    prepared = undefined
    if (!ahead) return await chainFor(admission, costNano)
    const chain = await ahead
    return chain && !covers(chain, admission.principal, costNano) ? await chainFor(admission, costNano) : chain
  }

  const settleNext = async (
    first: Admission,
    usage: Usage,
    recordOf?: RecordOfRow,
  ): Promise<{ readonly kind: 'charged'; readonly charge: Charge } | Recorded> => {
    const nonce = ports.newId()
    const place = placeOf(first.principal)
    let admission = first
    for (let admissions = 1; admissions <= mostAdmissions; admissions++) {
      const charged = chargeOf(admission, usage, nonce)
      const chain = await preparedChain(admission, charged.costNano)
      if (chain) {
        const row = nextRow(chain, charged)
        // Thrown or not, a chain whose last put is not known is not used again.
        chains.delete(place)
        const appended = await appendRow(ports)(chain, row, recordOf).catch((thrown: unknown) => {
          if (thrown instanceof PercallError && thrown.code === 'NOT_READY') chains.set(place, chain)
          throw thrown
        })
        if (appended.kind === 'recorded') {
          chains.set(place, chain)
          return appended
        }
        if (appended.kind === 'written') {
          if (!appended.ended) chains.set(place, advance(ports.sha256, chain, row))
          return { kind: 'charged', charge: chargeFor(row, chain) }
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

  const settleOnce = (admission: Admission, usage: Usage, recordOf?: RecordOfRow) =>
    inTurn(() => settleNext(admission, usage, recordOf))

  const prepare: Meter['prepare'] = (admission, most) => {
    const { price, principal } = admission
    const costNano = price ? costOf(price, unitsOf(price.unit, most)) : zeroNano
    if (openIn(admission, costNano)) return undefined
    const chain = inTurn(() => chainFor(admission, costNano))
    prepared = { admission, chain }
    return needsLease(principal.account, principal.limit) ? chain : chain.catch(() => undefined)
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
      await finish(open)
    },
  }
}
