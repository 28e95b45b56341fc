import { runFolder } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { trainRows } from '../../src/run/prepared.ts'
import { type RunSpec, trialById } from '../../src/run/spec.ts'
import { expectedLatencyMs } from '../../src/run/trials/cost-model.ts'
import type { FitCheckpoint } from '../../src/run/trials/fit-parts.ts'
import { decodeHeld, encodeHeld, joinHeld } from '../../src/run/trials/oof-file.ts'
import { heldKey, sizeKey, trialFolders } from '../../src/run/trials/run-fits.ts'
import { scoreTrial } from '../../src/run/trials/score.ts'
import { type StepEvent, trialStep } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly trialId: string
  readonly rung: number
  readonly dataKey: string
  readonly specKey: string
}

const ports = trainingPorts()

/** Joins what a trial's folds said of the rows they did not see, and measures it. */
export const handler = trialStep('score', ports, async ({ trialId, rung, ...event }: Event, { id }) => {
  const { folder } = trialFolders(runFolder(id), trialId, rung)
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const checkpoint = await ports.readJson<FitCheckpoint>(`${folder}/fits.json`)
  const train = trainRows(decodePrepared(await ports.readBytes(event.dataKey)))
  const keys = checkpoint.fits.map((_, part) => heldKey(folder, part))
  const folds = (await Promise.all(keys.map(ports.readBytes))).map(decodeHeld)
  const all = joinHeld(folds)
  await ports.putBytes(`${folder}/oof.bin`, encodeHeld(all))
  const size = await ports.findJson<{ readonly sizeBytes: number }>(sizeKey(folder))
  const latency = size && { latencyMs: expectedLatencyMs(size.sizeBytes) }
  const score = scoreTrial(spec, trialById(spec, trialId), train, checkpoint, folds, all)
  await ports.putJson(`${folder}/score.json`, { ...score, ...size, ...latency })
  return {}
})
