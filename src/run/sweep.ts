import { isOpen, type Run } from './run.ts'

/** An execution's state as Step Functions tells it; undefined where there is none of that name. */
export type ExecutionStatus =
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'ABORTED'
  | 'PENDING_REDRIVE'
  | undefined

/** What becomes of an open run by its execution. */
export type SweepDecision =
  | { readonly kind: 'leave' }
  /** The attempt's execution was never started, or its history is gone: it is started by its name, which is free. */
  | { readonly kind: 'start' }
  /** It ended without closing the run: the next attempt goes on from what was kept. */
  | { readonly kind: 'next attempt' }
  | { readonly kind: 'close'; readonly status: string }

/** A run that fails in the same way each time is not tried for ever. */
const mostAttempts = 3
/** A request that is just now starting its run needs no help. */
const youngMs = 60_000

/** A stop or a timeout is meant to end the run; any other end that left it open is the service's fault, and is mended. */
export const decideSweep = (run: Run, status: ExecutionStatus, nowMs: number): SweepDecision => {
  if (!isOpen(run)) return { kind: 'leave' }
  switch (status) {
    case undefined:
      return nowMs - run.createdAtMs < youngMs ? { kind: 'leave' } : { kind: 'start' }
    case 'RUNNING':
    case 'PENDING_REDRIVE':
      return { kind: 'leave' }
    case 'ABORTED':
    case 'TIMED_OUT':
      return { kind: 'close', status }
    default:
      return run.attempt < mostAttempts ? { kind: 'next attempt' } : { kind: 'close', status }
  }
}

type Ports = {
  readonly listOpenRuns: () => Promise<readonly Run[]>
  readonly executionStatus: (run: Run) => Promise<ExecutionStatus>
  readonly startExecution: (run: Run) => Promise<void>
  /** Undefined when another did, or the run has ended. */
  readonly beginAttempt: (run: Run) => Promise<Run | undefined>
  readonly closeRun: (run: Run, status: string) => Promise<void>
  readonly nowMs: () => number
}

/** What was done to a run, for the log. */
export type Swept = { readonly runId: string; readonly did: Exclude<SweepDecision['kind'], 'leave'> }

/** Compares every open run with its execution. A sweep that dies is mended by the next one: each act is conditional. */
export const sweepRuns = async (ports: Ports): Promise<readonly Swept[]> => {
  const swept: Swept[] = []
  for (const run of await ports.listOpenRuns()) {
    const decision = decideSweep(run, await ports.executionStatus(run), ports.nowMs())
    if (decision.kind === 'leave') continue
    await act(ports, run, decision)
    swept.push({ runId: run.id, did: decision.kind })
  }
  return swept
}

const act = async (ports: Ports, run: Run, decision: Exclude<SweepDecision, { kind: 'leave' }>): Promise<void> => {
  if (decision.kind === 'close') return ports.closeRun(run, decision.status)
  const begun = decision.kind === 'start' ? run : await ports.beginAttempt(run)
  if (begun) await ports.startExecution(begun)
}
