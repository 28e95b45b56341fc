import { runFolder, runKey } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import type { Choice } from '../../src/run/blend/choose.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { trainRows } from '../../src/run/prepared.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { chooseTrials } from '../../src/run/trials/choose-trials.ts'
import { leaderboardOf } from '../../src/run/trials/leaderboard.ts'
import { keptTrials, readScores, requireTrial, roundNotices, roundPath } from '../../src/run/trials/rounds.ts'
import { trialFolders } from '../../src/run/trials/run-fits.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly rung: number
  readonly itemsKey: string
  readonly specKey: string
  readonly dataKey: string
}

const ports = trainingPorts()

/** Decides by the rows that were held back which trials become the model. */
export const handler = step('choose', ports, async ({ runId, attempt, rung, ...keys }: Event, run) => {
  const spec = await ports.readJson<RunSpec>(keys.specKey)
  const list = await ports.readJson<readonly string[]>(keys.itemsKey)
  const kept = await keptTrials(ports)(list, runKey(runId, roundPath(rung, 'cut.json')))
  const scores = await readScores(ports)(runFolder(runId), kept, rung)
  await requireTrial(ports)(run, scores)
  const train = trainRows(decodePrepared(await ports.readBytes(keys.dataKey)))
  const held = (id: string) => ports.readBytes(`${trialFolders(runFolder(runId), id, rung).folder}/oof.bin`)
  const choiceKey = runKey(runId, 'choice.json')
  const choice = await ports.keepJson<Choice>(choiceKey, () => chooseTrials(held)(spec, scores, train))
  await ports.notify(runId, attempt, [...roundNotices(list, scores), ...choice.notices])
  const set = { leaderboard: leaderboardOf(run, spec, rung, scores, choice) }
  await ports.changeRun(runId, attempt, { set, nowMs: ports.nowMs() })
  return { choiceKey }
})
