import type { Compute } from '../estimators/compute.ts'
import { estimators, fitFully } from '../estimators/list.ts'
import { applyPipeline } from '../transformers/pipeline.ts'
import { blendMargins } from './blend.ts'
import { calibrate } from './calibrator.ts'
import { trainingDataOf } from './fit-trial.ts'
import type { OutOfFold } from './judge.ts'
import { applyLink } from './link.ts'
import { type Prepared, selectRows } from './prepared.ts'
import type { RunSpec } from './spec.ts'
import { leadOf, type TrainedModel } from './trained.ts'

/** Each train row's answer by fits of all members on the other folds: for runs that keep no trials' margins. */
export const refitOutOfFold = async (
  spec: RunSpec,
  { members, calibrator, threshold }: TrainedModel,
  train: Prepared,
  compute: Compute,
): Promise<OutOfFold> => {
  const columns = spec.plan.classes === null || spec.plan.classes.length === 2 ? 1 : spec.plan.classes.length
  const values = new Float64Array(train.y.length * columns)
  for (const fold of new Set(train.folds)) {
    const held = selectRows(train, (row) => train.folds[row] === fold)
    const { pipeline, data } = trainingDataOf(
      spec,
      selectRows(train, (row) => train.folds[row] !== fold),
    )
    const X = applyPipeline(pipeline, held.tensors)
    const margins = []
    for (const { algorithm, hyper, weight } of members) {
      const { model } = await fitFully(estimators[algorithm], hyper, data, compute)
      margins.push({ weight, margins: estimators[algorithm].margins(model, X) })
    }
    const blended = blendMargins(margins)
    const rows = train.folds.keys().filter((row) => train.folds[row] === fold)
    for (const [at, row] of [...rows].entries())
      values.set(blended.values.subarray(at * columns, (at + 1) * columns), row * columns)
  }
  const all = { rows: train.y.length, columns, values }
  return {
    values: applyLink(leadOf({ members }).link, calibrator ? calibrate(calibrator, all) : all),
    truth: train.y,
    ...(train.weights && { weights: train.weights }),
    ...(threshold !== undefined && { threshold }),
  }
}
