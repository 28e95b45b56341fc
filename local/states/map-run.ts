/**
 * The progress of a distributed Map, as DescribeMapRun and ListMapRuns show it while it runs and after.
 * Does: counts of executions and of their items, over restarts. Does not: redrive, UpdateMapRun.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
 */
import type { ExecutionStore, MapRunRow } from './execution-store.ts'
import type { Iteration } from './map-results.ts'

type Counts = { running: number; succeeded: number; failed: number; total: number }

export type MapRun = {
  readonly begin: (items: number) => void
  /** Of an iteration that ended now, or in an earlier process (then it was never begun here). */
  readonly end: (status: Iteration['status'], items: number, begun: boolean) => void
  readonly stop: (status: 'SUCCEEDED' | 'FAILED' | 'ABORTED', atMs: number) => void
}

type About = Pick<
  MapRunRow,
  'arn' | 'executionArn' | 'maxConcurrency' | 'toleratedCount' | 'toleratedPercentage' | 'startedAtMs'
>

/** Begins, or begins again after a restart: what ended before is counted anew. */
export const openMapRun = (store: ExecutionStore, about: About, executions: number, items: number): MapRun => {
  const counts = {
    executions: { running: 0, succeeded: 0, failed: 0, total: executions },
    items: { running: 0, succeeded: 0, failed: 0, total: items },
  }
  const add = (change: (counts: Counts, by: number) => void, ofItems: number) => {
    change(counts.executions, 1)
    change(counts.items, ofItems)
  }
  const save = (status: MapRunRow['status'], stoppedAtMs: number | null) =>
    store.saveMapRun({ ...about, status, stoppedAtMs, counts: JSON.stringify(counts) })
  save('RUNNING', null)
  return {
    begin: (ofItems) => {
      add((each, by) => {
        each.running += by
      }, ofItems)
      save('RUNNING', null)
    },
    end: (status, ofItems, begun) => {
      add((each, by) => {
        if (begun) each.running -= by
        each[status === 'SUCCEEDED' ? 'succeeded' : 'failed'] += by
      }, ofItems)
      save('RUNNING', null)
    },
    stop: (status, atMs) => save(status, atMs),
  }
}

const shownCounts = ({ running, succeeded, failed, total }: Counts, ended: boolean) => {
  const open = total - succeeded - failed
  return {
    pending: ended ? 0 : open - running,
    running: ended ? 0 : running,
    succeeded,
    failed,
    timedOut: 0,
    aborted: ended ? open : 0,
    total,
    resultsWritten: ended ? succeeded + failed : 0,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  }
}

/** DescribeMapRun's answer. */
export const describeMapRun = (row: MapRunRow) => {
  const counts = JSON.parse(row.counts) as { executions: Counts; items: Counts } // written above
  const ended = row.status !== 'RUNNING'
  return {
    mapRunArn: row.arn,
    executionArn: row.executionArn,
    status: row.status,
    startDate: row.startedAtMs / 1000,
    ...(row.stoppedAtMs !== null && { stopDate: row.stoppedAtMs / 1000 }),
    maxConcurrency: row.maxConcurrency,
    toleratedFailurePercentage: row.toleratedPercentage,
    toleratedFailureCount: row.toleratedCount,
    itemCounts: shownCounts(counts.items, ended),
    executionCounts: shownCounts(counts.executions, ended),
    redriveCount: 0,
  }
}

/** One row of ListMapRuns. */
export const listedMapRun = (row: MapRunRow) => ({
  mapRunArn: row.arn,
  executionArn: row.executionArn,
  stateMachineArn: row.arn.slice(0, row.arn.lastIndexOf(':')).replace(':mapRun:', ':stateMachine:'),
  startDate: row.startedAtMs / 1000,
  ...(row.stoppedAtMs !== null && { stopDate: row.stoppedAtMs / 1000 }),
})
