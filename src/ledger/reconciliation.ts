import { type ErrorCode, PercallError } from '../errors.ts'
import type { Difference } from './difference.ts'
import type { Cursor, Step } from './reconcile.ts'
import type { HourRange } from './totals.ts'

/** One reconciliation: what it looks at, how far it came, what it found. */
export type Reconciliation = HourRange & {
  readonly id: string
  readonly state: 'running' | 'succeeded' | 'failed'
  /** Id of the key that asked for it, or `nightly`. */
  readonly by: string
  readonly createdAtMs: number
  readonly endedAtMs?: number
  readonly cursor: Cursor
  readonly hours: number
  readonly rows: number
  /** How many there are; the first of them. */
  readonly found: number
  readonly differences: readonly Difference[]
  readonly failure?: { readonly code: ErrorCode; readonly message: string }
  /** How often it was taken up; who holds it is who took it up last, until then. */
  readonly attempt: number
  readonly heldUntilMs: number
  /** Attempts since it last came further. */
  readonly stalls: number
}

export type ReconciliationPorts = {
  /** Takes up one that runs and that nobody holds: with the next attempt and one more stall. Undefined where there is nothing to do. */
  readonly take: (id: string, heldUntilMs: number, nowMs: number) => Promise<Reconciliation | undefined>
  /** Replaces it while this attempt holds it. False: another took it up. */
  readonly keep: (reconciliation: Reconciliation) => Promise<boolean>
  readonly reconcile: (of: HourRange & Pick<Reconciliation, 'id'>, from: Cursor) => AsyncIterable<Step>
  readonly nowMs: () => number
}

/** Longer than a function may run. */
const heldMs = 16 * 60_000
const mostStalls = 3
/** Of one item; the number of all is kept. */
const mostKept = 200
const keepEveryMs = 20_000

export const newReconciliation = (
  id: string,
  by: string,
  { fromMs, toMs }: HourRange,
  createdAtMs: number,
): Reconciliation => ({
  ...{ id, by, fromMs, toMs, createdAtMs },
  state: 'running',
  cursor: { at: 'records' },
  ...{ hours: 0, rows: 0, found: 0, differences: [], attempt: 0, heldUntilMs: 0, stalls: 0 },
})

const advanced = (before: Reconciliation, { cursor, differences, hours, rows }: Step): Reconciliation => ({
  ...before,
  cursor,
  hours: before.hours + hours,
  rows: before.rows + rows,
  found: before.found + differences.length,
  differences: [...before.differences, ...differences].slice(0, mostKept),
  stalls: 0,
})

const failureOf = (thrown: unknown): NonNullable<Reconciliation['failure']> =>
  thrown instanceof PercallError && thrown.status < 500
    ? { code: thrown.code, message: thrown.message }
    : { code: 'INTERNAL', message: 'it met a fault of the service, whose log has the cause' }

/**
 * Works on one until it has ended or time is short; who takes it up next goes on there. An error ends it as failed, and is
 * thrown; so do three attempts in a row that came no further, as those of a function that dies. -> as it is then.
 */
export const workReconciliation =
  ({ take, keep, reconcile, nowMs }: ReconciliationPorts) =>
  async (id: string, hasTime: () => boolean): Promise<Reconciliation | undefined> => {
    let mine = await take(id, nowMs() + heldMs, nowMs())
    if (!mine) return undefined
    const end = async (more: Partial<Reconciliation>): Promise<Reconciliation | undefined> => {
      const ended = { ...mine!, ...more, endedAtMs: nowMs(), heldUntilMs: 0 }
      return (await keep(ended)) ? ended : undefined
    }
    if (mine.stalls > mostStalls)
      return await end({
        state: 'failed',
        failure: { code: 'INTERNAL', message: `it came no further in ${mostStalls} attempts` },
      })
    try {
      let keptMs = nowMs()
      for await (const step of reconcile(mine, mine.cursor)) {
        mine = advanced(mine, step)
        const goesOn = hasTime()
        if (goesOn && nowMs() - keptMs < keepEveryMs) continue
        keptMs = nowMs()
        if (!(await keep(goesOn ? mine : { ...mine, heldUntilMs: 0 }))) return undefined
        if (!goesOn) return mine
      }
      return await end({ state: 'succeeded' })
    } catch (thrown) {
      await end({ state: 'failed', failure: failureOf(thrown) })
      throw thrown
    }
  }
