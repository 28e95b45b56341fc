import type { TrainingPorts } from '../../adapters/wiring/training.ts'
import { thrownByStep } from '../../src/run/failure.ts'
import type { Run, RunStep } from '../../src/run/run.ts'
import { type Invocation, observed } from './observed.ts'

/** What the machine gives every state; the keys of artifacts come besides. */
export type StepEvent = { readonly runId: string; readonly attempt: number }

type Work<Event, Answer> = (event: Event, run: Run, context: Invocation) => Promise<Answer>

const entered = <Event extends StepEvent, Answer>(
  name: string,
  enter: (runId: string, attempt: number) => Promise<Run>,
  work: Work<Event, Answer>,
) =>
  stateOfAnyRun<Event, Answer>(name, async (event, context) =>
    work(event, await enter(event.runId, event.attempt), context),
  )

/** A state that does not ask how its run is: the one before it may have ended it. */
export const stateOfAnyRun = <Event extends StepEvent, Answer>(
  name: string,
  work: (event: Event, context: Invocation) => Promise<Answer>,
) => {
  const run = observed<Event, Answer>(`train-${name}`, work, ({ runId, attempt }, answer) => ({
    step: name,
    runId,
    attempt,
    ...(answer !== undefined && { answer }),
  }))
  return async (event: Event, context: Invocation): Promise<Answer> => {
    try {
      return await run(event, context)
    } catch (thrown) {
      throw thrownByStep(thrown)
    }
  }
}

/** One state of a run: marks the step, does its work, and writes one line. Errors leave with their code in the message. */
export const step = <Event extends StepEvent, Answer>(
  name: RunStep,
  { enterStep }: Pick<TrainingPorts, 'enterStep'>,
  work: Work<Event, Answer>,
) => entered(name, (runId, attempt) => enterStep(runId, attempt, name), work)

/** A state of one trial beside others: it marks no step, since they are at several. */
export const trialStep = <Event extends StepEvent, Answer>(
  name: string,
  { requireOpen }: Pick<TrainingPorts, 'requireOpen'>,
  work: Work<Event, Answer>,
) => entered(name, requireOpen, work)
