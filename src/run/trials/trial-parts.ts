import { estimators } from '../../estimators/list.ts'
import { applyPipeline } from '../../transformers/pipeline.ts'
import type { Choice } from '../blend/choose.ts'
import { exportModel } from '../export.ts'
import { type Prepared, selectRows } from '../prepared.ts'
import { fittedModel, type RunSpec, trialById } from '../spec.ts'
import type { Member } from '../trained.ts'
import type { Opened, Part, PartFit } from './fit-parts.ts'
import { linkOf, openRows } from './fit-trial.ts'
import { foldParts } from './folds.ts'
import { rungIterations, rungRows } from './halving.ts'
import type { HeldMargins } from './oof-file.ts'
import type { Trial } from './trial.ts'

/** The rows of these numbers, in ascending order. */
export const takeRows = (train: Prepared, rows: Uint32Array): Prepared => {
  const taken = new Uint8Array(train.y.length)
  for (const row of rows) taken[row] = 1
  return selectRows(train, (row) => taken[row] === 1)
}

/** The folds of the train part that can be learned from: with classes, at least two of them. */
const trialFolds = (spec: RunSpec, train: Prepared) =>
  foldParts(train, spec.split).filter(
    ({ learn }) => spec.plan.classes === null || new Set(Array.from(learn, (row) => train.y[row])).size > 1,
  )

/** A trial's fits in a round: transformers and estimator together on the rows of each fold, its held rows watched. */
export const trialParts = (spec: RunSpec, trial: Trial, rung: number, train: Prepared): readonly Part[] => {
  const { share } = spec.rungs[rung]!
  return trialFolds(spec, train).map(({ fold, learn, held }) => {
    const rows = rungRows(trial, share, learn, spec.seed)
    return {
      name: `fold ${fold}`,
      algorithm: trial.algorithm,
      hyper: trial.hyper,
      rows: rows.length,
      until: rungIterations(trial, share),
      open: () => openRows(spec, trial, takeRows(train, rows), takeRows(train, held)),
    }
  })
}

/** What is kept of a fold: the margins of its held rows, and the size of its model's graph. */
export const foldResult = (
  spec: RunSpec,
  trial: Trial,
  train: Prepared,
  part: number,
  { pipeline }: Opened,
  { state }: PartFit,
): { readonly held: HeldMargins; readonly sizeBytes: number } => {
  const { held } = trialFolds(spec, train)[part]!
  const estimator = estimators[trial.algorithm]
  const model = estimator.model(state)
  const margins = estimator.margins(model, applyPipeline(pipeline, takeRows(train, held).tensors))
  const member = { ...memberOf(spec, trial, { pipeline }, state), weight: 1 }
  const { bytes } = exportModel(fittedModel(spec, { members: [member], curve: [], fitMs: 0 }))
  return { held: { rows: held, margins }, sizeBytes: bytes.length }
}

/** A chosen trial's hyperparameters for the fit on all train rows: iterations as cross-validation found best. */
const refitHyper = (spec: RunSpec, { trialId, iterations, seed }: Choice['members'][number]): unknown => {
  const { algorithm, hyper } = trialById(spec, trialId)
  const { seed: own = 0 } = hyper as { readonly seed?: number } // estimators that draw have it
  return estimators[algorithm].fixed(
    seed === undefined ? hyper : { ...(hyper as object), seed: own + seed },
    iterations,
  )
}

/** The fits of a model's members on all train rows. */
export const refitParts = (spec: RunSpec, { members }: Choice, train: Prepared): readonly Part[] =>
  members.map((member) => ({
    name: member.trialId,
    algorithm: trialById(spec, member.trialId).algorithm,
    hyper: refitHyper(spec, member),
    rows: train.y.length,
    until: Number.POSITIVE_INFINITY,
    open: () => openRows(spec, trialById(spec, member.trialId), train),
  }))

/** A member that was fitted on all train rows, without its weight. */
export const memberOf = (
  spec: RunSpec,
  trial: Trial,
  { pipeline }: Pick<Opened, 'pipeline'>,
  state: PartFit['state'],
): Omit<Member, 'weight'> => ({
  trialId: trial.id,
  algorithm: trial.algorithm,
  hyper: trial.hyper,
  pipeline,
  model: estimators[trial.algorithm].model(state),
  link: linkOf(spec, trial),
})
