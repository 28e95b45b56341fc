import type { LabelledData, TrainingData } from '../../estimators/estimator.ts'
import { estimators } from '../../estimators/list.ts'
import { applyPipeline, fitPipeline, type Pipeline, type PipelinePart } from '../../transformers/pipeline.ts'
import type { Link } from '../blend/link.ts'
import { classWeighted } from '../class-weights.ts'
import type { Prepared } from '../prepared.ts'
import type { RunSpec } from '../spec.ts'
import type { Opened } from './fit-parts.ts'
import type { Trial } from './trial.ts'

/** The features of some rows in a trial's form, with transformers fitted on them. */
export const trainingDataOf = (
  spec: Pick<RunSpec, 'codec' | 'preprocess' | 'plan' | 'seed' | 'classWeight'>,
  { algorithm, scaling }: Pick<Trial, 'algorithm' | 'scaling'>,
  part: PipelinePart,
): { pipeline: Pipeline; data: TrainingData } => {
  const { codec, preprocess, plan, seed } = spec
  const { form, sparse } = estimators[algorithm]
  const classes = plan.classes === null ? {} : { classes: plan.classes.length }
  const terms = sparse ? 'sparse' : 'best'
  const options = { preprocess, form, seed, terms, ...classes, ...(scaling && { scaling }) } as const
  const { pipeline, X } = fitPipeline(codec, options, part)
  return { pipeline, data: { X, ...weighed(spec, part, part.y), ...classes } }
}

/** Targets with the weights that a fit on rows of the targets `learned` gives them. */
const weighed = (
  { classWeight, plan }: Pick<RunSpec, 'classWeight' | 'plan'>,
  { y, weights }: Pick<PipelinePart, 'y' | 'weights'>,
  learned: Float64Array,
): Omit<LabelledData, 'X'> => {
  if (classWeight === undefined || plan.classes === null) return { y, ...(weights && { weights }) }
  return { y, weights: classWeighted(classWeight, learned, { y, ...(weights && { weights }) }, plan.classes.length) }
}

/** Transformers fitted on some rows, and their features; `held` rows are watched by estimators that end early. */
export const openRows = (spec: RunSpec, trial: Trial, learn: Prepared, held?: Prepared): Opened => {
  const { pipeline, data } = trainingDataOf(spec, trial, learn)
  if (held === undefined) return { pipeline, data }
  const watch = { X: applyPipeline(pipeline, held.tensors), ...weighed(spec, held, learn.y) }
  return { pipeline, data: { ...data, watch } }
}

/** Link of a trial's margins. */
export const linkOf = ({ plan }: Pick<RunSpec, 'plan'>, { algorithm, hyper }: Trial): Link => {
  if (plan.classes === null) return estimators[algorithm].link(hyper)
  return plan.classes.length === 2 ? 'logit' : 'softmax'
}
