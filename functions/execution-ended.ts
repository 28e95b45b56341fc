import type { EventBridgeEvent } from 'aws-lambda'
import { endingPorts } from '../adapters/wiring/ending.ts'
import { isRegistrationId } from '../src/registry/registration.ts'
import { endedFailure } from '../src/run/failure.ts'
import { parseExecutionName } from '../src/run/run-id.ts'
import { observed } from './middleware/observed.ts'

type Detail = { readonly name: string; readonly status: string }

const ports = endingPorts()

const endRun = async ({ name, status }: Detail): Promise<void> => {
  const execution = parseExecutionName(name)
  const run = execution && (await ports.findRun(execution.runId))
  if (!run) return
  const failure = endedFailure(run.step ?? 'inspect', status)
  await ports.endRun(run.id, execution.attempt, { state: 'failed', failure })
}

const endRegistration = async ({ name, status }: Detail): Promise<void> => {
  const registration = await ports.findRegistration(name)
  if (!registration) return
  const failure = endedFailure(registration.step ?? 'stage', status, 'registration')
  await ports.changeRegistration(registration.id, { state: 'failed', failure, endedAtMs: ports.nowMs() })
}

/** Closes a run or registration whose execution was stopped, ran out of time or crashed: no state of a machine sees that. */
export const handler = observed<EventBridgeEvent<string, Detail>, void>(
  'execution-ended',
  ({ detail }) => (isRegistrationId(detail.name) ? endRegistration(detail) : endRun(detail)),
  ({ detail }) => ({ execution: detail.name, executionStatus: detail.status }),
)
