import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring/training.ts'
import { encodeExplainer, makeExplainer } from '../../src/explain/explainer-file.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { exportModel } from '../../src/run/export.ts'
import type { RunProfile } from '../../src/run/inspect.ts'
import { personalColumns } from '../../src/run/judge/gate-files.ts'
import { trainRows } from '../../src/run/prepared.ts'
import { fittedModel, type RunSpec } from '../../src/run/spec.ts'
import type { TrainedModel } from '../../src/run/trained.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly profileKey: string
  readonly specKey: string
  readonly dataKey: string
  readonly modelKey: string
}

const ports = trainingPorts()

const read = async ({ profileKey, specKey, dataKey, modelKey }: Event) => ({
  spec: await ports.readJson<RunSpec>(specKey),
  trained: await ports.readJson<TrainedModel>(modelKey),
  train: trainRows(decodePrepared(await ports.readBytes(dataKey))),
  personal: personalColumns(await ports.readJson<RunProfile>(profileKey)),
})

/** Writes the fitted model as one ONNX graph with its manifest, and what it is explained by. */
export const handler = step('export', ports, async ({ runId, ...keys }: Event) => {
  const { spec, trained, train, personal } = await read({ runId, ...keys })
  const { bytes, manifest } = exportModel(fittedModel(spec, trained))
  const explainer = makeExplainer(spec.codec, trained, train, personal, spec.seed)
  await ports.putBytes(runKey(runId, 'explainer.json'), encodeExplainer(explainer))
  return {
    onnxKey: await ports.putBytes(runKey(runId, 'model.onnx'), bytes),
    manifestKey: await ports.putJson(runKey(runId, 'manifest.json'), manifest),
  }
})
