import type { Matrix } from '../estimators/estimator.ts'
import { estimators } from '../estimators/list.ts'
import type { Algorithm } from '../task.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { applyPipeline, type Pipeline } from '../transformers/pipeline.ts'
import { blendMargins } from './blend/blend.ts'
import { type Calibrator, calibrate } from './blend/calibrator.ts'
import { applyLink, type Link } from './blend/link.ts'
import type { ConformalInterval } from './judge/interval.ts'

/** One fitted model of an ensemble. */
export type Member = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  readonly pipeline: Pipeline
  /** Plain JSON of the estimator that made it. */
  readonly model: unknown
  /** Of its margins; weights of all members sum to 1. */
  readonly weight: number
  /** The same for all members. */
  readonly link: Link
}

/** model.json: everything that was fitted. */
export type TrainedModel = {
  readonly members: readonly Member[]
  readonly calibrator?: Calibrator
  /** Least probability of the positive class that is answered as positive; 0.5 by default. */
  readonly threshold?: number
  readonly interval?: ConformalInterval
  /** Of a time split: the latest time of a row that was learned from, epoch seconds. */
  readonly trainedUntil?: number
  /** [iteration, loss] of the member of most weight, thinned. */
  readonly curve: readonly (readonly [number, number])[]
  readonly fitMs: number
}

/** Rows [n, 1] per codec column -> answers [n, 1] or [n, K]: margins blended, then calibrator, then link. */
export const predictTrained = ({ members, calibrator }: TrainedModel, tensors: readonly Tensor[]): Matrix => {
  const features = new Map<string, ReturnType<typeof applyPipeline>>()
  const featuresOf = (pipeline: Pipeline) => {
    const key = JSON.stringify(pipeline)
    const known = features.get(key) ?? applyPipeline(pipeline, tensors)
    features.set(key, known)
    return known
  }
  const blended = blendMargins(
    members.map(({ algorithm, model, pipeline, weight }) => ({
      weight,
      margins: estimators[algorithm].margins(model, featuresOf(pipeline)),
    })),
  )
  return applyLink(leadOf({ members }).link, calibrator ? calibrate(calibrator, blended) : blended)
}

/** What a model of rows with these times says of them; nothing without times. */
export const trainedUntilOf = (times: Float64Array | undefined): Pick<TrainedModel, 'trainedUntil'> =>
  times === undefined || times.length === 0
    ? {}
    : { trainedUntil: times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY) }

/** The first member, which stands for the model where only one can. */
export const leadOf = ({ members }: Pick<TrainedModel, 'members'>): Member => members[0]! // a model has at least one

/** The level of members that learned a quantile; undefined for other losses. */
export const quantileOfTrained = (trained: TrainedModel): number | undefined => {
  // Hyperparameters of estimators that have a quantile loss name it so.
  const { loss, quantile } = leadOf(trained).hyper as { readonly loss?: string; readonly quantile?: number }
  return loss === 'quantile' ? quantile : undefined
}
