import { type Nano, zeroNano } from '../billing/money.ts'
import { costOf, type Price, type Quantities, unitsOf } from '../billing/price.ts'
import type { Admission, Usage } from '../call/charge.ts'
import { PercallError } from '../errors.ts'
import { type Closed, chargeOf, type Outcome, type PutSlot, type ReadChain } from './chain.ts'
import { type Lease, settlementOf } from './lease.ts'
import type { SettleLease } from './settle-lease.ts'
import type { UsageRow } from './usage-row.ts'

/**
 * The chain of one asynchronous call or one batch: a fixed set of slots that any worker may fill, in the hour of its admission.
 * It holds what was fixed at admission, so that whoever writes a row needs nothing else.
 */
export type Reservation = {
  readonly kind: 'reservation'
  /** Id of the chain, of the call or batch, and name of its execution. */
  readonly id: string
  readonly origin: 'async' | 'batch'
  readonly consumerId: string
  readonly keyId: string
  readonly model: string
  readonly hour: string
  readonly admittedAtMs: number
  /** After this moment whoever finds the chain open closes it. */
  readonly deadlineMs: number
  /** Absent: the work is free. */
  readonly price?: Price
  /** What pays for all of its rows, of the most that they may cost; absent where nothing is capped. */
  readonly lease?: Lease
}

/** Slot 0 of a batch: how many shards, and so slots, it has. */
export type ShardManifest = { readonly kind: 'manifest'; readonly number: 0; readonly shards: number }

export type ReservedSlot = UsageRow | ShardManifest | Closed

const minuteMs = 60_000
/** Three attempts of 15 minutes and Lambda's pauses between them; a batch's machine ends in four hours. */
const deadlines = { async: 90 * minuteMs, batch: 270 * minuteMs } as const
export const longestReservationMs = deadlines.batch

/** What an asynchronous call's row has as its number; a batch's shards have 1 to N. */
export const callSlot = 1
const manifestSlot = 0

export const reserve = (id: string, origin: Reservation['origin'], admission: Admission): Reservation => ({
  kind: 'reservation',
  id,
  origin,
  consumerId: admission.principal.consumerId,
  keyId: admission.principal.keyId,
  model: admission.model,
  hour: admission.hour.label,
  admittedAtMs: admission.admittedAtMs,
  deadlineMs: admission.admittedAtMs + deadlines[origin],
  ...(admission.price && { price: admission.price }),
})

const batchUnits = (unit: Price['unit'], quantities: Quantities): number =>
  unitsOf(unit === 'call' ? 'row' : unit, quantities)

const batchCost = (price: Price | undefined, units: number): Nano =>
  costOf(price && { ...price, minimumPerCallNano: zeroNano }, units)

/** The most that work may cost which uses at most so much. */
export const mostCost = (origin: Reservation['origin'], price: Price | undefined, most: Quantities): Nano => {
  if (!price) return zeroNano
  return origin === 'batch' ? batchCost(price, batchUnits(price.unit, most)) : costOf(price, unitsOf(price.unit, most))
}

/**
 * The row that charges a slot. A batch is charged by its rows: without the minimum of a call, and where the unit is a call,
 * each of its rows is one, so that the cost does not depend on how it was split.
 */
const reservedRow = (reservation: Reservation, number: number, usage: Usage, nonce: string): UsageRow => {
  const { origin, keyId, consumerId, admittedAtMs, price } = reservation
  const row = chargeOf({ principal: { keyId, consumerId }, admittedAtMs, ...(price && { price }) }, usage, nonce)
  const units = origin === 'batch' ? batchUnits(row.unit, { row: usage.rows, token: row.units }) : row.units
  const costNano = origin === 'batch' ? batchCost(price, units) : row.costNano
  return { kind: 'row', number, previous: '', origin, ...row, units, costNano }
}

type SlotPorts = { readonly putSlot: PutSlot<ReservedSlot>; readonly readChain: ReadChain<ReservedSlot> }

const mostTries = 3

/** What is in a slot after this put: it, or what was there. Throws NOT_READY when it certainly did not land, else OUTCOME_UNKNOWN. */
const settleSlot =
  ({ putSlot, readChain }: SlotPorts) =>
  async (id: string, slot: ReservedSlot): Promise<ReservedSlot> => {
    let outcome: Outcome<ReservedSlot> = { kind: 'unknown' }
    let mayLand = false
    for (let tries = 0; tries < mostTries; tries++) {
      outcome = await putSlot(id, slot)
      if (outcome.kind === 'written') return slot
      if (outcome.kind === 'occupied') return outcome.by
      mayLand ||= outcome.kind === 'unknown'
    }
    const there = (await readChain(id).catch(() => [])).find(({ number }) => number === slot.number)
    if (there) return there
    if (!mayLand)
      throw new PercallError('NOT_READY', `chain ${id}: slot ${slot.number} was refused`, {
        cause: outcome.kind === 'refused' ? outcome.cause : undefined,
      })
    throw new PercallError('OUTCOME_UNKNOWN', `chain ${id}: the put of slot ${slot.number} had no answer`)
  }

/**
 * Charges a slot of the chain: its row is put if absent, so that a retry answers the first row whatever it used itself.
 * `closed`: the chain was closed before; the work ends free, and its result is not delivered.
 * Throws NOT_READY and OUTCOME_UNKNOWN: the worker must come again.
 */
export const chargeSlot =
  (ports: SlotPorts & { readonly newId: () => string }) =>
  async (
    reservation: Reservation,
    number: number,
    usage: Usage,
  ): Promise<{ readonly kind: 'charged'; readonly row: UsageRow } | { readonly kind: 'closed' }> => {
    const there = await settleSlot(ports)(reservation.id, reservedRow(reservation, number, usage, ports.newId()))
    if (there.kind === 'closed') return { kind: 'closed' }
    if (there.kind === 'row') return { kind: 'charged', row: there }
    throw new PercallError('INTERNAL', `chain ${reservation.id}: expected a row in slot ${number}, got its manifest`)
  }

/** Fixes the number of a batch's shards before any of them starts; a second split answers the number that is there. Throws as chargeSlot. */
export const fixShards =
  (ports: SlotPorts) =>
  async (
    { id }: Reservation,
    shards: number,
  ): Promise<{ readonly kind: 'fixed'; readonly shards: number } | { readonly kind: 'closed' }> => {
    const there = await settleSlot(ports)(id, { kind: 'manifest', number: manifestSlot, shards })
    if (there.kind === 'manifest') return { kind: 'fixed', shards: there.shards }
    if (there.kind === 'closed') return { kind: 'closed' }
    throw new PercallError('INTERNAL', `chain ${id}: expected a manifest in slot ${manifestSlot}, got a row`)
  }

const closedSlot = (number: number): Closed => ({ kind: 'closed', number, previous: '' })

/**
 * Closes a batch's chain while it has no shards: true when nothing of it can be charged any more. False: its shards are fixed.
 * Throws as closeReservation.
 */
const closeUnsplit =
  (ports: SlotPorts) =>
  async ({ id }: Pick<Reservation, 'id'>): Promise<boolean> =>
    (await settleSlot(ports)(id, closedSlot(manifestSlot))).kind === 'closed'

/**
 * Closes a reservation chain: `closed`, if absent, into every empty slot; a batch's slot 0 first, after which there are no others.
 * -> all its slots, in order, none of which can change any more. Throws NOT_READY and OUTCOME_UNKNOWN: it may be repeated at any time.
 */
export const closeReservation =
  (ports: SlotPorts) =>
  async ({ id, origin }: Pick<Reservation, 'id' | 'origin'>): Promise<readonly ReservedSlot[]> => {
    const settle = settleSlot(ports)
    if (origin === 'async') return [await settle(id, closedSlot(callSlot))]
    const first = await settle(id, closedSlot(manifestSlot))
    if (first.kind !== 'manifest') return [first]
    const there = await ports.readChain(id).catch((cause: unknown) => {
      throw new PercallError('NOT_READY', `chain ${id}: its slots could not be read`, { cause })
    })
    const slots: ReservedSlot[] = [first]
    for (let number = 1; number <= first.shards; number++)
      slots.push(there.find((slot) => slot.number === number) ?? (await settle(id, closedSlot(number))))
    return slots
  }

/** Settles the lease of a reservation whose slots cannot change any more. False: it must be done again. */
export const settleReservation =
  ({ settleLease }: { readonly settleLease: SettleLease }) =>
  async (reservation: Pick<Reservation, 'id' | 'consumerId' | 'hour' | 'lease'>, slots: readonly ReservedSlot[]) => {
    const { lease } = reservation
    return lease?.state !== 'open' || (await settleLease(reservation, lease, settlementOf(slots)))
  }

type FinishPorts = SlotPorts & { readonly settleLease: SettleLease }

/** Closes a reservation chain and settles its lease. Throws as closeReservation. -> its slots. */
export const finishReservation =
  (ports: FinishPorts) =>
  async (reservation: Reservation): Promise<readonly ReservedSlot[]> => {
    const slots = await closeReservation(ports)(reservation)
    // What is not settled now is settled past its deadline.
    await settleReservation(ports)(reservation, slots).catch(() => false)
    return slots
  }

/** The same of a batch while it has no shards. False: its shards are fixed. */
export const finishUnsplit =
  (ports: FinishPorts) =>
  async (reservation: Reservation): Promise<boolean> => {
    if (!(await closeUnsplit(ports)(reservation))) return false
    await settleReservation(ports)(reservation, []).catch(() => false)
    return true
  }
