import { PercallError } from './errors.ts'
import type { Hour } from './hour.ts'
import type { Recorded } from './idempotency.ts'
import type { Price } from './price.ts'
import type { Principal } from './principal.ts'
import { type Reservation, reserve } from './reservation.ts'

/**
 * Puts the chain into the index of its hour, with all else that begins with it, in one transaction named by its id.
 * `marked`: the hour is being folded; `recorded`: the caller's key stands for an earlier request; then nothing was put.
 */
export type PutReservation = (
  reservation: Reservation,
) => Promise<
  { readonly kind: 'opened' | 'marked' | 'unknown' } | Recorded | { readonly kind: 'refused'; readonly cause: unknown }
>

export type OpenReservationPorts = {
  readonly now: () => number
  readonly hourAt: (ms: number) => Hour
  readonly priceAt: (model: string, hour: Hour) => Promise<Price | undefined>
  /** Random and unique, at most 36 characters. */
  readonly newId: (nowMs: number) => string
}

export type Opened = { readonly kind: 'opened'; readonly reservation: Reservation } | Recorded

const mostTries = 3
// One for an hour mark of a clock that is behind, one to spare.
const mostAdmissions = 3

/**
 * Admits an asynchronous call or a batch and opens its chain. A marked hour sets the clock of this admission to the next hour.
 * Throws NOT_READY (nothing was opened) and OUTCOME_UNKNOWN (an empty chain may be open; its deadline closes it, and it is free).
 */
export const openReservation =
  ({ now, hourAt, priceAt, newId }: OpenReservationPorts) =>
  async (principal: Principal, model: string, origin: Reservation['origin'], put: PutReservation): Promise<Opened> => {
    let earliestMs = now()
    for (let admissions = 0; admissions < mostAdmissions; admissions++) {
      const admittedAtMs = Math.max(now(), earliestMs)
      const hour = hourAt(admittedAtMs)
      const price = principal.role === 'owner' ? undefined : await priceAt(model, hour)
      const admission = { principal, model, admittedAtMs, hour, ...(price && { price }) }
      const reservation = reserve(newId(admittedAtMs), origin, admission)
      let outcome = await put(reservation)
      const mayLand = outcome.kind === 'unknown'
      for (let tries = 1; tries < mostTries && outcome.kind === 'unknown'; tries++) outcome = await put(reservation)
      if (outcome.kind === 'opened') return { kind: 'opened', reservation }
      if (outcome.kind === 'recorded') return outcome
      if (outcome.kind === 'marked') earliestMs = hour.endMs
      else if (outcome.kind === 'refused' && !mayLand)
        throw new PercallError('NOT_READY', 'ledger: the opening of a reservation was refused', {
          cause: outcome.cause,
        })
      else throw new PercallError('OUTCOME_UNKNOWN', 'ledger: the opening of a reservation had no answer')
    }
    throw new PercallError('NOT_READY', `ledger: no hour was open in ${mostAdmissions} admissions`)
  }
