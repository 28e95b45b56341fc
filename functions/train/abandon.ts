import { runFolder } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import type { Caught } from '../../src/run/failure.ts'
import { type RunSpec, trialById } from '../../src/run/spec.ts'
import { trialFolders } from '../../src/run/trials/run-fits.ts'
import { failedScore } from '../../src/run/trials/score.ts'
import { type StepEvent, trialStep } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly trialId: string
  readonly rung: number
  readonly specKey: string
  readonly failure: Caught
}

const ports = trainingPorts()

/** Notes why a trial could not be fitted; the others go on. */
export const handler = trialStep('abandon', ports, async ({ trialId, rung, specKey, failure }: Event, { id }) => {
  const { folder } = trialFolders(runFolder(id), trialId, rung)
  const trial = trialById(await ports.readJson<RunSpec>(specKey), trialId)
  await ports.putJson(`${folder}/score.json`, failedScore(trial, failure))
  return {}
})
