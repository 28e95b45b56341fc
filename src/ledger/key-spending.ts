import { type Nano, toNano, zeroNano } from '../billing/money.ts'
import type { KeyLimit } from '../billing/plan.ts'

/** What a key with a limit leased or spent in a month: one item for each key and month, whoever pays. */
export type KeySpending = {
  readonly consumerId: string
  /** The key as which it is counted. */
  readonly keyId: string
  readonly month: string
  /** The sizes of its open leases, and what the settled ones came to. */
  readonly usedNano: Nano
  /** Open ones. */
  readonly leases: number
  /** Leases ever taken: tells two states apart that are alike in all else. */
  readonly taken: number
  /** Leases of an older release were counted in the items of their payers, and count as well. */
  readonly older?: true
}

/** The same as an opening reads it. */
export type KeySpent = Pick<KeySpending, 'usedNano' | 'leases'> & {
  /** What lies in the items of payers, of an older release. */
  readonly olderNano: Nano
}

/** By consistent reads. */
export type ReadKeySpent = (of: Pick<KeySpending, 'consumerId' | 'keyId' | 'month'>) => Promise<KeySpent>

/** All keys of a consumer that have an item in a month. */
export type ListKeySpendings = (consumerId: string, month: string) => Promise<readonly KeySpending[]>

/** What the transaction of a lease checks: the key's item holds at most `mostNano` behind it. */
export type KeyTake = { readonly keyId: string; readonly mostNano: Nano; readonly older?: true }

/** What a limit leaves, with what a lease under it takes. */
export type KeyRoom = { readonly leftNano: Nano; readonly leases: number; readonly take: KeyTake }

/** Nothing is left, too, where the limit was lowered below what the key used. */
export const keyRoom = ({ keyId, limitNano }: KeyLimit, { usedNano, leases, olderNano }: KeySpent): KeyRoom => {
  const mostNano = toNano(Math.max(0, limitNano - olderNano))
  return {
    leftNano: toNano(Math.max(0, mostNano - usedNano)),
    leases,
    take: { keyId, mostNano, ...(olderNano !== zeroNano && { older: true }) },
  }
}
