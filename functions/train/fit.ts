import { runFolder, runKey } from '../../adapters/runs/run-artifacts.ts'
import { fittingPorts } from '../../adapters/wiring/evaluation.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { trainRows } from '../../src/run/prepared.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { fitDeadlineMs } from '../../src/run/trials/fit-parts.ts'
import { isGivenUp, roundPath } from '../../src/run/trials/rounds.ts'
import { fitTrial, trialFolders } from '../../src/run/trials/run-fits.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly trialId: string
  readonly rung: number
  readonly itemsKey: string
  readonly dataKey: string
  readonly specKey: string
  readonly checkpointKey: string | null
}

const ports = fittingPorts()

/** Fits the folds of one trial; before the function's time is up it keeps a checkpoint and asks to go on. */
export const handler = step('fit', ports, async (event: Event, run, context) => {
  const { trialId, rung } = event
  const deadlineMs = fitDeadlineMs(ports.nowMs(), context.getRemainingTimeInMillis())
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const { folder, earlier } = trialFolders(runFolder(run.id), trialId, rung)
  const files = ports.fitFiles(folder)
  const known = await files.furthest(event.checkpointKey)
  const cutKey = runKey(run.id, roundPath(rung, 'cut.json'))
  if (!known && (await isGivenUp(ports)(run, spec, event.itemsKey, cutKey, trialId))) return { status: 'given up' }
  const train = trainRows(decodePrepared(await ports.readBytes(event.dataKey)))
  const from = known ?? (await files.after(earlier))
  const work = fitTrial({ ...ports, deadlineMs, save: files.save })
  const { checkpoint, parts } = await work(run, spec, { trialId, rung, folder }, train, from)
  return await files.pause(checkpoint, parts)
})
