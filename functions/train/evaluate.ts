import { runKey } from '../../adapters/runs/run-artifacts.ts'
import type { RowLatency } from '../../adapters/sessions/row-latency.ts'
import { evaluationPorts } from '../../adapters/wiring/evaluation.ts'
import { decodeExplainer, withoutMembers } from '../../src/explain/explainer-file.ts'
import { keepsWeights, type Optimisation, type VariantName } from '../../src/optimise/variant.ts'
import type { TabularManifest } from '../../src/registry/manifest.ts'
import { answerNames } from '../../src/run/answers.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import { explainRun, type RunExplanations } from '../../src/run/explain-run.ts'
import type { RunProfile } from '../../src/run/inspect.ts'
import { type Evaluation, evaluate, judgedRows } from '../../src/run/judge/evaluate.ts'
import { personalColumns } from '../../src/run/judge/gate-files.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import type { TrainedModel } from '../../src/run/trained.ts'
import { withLatency } from '../../src/run/trials/leaderboard.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly specKey: string
  readonly dataKey: string
  readonly modelKey: string
  readonly onnxKey: string
  readonly manifestKey: string
  readonly variantsKey?: string | null
}

const ports = evaluationPorts()

const chosenOf = async (variantsKey: Event['variantsKey']): Promise<VariantName> =>
  variantsKey ? (await ports.readJson<Optimisation>(variantsKey)).chosen : 'float'

const read = async (event: Event) => {
  const chosen = await chosenOf(event.variantsKey)
  const prepared = decodePrepared(await ports.readBytes(event.dataKey))
  return {
    spec: {
      ...(await ports.readJson<RunSpec>(event.specKey)),
      personal: personalColumns(await ports.readJson<RunProfile>(runKey(event.runId, 'profile.json'))),
      // Another graph than the exported one differs from the trainer as its variant does.
      exact: chosen === 'float',
    },
    chosen,
    manifest: await ports.readJson<TabularManifest>(event.manifestKey),
    trained: await ports.readJson<TrainedModel>(event.modelKey),
    prepared,
    judged: judgedRows(prepared),
    bytes: await ports.readBytes(event.onnxKey),
  }
}

/** What the graph says of itself as a whole, for the register state to store. */
const explain = async (
  runId: string,
  { spec, chosen, manifest, prepared, judged, bytes }: Awaited<ReturnType<typeof read>>,
  calibration: NonNullable<Evaluation['classes']>['calibration'] | undefined,
): Promise<RunExplanations> =>
  await ports.keepJson<RunExplanations>(runKey(runId, 'explanations.json'), async () => {
    const explainer = decodeExplainer(await ports.readBytes(runKey(runId, 'explainer.json')))
    return explainRun(ports.compute)(bytes, {
      ...{ spec, manifest, prepared, judged, personal: spec.personal },
      explainer: keepsWeights(chosen) ? explainer : withoutMembers(explainer),
      ...(calibration && { calibration }),
    })
  })

/** Measures the graph that is to serve on the test rows, its parity with the trainer, and its time for one row. */
export const handler = step('evaluate', ports, async (event: Event, run) => {
  const { runId, attempt } = event
  const files = await read(event)
  const { spec, manifest, trained, judged, bytes } = files
  const outputs = await ports.runGraph(bytes, judged.part.tensors, answerNames(manifest), manifest.rowsPerRun)
  const metricsKey = runKey(runId, 'metrics.json')
  const evaluation = await ports.keepJson<Evaluation & { readonly latency: RowLatency }>(metricsKey, async () => ({
    ...evaluate(spec, manifest, trained, judged, outputs, bytes.length),
    latency: await ports.rowLatency(bytes, judged.part.tensors, answerNames(manifest)),
  }))
  const { reason } = await explain(runId, files, evaluation.classes?.calibration)
  await ports.notify(runId, attempt, [...evaluation.notices, ...(reason ? [`no explanations: ${reason}`] : [])])
  const set = { metrics: evaluation.metrics, leaderboard: withLatency(run, evaluation.latency.p50Ms) }
  await ports.changeRun(runId, attempt, { set, nowMs: ports.nowMs() })
  return { metricsKey }
})
