import type { RunSpec } from '../spec.ts'

/** What the states after the last fit take. Measured on 10,000 x 20. */
const afterFitsMs = 3000
/** A first second says little of the pace: it is held between these factors of the cost model's. */
const slowest = 10
const fastest = 0.1

type Place = { readonly rung: number; readonly trial: number } | 'refit'

/**
 * How long a run goes on, by the cost model: what is planned for the rest of this round, the later ones and the fit on
 * all rows, at the pace of the fit that tells it. `share` of that is done, which took `tookMs`.
 */
export const timeLeftMs = (
  { rungs, refitMs }: Pick<RunSpec, 'rungs' | 'refitMs'>,
  place: Place,
  share: number,
  tookMs: number,
): number => {
  if (place === 'refit') return Math.round(paceOf(share * refitMs, tookMs) * (1 - share) * refitMs + afterFitsMs)
  const rung = rungs[place.rung]!
  const eachMs = rung.plannedMs / rung.trials
  const restOfRound = Math.max(0, rung.plannedMs - (place.trial + share) * eachMs)
  const later = rungs.slice(place.rung + 1).reduce((sum, { plannedMs }) => sum + plannedMs, 0)
  return Math.round(paceOf(share * eachMs, tookMs) * (restOfRound + later + refitMs) + afterFitsMs)
}

const paceOf = (expectedMs: number, tookMs: number): number =>
  expectedMs > 0 ? Math.min(slowest, Math.max(fastest, tookMs / expectedMs)) : 1
