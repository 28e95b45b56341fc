import { runKey } from '../../adapters/run-artifacts.ts'
import { fittingPorts } from '../../adapters/wiring-evaluation.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import {
  type Checkpoint,
  checkpointAfter,
  fitDeadlineMs,
  fitTrial,
  trainedModel,
  trainingDataOf,
} from '../../src/run/fit-trial.ts'
import { trainRows } from '../../src/run/prepared.ts'
import { type RunSpec, trialById } from '../../src/run/spec.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly trialId: string
  readonly dataKey: string
  readonly specKey: string
  readonly checkpointKey: string | null
}

const ports = fittingPorts()

/** Fits one trial; before the function's time is up it keeps a checkpoint and asks to go on. */
export const handler = step('fit', ports, async (event: Event, _, context) => {
  const { runId, attempt, trialId, checkpointKey } = event
  const deadlineMs = fitDeadlineMs(ports.nowMs(), context.getRemainingTimeInMillis())
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const trial = trialById(spec, trialId)
  const train = trainRows(decodePrepared(await ports.readBytes(event.dataKey)))
  const { pipeline, data } = trainingDataOf(spec, train)
  const from = checkpointKey === null ? undefined : await ports.readJson<Checkpoint>(checkpointKey)
  const report = ports.reportProgress.bind(null, runId, attempt, trialId)
  const checkpoint = await fitTrial({ nowMs: ports.nowMs, deadlineMs, report, compute: ports.compute })(
    trial,
    data,
    from,
  )
  if (checkpoint.state.status !== 'done') {
    const key = runKey(runId, checkpointAfter(checkpointKey))
    return { status: 'continue', checkpointKey: await ports.putJson(key, checkpoint) }
  }
  const trained = trainedModel(spec, trial, pipeline, checkpoint, train.times)
  return { status: 'done', modelKey: await ports.putJson(runKey(runId, 'model.json'), trained) }
})
