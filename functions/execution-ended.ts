import type { EventBridgeEvent } from 'aws-lambda'
import { trainingPorts } from '../adapters/wiring-training.ts'
import { endedFailure } from '../src/run/failure.ts'
import { parseExecutionName } from '../src/run/run-id.ts'

type Detail = { readonly name: string; readonly status: string }

const ports = trainingPorts()

/** Closes a run whose execution was stopped, ran out of time or crashed: no state of the machine sees that. */
export const handler = async ({ detail }: EventBridgeEvent<string, Detail>): Promise<void> => {
  const execution = parseExecutionName(detail.name)
  const run = execution && (await ports.findRun(execution.runId))
  if (!run) return
  const failure = endedFailure(run.step ?? 'inspect', detail.status)
  await ports.endRun(run.id, execution.attempt, { state: 'failed', failure })
}
