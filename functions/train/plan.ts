import { runKey } from '../../adapters/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring-training.ts'
import type { RunProfile } from '../../src/run/inspect.ts'
import { roundOf, roundPath } from '../../src/run/rounds.ts'
import { planRun } from '../../src/run/spec.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly profileKey: string }

const ports = trainingPorts()

/** Decides task, trials, codec and split, and keeps them as the run's spec. */
export const handler = step('plan', ports, async ({ runId, attempt, profileKey }: Event, run) => {
  const planned = planRun(run, await ports.readJson<RunProfile>(profileKey))
  await ports.notify(runId, attempt, planned.plan.notices)
  const specKey = runKey(runId, 'spec.json')
  const { trials, rungs } = await ports.keepJson(specKey, async () => planned)
  const itemsKey = runKey(runId, roundPath(0, 'trials.json'))
  const list = await ports.keepJson(itemsKey, async () => trials.map(({ id }) => id))
  return { specKey, rungs: rungs.length, ...roundOf(0, itemsKey, list) }
})
