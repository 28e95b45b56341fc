import type { Matrix } from '../estimators/estimator.ts'
import { estimators } from '../estimators/list.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { applyPipeline, type Pipeline } from '../transformers/pipeline.ts'
import { applyLink, type Link } from './link.ts'
import type { Algorithm } from './run.ts'

/** One fit within a model. Plain JSON. */
export type Member = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  readonly pipeline: Pipeline
  /** Plain JSON of the estimator that made it. */
  readonly model: unknown
  /** Its share of the margin. */
  readonly weight: number
  readonly link: Link
}

/** model.json: everything that was fitted. `curve` holds [iteration, loss] of the first member. */
export type TrainedModel = {
  readonly members: readonly Member[]
  readonly calibrator?: unknown
  readonly threshold?: number
  readonly interval?: unknown
  readonly curve: readonly (readonly [number, number])[]
  readonly fitMs: number
}

/** The first member, which stands for the model where only one can. */
export const leadOf = ({ members }: TrainedModel): Member => members[0]! // a model has at least one

/** Answers of a model's one member: [n, 1] values or [n, K] probabilities. */
export const predictTrained = (trained: TrainedModel, tensors: readonly Tensor[]): Matrix => {
  const { algorithm, model, pipeline, link } = leadOf(trained)
  return applyLink(link, estimators[algorithm].margins(model, applyPipeline(pipeline, tensors)))
}
