import { expect, test } from 'vitest'
import type { Run } from '../../../src/run/run.ts'
import { decideSweep, type ExecutionStatus, sweepRuns } from '../../../src/run/sweep.ts'

const run = (more: Partial<Run> = {}): Run =>
  ({ id: 'r', state: 'running', attempt: 1, createdAtMs: 0, ...more }) as Run // the members that a sweep reads

const hourMs = 3_600_000

test.for<[string, ExecutionStatus, Partial<Run>, string]>([
  ['running', 'RUNNING', {}, 'leave'],
  ['never started', undefined, { state: 'queued' }, 'start'],
  ['just being started', undefined, { state: 'queued', createdAtMs: hourMs - 1000 }, 'leave'],
  ['ended by a fault', 'FAILED', {}, 'next attempt'],
  ['ended as if well, the run open', 'SUCCEEDED', {}, 'next attempt'],
  ['ended by a fault three times', 'FAILED', { attempt: 3 }, 'close'],
  ['stopped', 'ABORTED', {}, 'close'],
  ['out of time', 'TIMED_OUT', {}, 'close'],
  ['ended, as its run did', 'FAILED', { state: 'failed' }, 'leave'],
])('an execution %s -> %s', ([, status, more, kind]) => {
  expect(decideSweep(run(more), status, hourMs)).toMatchObject({ kind })
})

test('two sweeps at once -> one begins the attempt, the other starts nothing', async () => {
  let current = run()
  const started: number[] = []
  const ports = {
    listOpenRuns: async () => [run()],
    executionStatus: async () => 'FAILED' as const,
    startExecution: async ({ attempt }: Run) => void started.push(attempt),
    beginAttempt: async ({ attempt }: Run) => {
      if (current.attempt !== attempt) return undefined
      current = run({ attempt: attempt + 1 })
      return current
    },
    closeRun: async () => {},
    nowMs: () => hourMs,
  }
  await Promise.all([sweepRuns(ports), sweepRuns(ports)])
  expect(started).toEqual([2])
})
