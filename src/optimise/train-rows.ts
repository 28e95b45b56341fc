import type { TabularManifest } from '../registry/manifest.ts'
import { answerNames, answersOf, judgedAnswers } from '../run/answers.ts'
import { type Prepared, selectRows, trainRows } from '../run/prepared.ts'
import type { TargetPlan } from '../run/task.ts'
import { cutRows, joinRows } from '../tensor/cut-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { labelledQuality, type Quality } from './quality.ts'

/** A loss of 0.1 % shows with so many, and their resamples take a second. */
const mostRows = 10_000
const batchRows = 1000

/** Every k-th train row: the test rows are for the chosen graph alone. */
export const judgedTrainRows = (prepared: Prepared): Prepared => {
  const train = trainRows(prepared)
  const every = Math.ceil(train.y.length / mostRows)
  return every <= 1 ? train : selectRows(train, (row) => row % every === 0)
}

/** What variants are run on, of these rows. */
export const rowSamples = (manifest: TabularManifest, { tensors, y }: Prepared) => {
  const most = Math.min(batchRows, manifest.rowsPerRun ?? batchRows)
  const judged = [...cutRows(tensors, most)]
  const [one = []] = cutRows(tensors, 1)
  const batch = { rows: Math.min(most, y.length), inputs: judged[0] ?? [] }
  return { one, batch, judged, outputs: answerNames(manifest) }
}

/** Compares the answers of two graphs, in as many runs as `rowSamples` has. */
export const judgeTrainRows =
  (plan: TargetPlan, manifest: TabularManifest, { y }: Prepared, seed: number) =>
  (float: readonly (readonly Tensor[])[], variant: readonly (readonly Tensor[])[]): Quality => {
    const judged = (answers: readonly (readonly Tensor[])[]) =>
      judgedAnswers(plan, y, answersOf(manifest, joinRows(answers)))
    return labelledQuality(judged(float), judged(variant), plan.classes !== null, seed)
  }
