import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { fittingPorts } from '../../adapters/wiring/evaluation.ts'
import { optimise } from '../../adapters/wiring/optimise.ts'
import { judgedTrainRows, judgeTrainRows, rowSamples } from '../../src/optimise/train-rows.ts'
import type { Optimisation } from '../../src/optimise/variant.ts'
import type { TabularManifest } from '../../src/registry/manifest.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { exportModel } from '../../src/run/export.ts'
import { hasNet, narrowTrained } from '../../src/run/narrow-trained.ts'
import { trainRows } from '../../src/run/prepared.ts'
import { fittedModel, type RunSpec } from '../../src/run/spec.ts'
import type { TrainedModel } from '../../src/run/trained.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly specKey: string
  readonly dataKey: string
  readonly modelKey: string
  readonly onnxKey: string
  readonly manifestKey: string
}

const ports = { ...fittingPorts(), optimise: optimise() }

const read = async ({ specKey, dataKey, modelKey, onnxKey, manifestKey }: Event) => ({
  spec: await ports.readJson<RunSpec>(specKey),
  prepared: decodePrepared(await ports.readBytes(dataKey)),
  trained: await ports.readJson<TrainedModel>(modelKey),
  manifest: await ports.readJson<TabularManifest>(manifestKey),
  bytes: await ports.readBytes(onnxKey),
})

/** The variants of a run's graph, judged on its train rows. */
const variantsOf = async (event: Event, policy: string) => {
  const { spec, prepared, trained, manifest, bytes } = await read(event)
  const narrow = async () => {
    const narrowed = await narrowTrained(spec, trained, trainRows(prepared), ports.compute)
    return exportModel(fittedModel(spec, narrowed)).bytes
  }
  const rows = judgedTrainRows(prepared)
  const judge = judgeTrainRows(spec.plan, manifest, rows, spec.seed)
  const others = hasNet(trained) ? { narrow } : {}
  return ports.optimise(bytes, { policy, judge, others, samples: rowSamples(manifest, rows) })
}

/** Chooses a variant of the exported graph by the run's policy, once: later attempts take the same one. */
export const handler = step('optimise', ports, async (event: Event, { id, request }) => {
  const variantsKey = runKey(id, 'variants.json')
  const { chosen } = await ports.keepJson<Optimisation>(variantsKey, async () => {
    const { optimisation, bytes } = await variantsOf(event, request.optimise)
    // Before the choice is kept: what it names is there.
    await ports.putBytes(runKey(id, `variants/${optimisation.chosen}.onnx`), bytes)
    return optimisation
  })
  return { onnxKey: runKey(id, `variants/${chosen}.onnx`), variantsKey }
})
