import type { Principal } from '../access/principal.ts'
import type { Nano } from '../billing/money.ts'
import { needsLease } from '../billing/plan.ts'
import type { Price } from '../billing/price.ts'
import type { Recorded } from '../call/idempotency.ts'
import { PercallError } from '../errors.ts'
import type { Hour } from './hour.ts'
import { keptLease, type LeaseToOpen } from './lease.ts'
import { type LeaseOffer, type LeasePorts, underLease } from './open-lease.ts'
import { type Reservation, reserve } from './reservation.ts'

/**
 * Puts the chain into the index of its hour, with its lease and all else that begins with it, in one transaction named by its id.
 * `marked`: the hour is being folded; `recorded`: the caller's key stands for an earlier request; `short`, `stale`: as OpenChain.
 */
export type PutReservation = (
  reservation: Reservation,
  lease?: LeaseToOpen,
) => Promise<
  | { readonly kind: 'opened' | 'marked' | 'unknown' | 'short' | 'stale' }
  | Recorded
  | { readonly kind: 'refused'; readonly cause: unknown }
>

export type OpenReservationPorts = LeasePorts & {
  readonly priceAt: (model: string, hour: Hour) => Promise<Price | undefined>
  /** Random and unique, at most 36 characters. */
  readonly newId: (nowMs: number) => string
}

export type Opened = { readonly kind: 'opened'; readonly reservation: Reservation } | Recorded

/** What is to be reserved: `mostCost` of the price in force is the most that the work may cost. */
export type ToReserve = {
  readonly principal: Principal
  readonly model: string
  readonly origin: Reservation['origin']
  readonly mostCost: (price: Price | undefined) => Nano
}

const mostTries = 3
// One for an hour mark of a clock that is behind, one to spare.
const mostAdmissions = 3

/** What came of one opening: repeated unchanged while its outcome is unknown. Throws as openReservation. */
const putOnce = async (put: PutReservation, reservation: Reservation, lease: LeaseToOpen | undefined) => {
  let outcome = await put(reservation, lease)
  const mayLand = outcome.kind === 'unknown'
  for (let tries = 1; tries < mostTries && outcome.kind === 'unknown'; tries++) outcome = await put(reservation, lease)
  if (outcome.kind === 'refused' && !mayLand)
    throw new PercallError('NOT_READY', 'ledger: the opening of a reservation was refused', { cause: outcome.cause })
  if (outcome.kind === 'refused' || outcome.kind === 'unknown')
    throw new PercallError('OUTCOME_UNKNOWN', 'ledger: the opening of a reservation had no answer')
  return outcome.kind === 'recorded' ? outcome : { kind: outcome.kind, reservation }
}

/**
 * Admits an asynchronous call or a batch and opens its chain, which holds the most that it may cost where the caller's calls
 * are capped. A marked hour sets the clock of this admission to the next hour. Throws PAYMENT_REQUIRED, LEDGER_BUSY,
 * NOT_READY (nothing was opened) and OUTCOME_UNKNOWN (an empty chain may be open; its deadline closes it, and it is free).
 */
export const openReservation =
  (ports: OpenReservationPorts) =>
  async ({ principal, model, origin, mostCost }: ToReserve, put: PutReservation): Promise<Opened> => {
    const { now, hourAt, priceAt, newId } = ports
    let earliestMs = now()
    for (let admissions = 0; admissions < mostAdmissions; admissions++) {
      const admittedAtMs = Math.max(now(), earliestMs)
      const hour = hourAt(admittedAtMs)
      const price = principal.role === 'owner' ? undefined : await priceAt(model, hour)
      const admission = { principal, model, admittedAtMs, hour, ...(price && { price }) }
      const attempt = (offer?: LeaseOffer) => {
        const reservation = reserve(newId(admittedAtMs), origin, admission)
        return putOnce(put, offer ? { ...reservation, lease: keptLease(offer.lease) } : reservation, offer?.lease)
      }
      const needNano = mostCost(price)
      const { deadlineMs: expiresAtMs } = reserve('', origin, admission)
      const outcome =
        needNano > 0 && needsLease(principal.account, principal.limit)
          ? await underLease(ports)({ principal, hour, needNano, expiresAtMs, exact: true }, attempt)
          : await attempt()
      if (outcome.kind === 'recorded') return outcome
      if (outcome.kind === 'opened') return { kind: 'opened', reservation: outcome.reservation }
      earliestMs = hour.endMs
    }
    throw new PercallError('NOT_READY', `ledger: no hour was open in ${mostAdmissions} admissions`)
  }
