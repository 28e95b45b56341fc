import { SFNClient } from '@aws-sdk/client-sfn'
import { endedFailure } from '../../src/run/failure.ts'
import type { Run } from '../../src/run/run.ts'
import { executionStatus, startExecution } from '../runs/executions.ts'
import { endRun } from '../runs/run-steps.ts'
import { beginAttempt, listOpenRuns } from '../runs/runs.ts'
import { registry, setting } from './wiring.ts'

/** What compares open runs with their executions. */
export const sweepPorts = () => {
  const table = registry()
  const machine = { executions: new SFNClient({}), machineArn: setting('PERCALL_RUN_MACHINE_ARN') }
  const nowMs = (): number => Date.now()
  const end = endRun(table, nowMs)
  return {
    nowMs,
    listOpenRuns: listOpenRuns(table),
    executionStatus: executionStatus(machine),
    startExecution: startExecution(machine),
    beginAttempt: beginAttempt(table),
    closeRun: async ({ id, attempt, step = 'inspect' }: Run, status: string): Promise<void> => {
      await end(id, attempt, { state: 'failed', failure: endedFailure(step, status) })
    },
  }
}
