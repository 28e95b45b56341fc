import { runKey } from '../../adapters/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring-training.ts'
import type { RunProfile } from '../../src/run/inspect.ts'
import { planRun } from '../../src/run/spec.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly profileKey: string }

const ports = trainingPorts()

/** Decides task, algorithm, codec and split, and keeps them as the run's spec. */
export const handler = step('plan', ports, async ({ runId, attempt, profileKey }: Event, run) => {
  const spec = planRun(run, await ports.readJson<RunProfile>(profileKey))
  await ports.notify(runId, attempt, spec.plan.notices)
  const specKey = await ports.putJson(runKey(runId, 'spec.json'), spec)
  return { specKey, trialId: spec.trials[0]?.id }
})
