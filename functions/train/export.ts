import { runKey } from '../../adapters/run-artifacts.ts'
import { trainingPorts } from '../../adapters/wiring-training.ts'
import { exportModel } from '../../src/run/export.ts'
import { fittedModel, type RunSpec } from '../../src/run/spec.ts'
import type { TrainedModel } from '../../src/run/trained.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly specKey: string; readonly modelKey: string }

const ports = trainingPorts()

/** Writes the fitted model as one ONNX graph with its manifest. */
export const handler = step('export', ports, async ({ runId, specKey, modelKey }: Event) => {
  const spec = await ports.readJson<RunSpec>(specKey)
  const { bytes, manifest } = exportModel(fittedModel(spec, await ports.readJson<TrainedModel>(modelKey)))
  return {
    onnxKey: await ports.putBytes(runKey(runId, 'model.onnx'), bytes),
    manifestKey: await ports.putJson(runKey(runId, 'manifest.json'), manifest),
  }
})
