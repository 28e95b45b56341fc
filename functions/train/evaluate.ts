import type { RowLatency } from '../../adapters/row-latency.ts'
import { runKey } from '../../adapters/run-artifacts.ts'
import { evaluationPorts } from '../../adapters/wiring-evaluation.ts'
import type { TabularManifest } from '../../src/manifest.ts'
import { answerNames } from '../../src/run/answers.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { type Evaluation, evaluate, judgedRows } from '../../src/run/evaluate.ts'
import { personalColumns } from '../../src/run/gate-files.ts'
import type { RunProfile } from '../../src/run/inspect.ts'
import { withLatency } from '../../src/run/leaderboard.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import type { TrainedModel } from '../../src/run/trained.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly specKey: string
  readonly dataKey: string
  readonly modelKey: string
  readonly onnxKey: string
  readonly manifestKey: string
}

const ports = evaluationPorts()

/** Measures the exported graph on the test rows, its parity with the trainer, and its time for one row. */
export const handler = step('evaluate', ports, async (event: Event, run) => {
  const { runId, attempt } = event
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const profile = await ports.readJson<RunProfile>(runKey(runId, 'profile.json'))
  const manifest = await ports.readJson<TabularManifest>(event.manifestKey)
  const trained = await ports.readJson<TrainedModel>(event.modelKey)
  const judged = judgedRows(decodePrepared(await ports.readBytes(event.dataKey)))
  const bytes = await ports.readBytes(event.onnxKey)
  const outputs = await ports.runGraph(bytes, judged.part.tensors, answerNames(manifest), manifest.rowsPerRun)
  const metricsKey = runKey(runId, 'metrics.json')
  const evaluation = await ports.keepJson<Evaluation & { readonly latency: RowLatency }>(metricsKey, async () => ({
    ...evaluate({ ...spec, personal: personalColumns(profile) }, manifest, trained, judged, outputs, bytes.length),
    latency: await ports.rowLatency(bytes, judged.part.tensors, answerNames(manifest)),
  }))
  await ports.notify(runId, attempt, evaluation.notices)
  const set = { metrics: evaluation.metrics, leaderboard: withLatency(run, evaluation.latency.p50Ms) }
  await ports.changeRun(runId, attempt, { set, nowMs: ports.nowMs() })
  return { metricsKey }
})
