import { runKey } from '../../adapters/run-artifacts.ts'
import { evaluationPorts } from '../../adapters/wiring-evaluation.ts'
import type { TabularManifest } from '../../src/manifest.ts'
import { modelCard } from '../../src/run/card.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { answerMatrix, answerNames, type Evaluation, judgedRows } from '../../src/run/evaluate.ts'
import type { TrainedModel } from '../../src/run/fit-trial.ts'
import { type Judgement, judge } from '../../src/run/judge.ts'
import { askLive } from '../../src/run/live.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly specKey: string
  readonly dataKey: string
  readonly modelKey: string
  readonly onnxKey: string
  readonly manifestKey: string
  readonly metricsKey: string
}

const ports = evaluationPorts()

/** Judges the exported graph against the baseline or the live version; a rejected run ends here. */
export const handler = step('gate', ports, async (event: Event) => {
  const { runId, attempt } = event
  const spec = await ports.readJson<RunSpec>(event.specKey)
  const manifest = await ports.readJson<TabularManifest>(event.manifestKey)
  const trained = await ports.readJson<TrainedModel>(event.modelKey)
  const prepared = decodePrepared(await ports.readBytes(event.dataKey))
  const { part } = judgedRows(prepared)
  const bytes = await ports.readBytes(event.onnxKey)
  const outputs = await ports.runGraph(bytes, part.tensors, answerNames(manifest), manifest.rowsPerRun)
  const live = await askLive(ports)(spec, prepared)
  const answers = answerMatrix(manifest, outputs)
  const judgement = await judge(spec, trained.trialId, prepared, answers, live, ports.compute)
  const gateKey = await ports.putJson(runKey(runId, 'gate.json'), judgement)
  // The first verdict stands: `live` may have moved since, when this state is run again.
  const first = await ports.readJson<Judgement>(gateKey)
  const evaluation = await ports.readJson<Evaluation>(event.metricsKey)
  await ports.putJson(runKey(runId, 'card.json'), modelCard(runId, spec, trained, prepared, evaluation, first))
  const gate = { verdict: first.verdict, reason: first.reason }
  if (gate.verdict === 'rejected') await ports.endRun(runId, attempt, { state: 'rejected', gate })
  else await ports.changeRun(runId, attempt, { set: { gate }, nowMs: ports.nowMs() })
  return { verdict: gate.verdict }
})
