import type { Hour, HourAt } from './hour.ts'
import { leaseLifeMs } from './lease.ts'
import type { Reservation } from './reservation.ts'
import type { OpenedChain } from './settle-lease.ts'

/** What opened a chain, as the index of its hour keeps it. */
export type Opening = ({ readonly kind: 'environment' } & OpenedChain) | Reservation

export type SweepPorts = {
  readonly finishChain: (chain: OpenedChain) => Promise<boolean>
  readonly finishReservation: (reservation: Reservation) => Promise<unknown>
}

/** Clocks differ: a lease is left alone a little longer than it says, so that its own environment replaces it first. */
export const graceMs = 5_000

/** How often leases that are due are looked for. */
const sweepEveryMs = 5 * 60_000

/** By then each lease that is open now is settled, also one whose environment is gone or is not called any more. */
export const comesBackMs = leaseLifeMs + graceMs + sweepEveryMs

/** Whether whoever finds it finishes it. What has no lease stays as it is. */
const isDue = ({ lease }: Opening, nowMs: number): boolean =>
  lease?.state === 'open' && nowMs > lease.expiresAtMs + graceMs

/** Closes and settles each chain whose lease has expired. What fails is found again. -> how many were given back. */
export const sweepLeases =
  ({ finishChain, finishReservation }: SweepPorts) =>
  async (openings: readonly Opening[], nowMs: number): Promise<number> => {
    let settled = 0
    for (const opening of openings.filter((one) => isDue(one, nowMs))) {
      const done = opening.kind === 'environment' ? finishChain(opening) : finishReservation(opening).then(() => true)
      if (await done.catch(() => false)) settled += 1
    }
    return settled
  }

/** A batch has the longest deadline, 4 h 30 min; older hours are not looked at, a lease that no tick saw for so long is settled by the fold. */
const mostHours = 8

/** Hours whose leases may be due: all of them in the first minutes of an hour, else those in which sync leases live. */
export const sweptHours = (hourAt: HourAt, nowMs: number): readonly Hour[] => {
  const hours = [hourAt(nowMs)]
  const wanted = nowMs - hours[0]!.startMs < sweepEveryMs ? mostHours : 2
  while (hours.length < wanted) hours.push(hourAt(hours.at(-1)!.startMs - 1))
  return hours
}
