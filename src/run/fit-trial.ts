import type { Compute } from '../estimators/compute.ts'
import type { Matrix } from '../estimators/estimator.ts'
import { estimators, fitFully } from '../estimators/list.ts'
import { applyPipeline, fitPipeline } from '../transformers/pipeline.ts'
import type { Opened } from './fit-parts.ts'
import { applyLink, type Link } from './link.ts'
import type { Prepared } from './prepared.ts'
import type { RunSpec, Trial } from './spec.ts'

/** Transformers fitted on some rows, and their features; `held` rows are watched by estimators that end early. */
export const openRows = (spec: RunSpec, learn: Prepared, held?: Prepared): Opened => {
  const pipeline = fitPipeline(spec.codec, spec.preprocess, learn.tensors)
  const classes = spec.plan.classes === null ? {} : { classes: spec.plan.classes.length }
  const watch = held && { watch: { X: applyPipeline(pipeline, held.tensors), y: held.y } }
  return { pipeline, data: { X: applyPipeline(pipeline, learn.tensors), y: learn.y, ...classes, ...watch } }
}

/** Link of a trial's margins. */
export const linkOf = ({ plan }: Pick<RunSpec, 'plan'>, { algorithm, hyper }: Trial): Link => {
  if (plan.classes === null) return estimators[algorithm].link(hyper)
  return plan.classes.length === 2 ? 'logit' : 'softmax'
}

/** The whole fit of some rows, for predictions of others. */
export const fitWhole = async (
  spec: RunSpec,
  trial: Trial,
  part: Prepared,
  compute: Compute,
): Promise<(rows: Prepared) => Matrix> => {
  const estimator = estimators[trial.algorithm]
  const { pipeline, data } = openRows(spec, part)
  const { model } = await fitFully(estimator, trial.hyper, data, compute)
  return (rows) => applyLink(linkOf(spec, trial), estimator.margins(model, applyPipeline(pipeline, rows.tensors)))
}
