import { hashOf, type Sha256 } from './chain.ts'
import { settlementOf } from './lease.ts'
import type { ReservedSlot } from './reservation.ts'
import type { Opening } from './sweep-leases.ts'
import type { ChainDigest } from './totals.ts'

const hashOfSlot = (sha256: Sha256, chainId: string, slot: ReservedSlot): string =>
  slot.kind === 'manifest'
    ? sha256(JSON.stringify([chainId, slot.kind, slot.number, slot.shards]))
    : hashOf(sha256, chainId, slot)

/** Before the first slot: over what opened the chain, and what its lease came to. `slots` of a chain with a lease are all of it. */
export const beginDigest = (sha256: Sha256, opening: Opening, slots: readonly ReservedSlot[]): string => {
  const { id, consumerId, kind, hour, lease } = opening
  const { sumNano, count } = lease?.state === 'settled' ? lease : settlementOf(lease ? slots : [])
  const paid = lease ? [lease.payer.id, lease.sizeNano, lease.keyId ?? null, sumNano ?? null, count ?? null] : null
  return sha256(JSON.stringify([id, consumerId, kind, hour, paid]))
}

/** Goes on with slots that cannot change any more, in their order: the same in one go as page by page. */
export const addToDigest = (sha256: Sha256, chainId: string, begun: string, slots: readonly ReservedSlot[]): string => {
  let hash = begun
  for (const slot of slots) hash = sha256(hash + hashOfSlot(sha256, chainId, slot))
  return hash
}

/** Text order, not that of a language: the same everywhere. */
export const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const byConsumer = (a: Pick<ChainDigest, 'consumerId' | 'id'>, b: typeof a): number =>
  inOrder(a.consumerId, b.consumerId) || inOrder(a.id, b.id)

/** Of an hour: over the digests of its chains in the order in which they are kept, its place among all hours, and the hash of the record before it. */
export const hashOfHour = (
  sha256: Sha256,
  { hour, number, previous }: { readonly hour: string; readonly number: number; readonly previous: string },
  digests: Iterable<ChainDigest>,
): string => {
  let hash = sha256(JSON.stringify([hour, number, previous]))
  for (const digest of digests) hash = sha256(hash + digest.hash)
  return hash
}
