import { runFolder, runKey } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { survivorsOf } from '../../src/run/trials/halving.ts'
import { leaderboardOf } from '../../src/run/trials/leaderboard.ts'
import { keptTrials, readScores, requireTrial, roundNotices, roundOf, roundPath } from '../../src/run/trials/rounds.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly rung: number; readonly itemsKey: string; readonly specKey: string }

const ports = trainingPorts()

/** Decides which trials of a round are fitted further. */
export const handler = step('halve', ports, async ({ runId, attempt, rung, ...keys }: Event, run) => {
  const spec = await ports.readJson<RunSpec>(keys.specKey)
  const list = await ports.readJson<readonly string[]>(keys.itemsKey)
  const kept = await keptTrials(ports)(list, runKey(runId, roundPath(rung, 'cut.json')))
  const scores = await readScores(ports)(runFolder(runId), kept, rung)
  await requireTrial(ports)(run, scores)
  await ports.notify(runId, attempt, roundNotices(list, scores))
  const set = { leaderboard: leaderboardOf(run, spec, rung, scores) }
  await ports.changeRun(runId, attempt, { set, nowMs: ports.nowMs() })
  const itemsKey = runKey(runId, roundPath(rung + 1, 'trials.json'))
  const survivors = survivorsOf(scores, spec.rungs[rung + 1]?.trials ?? 1)
  return roundOf(rung + 1, itemsKey, await ports.keepJson(itemsKey, async () => survivors))
})
