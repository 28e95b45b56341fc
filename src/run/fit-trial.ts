import type { TrainingData } from '../estimators/estimator.ts'
import { estimators } from '../estimators/list.ts'
import { applyPipeline, fitPipeline, type Pipeline, type PipelinePart } from '../transformers/pipeline.ts'
import type { Opened } from './fit-parts.ts'
import type { Link } from './link.ts'
import type { Prepared } from './prepared.ts'
import type { RunSpec, Trial } from './spec.ts'

/** The features of some rows in a trial's form, with transformers fitted on them. */
export const trainingDataOf = (
  spec: Pick<RunSpec, 'codec' | 'preprocess' | 'plan' | 'seed'>,
  { algorithm }: Pick<Trial, 'algorithm'>,
  part: PipelinePart,
): { pipeline: Pipeline; data: TrainingData } => {
  const { codec, preprocess, plan, seed } = spec
  const { form, sparse } = estimators[algorithm]
  const classes = plan.classes === null ? {} : { classes: plan.classes.length }
  const terms = sparse ? 'sparse' : 'best'
  const { pipeline, X } = fitPipeline(codec, { preprocess, form, seed, terms, ...classes }, part)
  return { pipeline, data: { X, y: part.y, ...(part.weights && { weights: part.weights }), ...classes } }
}

/** Transformers fitted on some rows, and their features; `held` rows are watched by estimators that end early. */
export const openRows = (spec: RunSpec, trial: Trial, learn: Prepared, held?: Prepared): Opened => {
  const { pipeline, data } = trainingDataOf(spec, trial, learn)
  if (held === undefined) return { pipeline, data }
  const { y, weights } = held
  const watch = { X: applyPipeline(pipeline, held.tensors), y, ...(weights && { weights }) }
  return { pipeline, data: { ...data, watch } }
}

/** Link of a trial's margins. */
export const linkOf = ({ plan }: Pick<RunSpec, 'plan'>, { algorithm, hyper }: Trial): Link => {
  if (plan.classes === null) return estimators[algorithm].link(hyper)
  return plan.classes.length === 2 ? 'logit' : 'softmax'
}
