import { runKey } from '../../adapters/run-artifacts.ts'
import { evaluationPorts } from '../../adapters/wiring-evaluation.ts'
import type { TabularManifest } from '../../src/manifest.ts'
import { modelCard } from '../../src/run/card.ts'
import { cardMarkdown } from '../../src/run/card-markdown.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import type { Evaluation } from '../../src/run/evaluate.ts'
import type { Judgement } from '../../src/run/judge.ts'
import { judgeRun } from '../../src/run/judge-run.ts'
import { trainRows } from '../../src/run/prepared.ts'
import { refitOutOfFold } from '../../src/run/refit-out-of-fold.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import type { TrainedModel } from '../../src/run/trained.ts'
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
  const bytes = await ports.readBytes(event.onnxKey)
  const outOfFold = () => refitOutOfFold(spec, trained, trainRows(prepared), ports.compute)
  const judgement = await judgeRun({ ...ports, outOfFold })({ spec, manifest, trained, prepared, bytes })
  const gateKey = await ports.putJson(runKey(runId, 'gate.json'), judgement)
  // The first verdict stands: `live` may have moved since, when this state is run again.
  const first = await ports.readJson<Judgement>(gateKey)
  const evaluation = await ports.readJson<Evaluation>(event.metricsKey)
  const testUses = await ports.countTestUse({ dataset: spec.dataset, runId })
  const card = modelCard({ runId, spec, trained, prepared, evaluation, judgement: first, testUses })
  await ports.putJson(runKey(runId, 'card.json'), card)
  await ports.putBytes(runKey(runId, 'card.md'), cardMarkdown(card))
  const gate = { verdict: first.verdict, reason: first.reason }
  if (gate.verdict === 'rejected') await ports.endRun(runId, attempt, { state: 'rejected', gate })
  else await ports.changeRun(runId, attempt, { set: { gate }, nowMs: ports.nowMs() })
  return { verdict: gate.verdict }
})
