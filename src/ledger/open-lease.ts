import type { Principal } from '../access/principal.ts'
import { formatNano, type Nano, zeroNano } from '../billing/money.ts'
import { type Account, monthlyOf, monthOf, nextMonth, noteMonth, type Payer, payersOf } from '../billing/plan.ts'
import { PercallError } from '../errors.ts'
import { type Hour, type HourAt, startOfDay } from './hour.ts'
import { keyRoom, type ReadKeySpent } from './key-spending.ts'
import { type Balance, type LeaseToOpen, leaseSize, mostOf, oldUsed, type Short, shortOf } from './lease.ts'
import { comesBackMs } from './sweep-leases.ts'

export type LeasePorts = {
  readonly now: () => number
  readonly hourAt: HourAt
  /** By a consistent read. */
  readonly readBalance: (payerId: string) => Promise<Balance | undefined>
  readonly readKeySpent: ReadKeySpent
  /** The consumer's record, not from a cache. */
  readonly readAccount: (consumerId: string) => Promise<Account | undefined>
}

export type LeaseRequest = {
  readonly principal: Principal
  readonly hour: Hour
  /** The most that the call at hand may cost. */
  readonly needNano: Nano
  readonly expiresAtMs: number
  /** No more than the call at hand. */
  readonly exact?: true
  /** The lease that this one follows. */
  readonly before?: Parameters<typeof leaseSize>[2]
}

/** A lease that may be opened, the item that it was measured by, and the revision of the record that named the payer. */
export type LeaseOffer = { readonly lease: LeaseToOpen; readonly balance: Balance; readonly revision?: number }

type Refused = { readonly kind: 'short' | 'stale' }

// Each is a race lost to another environment of the same consumer.
const mostRaces = 8

const noBalance = (account: Account | undefined, payer: Payer): Balance => {
  const totalNano = payer.kind === 'prepaid' ? zeroNano : monthlyOf(account, payer)
  const { id, consumerId } = payer
  const amounts = totalNano !== undefined && { totalNano, availableNano: totalNano }
  return { id, consumerId, ...amounts, leasedNano: zeroNano, leases: 0, spentNano: zeroNano, used: {} }
}

/** A read that fails leaves all as it is: the call is free, and may come again. */
const read = async <Value>(reading: Promise<Value>): Promise<Value> => {
  try {
    return await reading
  } catch (cause) {
    throw new PercallError('NOT_READY', 'ledger: what pays for the call could not be read', { cause })
  }
}

const shortText: Readonly<Record<Short['reason'], string>> = {
  balance: 'the balance',
  cap: 'the cap of this month',
  'key limit': 'the limit of this key for this month',
}

const refusalOf = (ports: LeasePorts, { hour, needNano }: LeaseRequest, short: Short): PercallError => {
  const monthEndMs = startOfDay(ports.hourAt, `${nextMonth(monthOf(hour))}-01`)
  const untilMonth = short.reason === 'balance' ? undefined : Math.max(0, monthEndMs - ports.now())
  const waitMs = short.mayComeBack ? Math.min(comesBackMs, untilMonth ?? comesBackMs) : untilMonth
  const left = formatNano(short.leftNano)
  const text = `payment: the call costs up to ${formatNano(needNano)}, ${shortText[short.reason]} has ${left} left`
  return new PercallError('PAYMENT_REQUIRED', text, {
    headers: {
      'percall-balance': left,
      ...(waitMs !== undefined && { 'retry-after': String(Math.ceil(waitMs / 1000)) }),
    },
    members: { reason: short.reason, balance: left },
  })
}

/**
 * Opens a chain under a lease of the first item that can pay: `attempt` puts both in one transaction, each time under a new
 * chain id. Throws PAYMENT_REQUIRED when no item has what this very call may cost, LEDGER_BUSY when others always came first.
 */
export const underLease =
  (ports: LeasePorts) =>
  async <Outcome extends { readonly kind: string }>(
    request: LeaseRequest,
    attempt: (offer: LeaseOffer) => Promise<Outcome | Refused>,
  ): Promise<Exclude<Outcome, Refused>> => {
    const { principal, hour, needNano, expiresAtMs, before } = request
    const { consumerId, limit } = principal
    const month = monthOf(hour)
    let { account } = principal
    let exact = request.exact ?? false

    /** What the key's limit leaves, whoever pays. */
    const roomOf = async () =>
      limit && keyRoom(limit, await read(ports.readKeySpent({ consumerId, keyId: limit.keyId, month })))

    const offerOf = async (payer: Payer, rooming: ReturnType<typeof roomOf>): Promise<LeaseOffer | Short> => {
      const [there, key] = await Promise.all([read(ports.readBalance(payer.id)), rooming])
      const balance = there ?? noBalance(account, payer)
      const short = shortOf(payer.kind, balance, needNano, key)
      if (short) return short
      const makes = !there && account && balance.totalNano !== undefined
      const { revision, months = [] } = account && makes ? noteMonth(account, payer) : { revision: 0 }
      const lease: LeaseToOpen = {
        payer,
        sizeNano: exact ? needNano : leaseSize(needNano, mostOf(balance, key), before),
        ...(key && { keyId: key.take.keyId, keyItem: true, key: key.take }),
        expiresAtMs,
        state: 'open',
        old: oldUsed(balance, month),
        ...(makes && { make: { totalNano: balance.totalNano, revision: revision - 1, months } }),
      }
      return { lease, balance, ...(account && { revision: account.revision }) }
    }

    /** -> what came of it; `short` of all payers, with the last one's reason. */
    const tryPayers = async (): Promise<Outcome | Refused | Short> => {
      let short: Short | undefined
      const rooming = roomOf()
      for (const payer of payersOf(account, consumerId, month)) {
        const offer = await offerOf(payer, rooming)
        if ('lease' in offer) return await attempt(offer)
        short = { ...offer, mayComeBack: offer.mayComeBack || (short?.mayComeBack ?? false) }
      }
      return short ?? { kind: 'stale' }
    }

    let known = account?.revision
    for (let races = 0; races < mostRaces; races++) {
      const outcome = await tryPayers()
      if ('reason' in outcome) {
        // The record may be of the cache: a cap that was raised, a plan that was changed, is seen before a call is refused.
        account = await read(ports.readAccount(consumerId))
        if (account?.revision === known) throw refusalOf(ports, request, outcome)
        known = account?.revision
      } else if (outcome.kind === 'stale') {
        account = await read(ports.readAccount(consumerId))
        known = account?.revision
      } else if (outcome.kind === 'short') {
        exact = true
      } else {
        return outcome as Exclude<Outcome, Refused>
      }
    }
    throw new PercallError('LEDGER_BUSY', `ledger: other calls of ${consumerId} came first ${mostRaces} times`)
  }
