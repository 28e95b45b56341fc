import { trainingPorts } from '../../adapters/wiring-training.ts'
import { type Caught, failureOf } from '../../src/run/failure.ts'
import type { StepEvent } from '../middleware/step.ts'

type Event = StepEvent & { readonly failure: Caught }

const ports = trainingPorts()

/** Ends a run by what a state threw; a run that has ended otherwise, such as a cancelled one, stays as it is. */
export const handler = async ({ runId, attempt, failure }: Event): Promise<Record<string, never>> => {
  await ports.endRun(runId, attempt, { state: 'failed', failure: failureOf(failure) })
  return {}
}
