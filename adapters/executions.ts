import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { executionName } from '../src/run/run-id.ts'

export type Machine = { readonly executions: SFNClient; readonly machineArn: string }

type Attempt = { readonly id: string; readonly attempt: number }

/** Starts the execution of an attempt; one that was started before stays the one. */
export const startExecution =
  ({ executions, machineArn }: Machine) =>
  async ({ id, attempt }: Attempt): Promise<void> => {
    const name = executionName(id, attempt)
    const input = JSON.stringify({ runId: id, attempt })
    try {
      await executions.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }))
    } catch (thrown) {
      // A closed execution keeps its name for 90 days.
      if (!(thrown instanceof ExecutionAlreadyExists)) throw thrown
    }
  }

/** Stops the execution of an attempt; one that never began or has ended is left alone. A function in flight goes on. */
export const stopExecution =
  ({ executions, machineArn }: Machine) =>
  async ({ id, attempt }: Attempt): Promise<void> => {
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${executionName(id, attempt)}`
    try {
      await executions.send(
        new StopExecutionCommand({ executionArn, error: 'Cancelled', cause: 'the owner cancelled' }),
      )
    } catch (thrown) {
      if (!(thrown instanceof ExecutionDoesNotExist)) throw thrown
    }
  }
