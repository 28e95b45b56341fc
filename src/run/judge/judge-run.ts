import type { TabularManifest } from '../../registry/manifest.ts'
import { answerNames, answersOf } from '../answers.ts'
import type { Prepared } from '../prepared.ts'
import type { RunSpec } from '../spec.ts'
import { quantileOfTrained, type TrainedModel } from '../trained.ts'
import { judgedRows } from './evaluate.ts'
import { type Judgement, judge, needsOutOfFold, type OutOfFold } from './judge.ts'
import { askLive, type LivePorts } from './live.ts'

type Ports = LivePorts & {
  /** Answers of the chosen model on rows that its fits have not seen; asked only where the test rows do not suffice. */
  readonly outOfFold: () => Promise<OutOfFold>
}

export type JudgedRun = {
  readonly spec: RunSpec
  readonly manifest: TabularManifest
  readonly trained: TrainedModel
  readonly prepared: Prepared
  /** model.onnx */
  readonly bytes: Uint8Array
}

/** The verdict on a run's exported graph, against the baseline or the live version. */
export const judgeRun =
  (ports: Ports) =>
  async ({ spec: asked, manifest, trained, prepared, bytes }: JudgedRun): Promise<Judgement> => {
    const quantile = quantileOfTrained(trained)
    const { metric } = asked.choice
    const spec = { ...asked, ...(metric !== undefined && { metric }), ...(quantile !== undefined && { quantile }) }
    const { part } = judgedRows(prepared)
    const judged = answersOf(
      manifest,
      await ports.runGraph(bytes, part.tensors, answerNames(manifest), manifest.rowsPerRun),
    )
    const live = await askLive(ports)(spec, prepared)
    const outOfFold = needsOutOfFold(spec, prepared, live) ? await ports.outOfFold() : undefined
    return judge(spec, prepared, { judged, ...(outOfFold && { outOfFold }) }, live)
  }
