import { type Nano, toNano } from '../billing/money.ts'
import { nextMonth, type Payer } from '../billing/plan.ts'
import type { KeyRoom, KeyTake } from './key-spending.ts'
import type { UsageRow } from './usage-row.ts'

/**
 * Credit in escrow for the rows of one chain, kept in the item that opens the chain: both are there or neither is.
 * While it is open its size is missing from `available` of the item that pays; settled, what was not used is back.
 */
export type Lease = {
  readonly payer: Payer
  readonly sizeNano: Nano
  /** The key whose limit holds as well. */
  readonly keyId?: string
  /** It is counted in the key's own item of the month; absent in leases of an older release, which counted in that of the payer. */
  readonly keyItem?: true
  /** From then on whoever finds it closes its chain; a reservation has its deadline. */
  readonly expiresAtMs: number
  readonly state: 'open' | 'settled'
  /** What its rows cost and how many there are, once settled. */
  readonly sumNano?: Nano
  readonly count?: number
}

/** What pays. `total = available + leased + spent`, always; of the kind `unlimited` there is no total, nor available. */
export type Balance = {
  readonly id: string
  readonly consumerId: string
  /** All credits, the cap of a month, or what is free in it. */
  readonly totalNano?: Nano
  readonly availableNano?: Nano
  /** Of all open leases. */
  readonly leasedNano: Nano
  readonly leases: number
  /** Leases ever taken of it: between two reads that are alike in all else, one may have been settled and another opened. */
  readonly taken?: number
  /** Of all settled leases. */
  readonly spentNano: Nano
  /** The largest share of a cap that its consumer was told of. */
  readonly warnedPercent?: number
  /** Leased or spent by a key with a limit in a month, of an older release. */
  readonly used: Readonly<Record<string, Nano>>
}

/** A limited key's place in `used` of a balance item. */
export const usedName = (keyId: string, month: string): string => `${keyId}/${month}`

/** Of one lease: an expression of DynamoDB has at most 4 KB. */
const mostOldUsed = 100

/** Clocks are not a month apart: what a key used before the last month is not looked at any more. The first of them. */
export const oldUsed = ({ used }: Pick<Balance, 'used'>, month: string): readonly string[] =>
  Object.keys(used)
    .filter((name) => nextMonth(name.slice(name.lastIndexOf('/') + 1)) < month)
    .slice(0, mostOldUsed)

/** What an opening takes. */
export type LeaseToOpen = Lease & {
  readonly key?: KeyTake
  /** Names in `used` that are of months long gone. */
  readonly old: readonly string[]
  /** The month's item is not there: it is made of the consumer's record as it was read. */
  readonly make?: { readonly totalNano: Nano; readonly revision: number; readonly months: readonly string[] }
}

/** The lease as its chain's opening item keeps it. */
export const keptLease = ({ key: _, old: __, make: ___, ...lease }: LeaseToOpen): Lease => lease

/** Why nobody pays. */
export type Short = {
  readonly reason: 'balance' | 'cap' | 'key limit'
  /** What may still be leased. */
  readonly leftNano: Nano
  /** Leases are open whose rest may come back. */
  readonly mayComeBack: boolean
}

const leaseMinutes = 1
/** Also what a killed environment keeps from its consumer, at most. */
export const leaseLifeMs = leaseMinutes * 60_000

/** At most this share of what is available goes into one lease, so that others find something too. */
const smallestShare = 32

/**
 * Steady traffic doubles a lease that was used up; one that was not is as large as what was used of it.
 * Never less than the call at hand, never more than a small share of what is available.
 */
export const leaseSize = (
  needNano: Nano,
  availableNano: number,
  before: { readonly sizeNano: Nano; readonly leftNano: Nano; readonly expired: boolean } | undefined,
): Nano => {
  const wanted = before ? (before.expired ? before.sizeNano - before.leftNano : 2 * before.sizeNano) : needNano
  const most = Math.floor(availableNano / smallestShare)
  return toNano(Math.max(needNano, Math.min(wanted, most)))
}

/** Undefined when `needNano` may be leased of this item, by a key with so much room. */
export const shortOf = (
  kind: Payer['kind'],
  balance: Pick<Balance, 'availableNano' | 'leases'>,
  needNano: Nano,
  key: KeyRoom | undefined,
): Short | undefined => {
  const { availableNano, leases } = balance
  if (availableNano !== undefined && availableNano < needNano)
    return { reason: kind === 'capped' ? 'cap' : 'balance', leftNano: availableNano, mayComeBack: leases > 0 }
  if (key && key.leftNano < needNano)
    return { reason: 'key limit', leftNano: key.leftNano, mayComeBack: key.leases > 0 }
  return undefined
}

/** What may be leased at most: the smaller of what is available and what the key's limit leaves. */
export const mostOf = ({ availableNano }: Pick<Balance, 'availableNano'>, key: KeyRoom | undefined): number =>
  Math.min(availableNano ?? Number.MAX_SAFE_INTEGER, key?.leftNano ?? Number.MAX_SAFE_INTEGER)

export type Settlement = { readonly sumNano: Nano; readonly count: number }

/** What the rows of a closed chain come to. */
export const settlementOf = (slots: readonly (UsageRow | { readonly kind: string })[]): Settlement => {
  const rows = slots.filter((slot): slot is UsageRow => slot.kind === 'row')
  return { sumNano: toNano(rows.reduce((sum, { costNano }) => sum + costNano, 0)), count: rows.length }
}
