import { engineText } from '../../src/run/engine/engine.ts'
import type { EngineChoice } from '../../src/run/engine/engine-choice.ts'
import { isOpen, type Progress, type Run, type RunStep } from '../../src/run/run.ts'
import type { Table } from '../aws/table.ts'
import { changeRun, findRun, runEnded } from './runs.ts'

type Clock = () => number

/**
 * Marks the step that a run is at. A state that ended its run and is run again, because its answer was lost, may enter
 * once more. Throws RUN_ENDED for any other run that is not open, or whose next attempt has begun.
 */
export const enterStep =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, step: RunStep): Promise<Run> => {
    // Of trials that enter a step side by side one tells of it.
    const change = { set: { state: 'running', step }, event: { kind: 'step', step }, unlessAt: step } as const
    const run = await changeRun(registry)(id, attempt, { ...change, nowMs: nowMs() })
    if (run) return run
    const after = await findRun(registry)(id)
    if (after?.attempt !== attempt) throw runEnded(id, after?.state)
    const isOwnEnd = after.state === 'succeeded' || after.state === 'rejected'
    if (after.step === step && (isOpen(after) || isOwnEnd)) return after
    throw runEnded(id, after.state)
  }

/** The run of a trial's state, which marks no step. Throws RUN_ENDED. */
export const requireOpen =
  (registry: Table) =>
  async (id: string, attempt: number): Promise<Run> => {
    const run = await findRun(registry)(id)
    if (run && isOpen(run) && run.attempt === attempt) return run
    throw runEnded(id, run?.state)
  }

/** Keeps a trial's progress on the run, and what it took. Throws RUN_ENDED, which ends the fit of a cancelled run. */
export const reportProgress =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, trialId: string, progress: Progress, spentMs: number): Promise<void> => {
    const event = { kind: 'progress', trialId, progress } as const
    const run = await changeRun(registry)(id, attempt, { set: { progress }, event, spentMs, nowMs: nowMs() })
    if (!run) throw runEnded(id, (await findRun(registry)(id))?.state)
  }

/** Tells the owner something that does not end the run. */
export const notify =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, notices: readonly string[]): Promise<void> => {
    for (const text of notices)
      await changeRun(registry)(id, attempt, { set: {}, event: { kind: 'notice', text }, nowMs: nowMs() })
  }

/** Tells the owner where the run is fitted, and what that is expected to take. */
export const tellEngine =
  (registry: Table, nowMs: Clock) =>
  async (id: string, attempt: number, engine: EngineChoice): Promise<void> => {
    const event = { kind: 'engine', text: engineText(engine) } as const
    await changeRun(registry)(id, attempt, { set: { engine }, event, nowMs: nowMs() })
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
