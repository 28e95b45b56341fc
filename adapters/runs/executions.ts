import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { executionName } from '../../src/run/run-id.ts'
import type { ExecutionStatus } from '../../src/run/sweep.ts'

export type Machine = { readonly executions: SFNClient; readonly machineArn: string }

type Attempt = { readonly id: string; readonly attempt: number }

/** Starts an execution of this name; one that was started before stays the one. */
export const startNamedExecution =
  ({ executions, machineArn }: Machine) =>
  async (name: string, input: Readonly<Record<string, unknown>>): Promise<void> => {
    try {
      const start = { stateMachineArn: machineArn, name, input: JSON.stringify(input) }
      await executions.send(new StartExecutionCommand(start))
    } catch (thrown) {
      // A closed execution keeps its name for 90 days.
      if (!(thrown instanceof ExecutionAlreadyExists)) throw thrown
    }
  }

/** Starts the execution of an attempt of a run. */
export const startExecution =
  (machine: Machine) =>
  ({ id, attempt }: Attempt): Promise<void> =>
    startNamedExecution(machine)(executionName(id, attempt), { runId: id, attempt })

const executionArnOf = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`

/** The state of the execution of a run's attempt; undefined when there is none. */
export const executionStatus =
  ({ executions, machineArn }: Machine) =>
  async ({ id, attempt }: Attempt): Promise<ExecutionStatus> => {
    try {
      const executionArn = executionArnOf(machineArn, executionName(id, attempt))
      return (await executions.send(new DescribeExecutionCommand({ executionArn }))).status
    } catch (thrown) {
      if (thrown instanceof ExecutionDoesNotExist) return undefined
      throw thrown
    }
  }

/** Stops an execution by its name; one that never began or has ended is left alone. A function in flight goes on. */
export const stopNamedExecution =
  ({ executions, machineArn }: Machine) =>
  async (name: string, cause: string): Promise<void> => {
    try {
      const executionArn = executionArnOf(machineArn, name)
      await executions.send(new StopExecutionCommand({ executionArn, error: 'Cancelled', cause }))
    } catch (thrown) {
      if (!(thrown instanceof ExecutionDoesNotExist)) throw thrown
    }
  }

/** Stops the execution of an attempt of a run. */
export const stopExecution =
  (machine: Machine) =>
  ({ id, attempt }: Attempt): Promise<void> =>
    stopNamedExecution(machine)(executionName(id, attempt), 'the owner cancelled')
