import { runKey } from '../../adapters/run-artifacts.ts'
import { evaluationPorts } from '../../adapters/wiring-evaluation.ts'
import type { TabularManifest } from '../../src/manifest.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { answerNames, evaluate, judgedRows, leaderboardLine } from '../../src/run/evaluate.ts'
import type { TrainedModel } from '../../src/run/fit-trial.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly specKey: string
  readonly dataKey: string
  readonly modelKey: string
  readonly onnxKey: string
  readonly manifestKey: string
}

const ports = evaluationPorts()

/** Measures the exported graph on the test rows, and its parity with the trainer. */
export const handler = step('evaluate', ports, async (event: Event) => {
  const { runId, attempt } = event
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const manifest = await ports.readJson<TabularManifest>(event.manifestKey)
  const trained = await ports.readJson<TrainedModel>(event.modelKey)
  const judged = judgedRows(decodePrepared(await ports.readBytes(event.dataKey)))
  const bytes = await ports.readBytes(event.onnxKey)
  const outputs = await ports.runGraph(bytes, judged.part.tensors, answerNames(manifest), manifest.rowsPerRun)
  const evaluation = evaluate(spec, manifest, trained, judged, outputs, bytes.length)
  const metricsKey = await ports.putJson(runKey(runId, 'metrics.json'), evaluation)
  await ports.notify(runId, attempt, evaluation.notices)
  const set = { metrics: evaluation.metrics, leaderboard: [leaderboardLine(spec.plan, trained, evaluation)] }
  await ports.changeRun(runId, attempt, { set, nowMs: ports.nowMs() })
  return { metricsKey }
})
