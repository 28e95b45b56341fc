import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { planningPorts } from '../../adapters/wiring/training.ts'
import { engineOf } from '../../src/run/engine/engine.ts'
import type { RunProfile } from '../../src/run/inspect.ts'
import { planRun } from '../../src/run/plan-run.ts'
import { roundOf, roundPath } from '../../src/run/trials/rounds.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly profileKey: string }

const ports = planningPorts()

/** Decides task, trials, codec, split and engine, and keeps them as the run's spec. */
export const handler = step('plan', ports, async ({ runId, attempt, profileKey }: Event, run) => {
  const profile = await ports.readJson<RunProfile>(profileKey)
  const planned = planRun(run, profile)
  const engine = engineOf(run.request.engine, planned, profile.profile.rows, ports.deployed)
  await ports.tellEngine(runId, attempt, engine)
  await ports.notify(runId, attempt, planned.plan.notices)
  const specKey = runKey(runId, 'spec.json')
  const { trials, rungs } = await ports.keepJson(specKey, async () => ({ ...planned, engine }))
  const itemsKey = runKey(runId, roundPath(0, 'trials.json'))
  const list = await ports.keepJson(itemsKey, async () => trials.map(({ id }) => id))
  return {
    specKey,
    engine: engine.name,
    job: engine.job ?? null,
    optimise: run.request.optimise,
    rungs: rungs.length,
    ...roundOf(0, itemsKey, list),
  }
})
