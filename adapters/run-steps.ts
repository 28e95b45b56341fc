import type { Progress, Run, RunStep } from '../src/run/run.ts'
import { changeRun, findRun, runEnded } from './runs.ts'
import type { Table } from './table.ts'

type Clock = () => number

/**
 * Marks the step that a run is at. A state that ended its run and is run again, because its answer was lost, may enter
 * once more. Throws RUN_ENDED for any other run that is not open, or whose next attempt has begun.
 */
export const enterStep =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, step: RunStep): Promise<Run> => {
    const before = await findRun(registry)(id)
    if (!before) throw runEnded(id, undefined)
    const event = before.step === step ? {} : { event: { kind: 'step', step } as const }
    const run = await changeRun(registry)(id, attempt, { set: { state: 'running', step }, ...event, nowMs: nowMs() })
    if (run) return run
    const after = await findRun(registry)(id)
    const isOwnEnd = after?.state === 'succeeded' || after?.state === 'rejected'
    if (after && isOwnEnd && after.attempt === attempt && after.step === step) return after
    throw runEnded(id, after?.state)
  }

/** Keeps a trial's progress on the run. Throws RUN_ENDED, which ends the fit of a cancelled run. */
export const reportProgress =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, trialId: string, progress: Progress): Promise<void> => {
    const event = { kind: 'progress', trialId, progress } as const
    const run = await changeRun(registry)(id, attempt, { set: { progress }, event, nowMs: nowMs() })
    if (!run) throw runEnded(id, (await findRun(registry)(id))?.state)
  }

/** Tells the owner something that does not end the run. */
export const notify =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, notices: readonly string[]): Promise<void> => {
    for (const text of notices)
      await changeRun(registry)(id, attempt, { set: {}, event: { kind: 'notice', text }, nowMs: nowMs() })
  }

type End = Pick<Run, 'state'> & Partial<Pick<Run, 'failure' | 'gate' | 'version' | 'promoted'>>

/** Ends an open run; one that has ended otherwise stays as it is. Answers the run when it did. */
export const endRun =
  (registry: Table, nowMs: Clock) =>
  (id: string, attempt: number, end: End): Promise<Run | undefined> => {
    const endedAtMs = nowMs()
    const reason = end.failure?.cause ?? end.gate?.reason
    const event = { kind: 'ended', state: end.state, ...(reason !== undefined && { reason }) } as const
    return changeRun(registry)(id, attempt, { set: { ...end, endedAtMs }, event, nowMs: endedAtMs })
  }
