import { ownerId } from '../access/consumer.ts'
import type { Principal } from '../access/principal.ts'
import { type Nano, toNano } from '../billing/money.ts'
import { costOf, type PriceUnit, quantitiesOf, unitsOf } from '../billing/price.ts'
import type { Admission, Usage } from '../call/charge.ts'
import type { IdempotencyRecord, Recorded } from '../call/idempotency.ts'
import type { Lease, LeaseToOpen } from './lease.ts'
import type { UsageRow } from './usage-row.ts'

/** What ends a chain: nothing lands after it. */
export type Closed = { readonly kind: 'closed'; readonly number: number; readonly previous: string }

export type Slot = UsageRow | Closed

/** What one environment writes for one consumer in one hour. `last` is the number known to be written. */
export type Chain = {
  readonly kind: 'environment'
  readonly id: string
  readonly consumerId: string
  readonly hour: string
  readonly last: number
  readonly lastHash: string
  /** What pays for its rows; absent where nothing is capped, or all its rows are free. */
  readonly held?: HeldLease
}

/** A lease in the hand of the environment that opened it. */
export type HeldLease = {
  readonly lease: Lease
  /** Less all rows that are known to be written. */
  readonly leftNano: Nano
  /** What was available besides when it was opened, and what there was in all; absent where there is no such thing. */
  readonly availableNano?: Nano
  readonly totalNano?: Nano
  /** Of the consumer's record by which its payer was chosen. */
  readonly revision?: number
}

/** Lower-case hex digest. */
export type Sha256 = (text: string) => string

/**
 * Whether a chain is in the index of its hour. `marked`: the hour is being folded, for good; `short`: the item that pays has
 * not enough; `stale`: the month's item was made, or the consumer's record changed, since they were read.
 */
export type OpenChain = (chain: Chain, lease?: LeaseToOpen) => Promise<ChainOpening>

export type ChainOpening =
  | { readonly kind: 'opened' | 'marked' | 'unknown' | 'short' | 'stale' }
  | { readonly kind: 'refused'; readonly cause: unknown }

/**
 * Puts a slot if absent. `refused`: every attempt was answered by a refusal, so it certainly did not land;
 * `unknown`: an attempt had no answer, so it may have landed or may land later.
 */
export type PutSlot<Kind = Slot> = (chainId: string, slot: Kind) => Promise<Outcome<Kind>>

export type Outcome<Kind = Slot> =
  | { readonly kind: 'written' | 'unknown' }
  | { readonly kind: 'occupied'; readonly by: Kind }
  | { readonly kind: 'refused'; readonly cause: unknown }

/** A keyed row's transaction; to be repeated unchanged. `token` names it, `nowMs` judges whether a record that is there is live. */
export type RecordedPut = { readonly record: IdempotencyRecord; readonly nowMs: number; readonly token: string }

/**
 * Puts a row and the record of its caller's key, if both are absent: both or neither.
 * `recorded`: the key stands for another call; one's own row, which has its record beside it, is `occupied`.
 */
export type PutRecordedRow = (chainId: string, row: UsageRow, put: RecordedPut) => Promise<Outcome | Recorded>

/** All slots of a chain in order, by consistent reads. */
export type ReadChain<Kind = Slot> = (chainId: string) => Promise<readonly Kind[]>

/** Hash of a slot over all its fields in a fixed order, the hash before it among them: an altered row breaks the links. */
export const hashOf = (sha256: Sha256, chainId: string, slot: Slot): string =>
  sha256(
    JSON.stringify(
      slot.kind === 'closed'
        ? [chainId, slot.kind, slot.number, slot.previous]
        : [
            chainId,
            slot.kind,
            slot.number,
            slot.previous,
            slot.nonce,
            slot.keyId,
            slot.model,
            slot.version,
            slot.origin,
            slot.admittedAtMs,
            slot.unit,
            slot.units,
            slot.costNano,
            slot.priceId ?? null,
            slot.durationMs,
            slot.cold,
            slot.requestId,
          ],
    ),
  )

export const emptyChain = (sha256: Sha256, id: string, consumerId: string, hour: string): Chain => ({
  kind: 'environment',
  id,
  consumerId,
  hour,
  last: 0,
  lastHash: sha256(id),
})

// A spread that comes first is a copy; behind other members it costs one look-up a member.
/** The row that charges one call, at the next number of its chain. */
export const nextRow = (chain: Chain, charged: ReturnType<typeof chargeOf>): UsageRow => ({
  ...charged,
  kind: 'row',
  number: chain.last + 1,
  previous: chain.lastHash,
  origin: 'sync',
})

/** The unit of a call without a price: an owner's, which no price is read for, counts rows as its batches do. */
export const freeUnitOf = (consumerId: string): PriceUnit => (consumerId === ownerId ? 'row' : 'call')

/** What a row says of the call that it charges, whichever chain it is in. */
export const chargeOf = (
  {
    principal,
    admittedAtMs,
    price,
  }: Pick<Admission, 'admittedAtMs' | 'price'> & { principal: Pick<Principal, 'keyId' | 'consumerId'> },
  usage: Usage,
  nonce: string,
): Omit<UsageRow, 'kind' | 'number' | 'previous' | 'origin'> => {
  const unit = price?.unit ?? freeUnitOf(principal.consumerId)
  const units = unitsOf(unit, quantitiesOf(usage))
  const charge = {
    nonce,
    keyId: principal.keyId,
    model: usage.model,
    version: usage.version,
    admittedAtMs,
    unit,
    units,
    costNano: costOf(price, units),
    durationMs: usage.durationMs,
    cold: usage.cold,
    requestId: usage.requestId,
  }
  return price ? { ...charge, priceId: price.id } : charge
}

export const nextClosed = (chain: Chain): Closed => ({
  kind: 'closed',
  number: chain.last + 1,
  previous: chain.lastHash,
})

/** The chain once a row of it is known to be written. */
export const advance = (sha256: Sha256, chain: Chain, row: UsageRow): Chain => ({
  ...chain,
  last: row.number,
  lastHash: hashOf(sha256, chain.id, row),
  ...(chain.held && { held: { ...chain.held, leftNano: toNano(chain.held.leftNano - row.costNano) } }),
})

/** Where the reading of a chain stands: its last slot, the hash of that, and whether it closes the chain. */
export type ChainPlace = { readonly number: number; readonly link: string; readonly isClosed: boolean }

export const beginOfChain = (sha256: Sha256, chainId: string): ChainPlace => ({
  number: 0,
  link: sha256(chainId),
  isClosed: false,
})

/** The first fault of slots that were read back behind a place: a gap, a broken link, a slot after `closed`. Undefined when they are whole. */
export const faultOf = (
  sha256: Sha256,
  chainId: string,
  slots: readonly Slot[],
  begun = beginOfChain(sha256, chainId),
): string | undefined => {
  let { number, link, isClosed } = begun
  for (const slot of slots) {
    number += 1
    if (isClosed) return `slot ${slot.number}: after closed`
    if (slot.number !== number) return `slot ${slot.number}: expected number ${number}`
    if (slot.previous !== link) return `slot ${slot.number}: expected the hash of the slot before it`
    isClosed = slot.kind === 'closed'
    link = hashOf(sha256, chainId, slot)
  }
  return undefined
}
