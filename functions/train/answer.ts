import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import { type JobAnswer, jobAnswer, jobAnswerPath } from '../../src/run/engine/job.ts'
import { type StepEvent, stateOfAnyRun } from '../middleware/step.ts'

type Event = StepEvent & { readonly step: string; readonly trialId?: string; readonly rung?: number }

const ports = trainingPorts()

/** What a job left: the answer of its state, or the refusal by which it ended. */
export const handler = stateOfAnyRun('answer', async ({ step, ...event }: Event) =>
  jobAnswer(await ports.readJson<JobAnswer>(runKey(event.runId, jobAnswerPath(step, event)))),
)
