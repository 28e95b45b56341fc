import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { fittingPorts } from '../../adapters/wiring/evaluation.ts'
import type { Choice } from '../../src/run/blend/choose.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { trainRows } from '../../src/run/prepared.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import type { Member } from '../../src/run/trained.ts'
import { fitDeadlineMs, nothingFitted } from '../../src/run/trials/fit-parts.ts'
import { fitMembers, memberKey, trainedModel } from '../../src/run/trials/run-fits.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly choiceKey: string
  readonly dataKey: string
  readonly specKey: string
  readonly checkpointKey: string | null
}

const ports = fittingPorts()

/** Fits what was chosen on all train rows; before the function's time is up it keeps a checkpoint and asks to go on. */
export const handler = step('refit', ports, async (event: Event, run, context) => {
  const deadlineMs = fitDeadlineMs(ports.nowMs(), context.getRemainingTimeInMillis())
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const choice = await ports.readJson<Choice>(event.choiceKey)
  const folder = runKey(run.id, 'refit')
  const files = ports.fitFiles(folder)
  const from = (await files.furthest(event.checkpointKey)) ?? nothingFitted
  const train = trainRows(decodePrepared(await ports.readBytes(event.dataKey)))
  const work = fitMembers({ ...ports, deadlineMs, save: files.save })
  const { checkpoint, parts } = await work(run, spec, choice, folder, train, from)
  const paused = await files.pause(checkpoint, parts)
  if (paused.status === 'continue') return paused
  const keys = choice.members.map((_, at) => memberKey(folder, at))
  const members = await Promise.all(keys.map((key) => ports.readJson<Omit<Member, 'weight'>>(key)))
  return {
    ...paused,
    modelKey: await ports.putJson(runKey(run.id, 'model.json'), trainedModel(choice, members, checkpoint, train)),
  }
})
