import { trainingPorts } from '../../adapters/wiring/training.ts'
import { type Caught, failureOf } from '../../src/run/failure.ts'
import { observed } from '../middleware/observed.ts'
import type { StepEvent } from '../middleware/step.ts'

type Event = StepEvent & { readonly failure: Caught }

const ports = trainingPorts()

/** Ends a run by what a state threw; a run that has ended otherwise, such as a cancelled one, stays as it is. */
export const handler = observed<Event, Record<string, never>>(
  'train-fail',
  async ({ runId, attempt, failure }) => {
    await ports.endRun(runId, attempt, { state: 'failed', failure: failureOf(failure) })
    return {}
  },
  ({ runId, attempt, failure }) => ({ runId, attempt, failedStep: failure.step, failedBy: failure.error }),
)
