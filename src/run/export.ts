import type { Codec } from '../dataset/codec.ts'
import type { LinearModel } from '../estimators/estimator.ts'
import type { Manifest } from '../manifest.ts'
import type { Pipeline } from '../transformers/pipeline.ts'
import type { Algorithm } from './run.ts'
import type { TargetPlan } from './task.ts'

export type FittedModel = {
  readonly codec: Codec
  readonly pipeline: Pipeline
  readonly algorithm: Algorithm
  readonly model: LinearModel
  readonly target: { readonly name: string; readonly kind: Manifest['target']['kind'] }
  readonly plan: TargetPlan
  /** Version of Percall, for the manifest. */
  readonly percall: string
}

/** One graph from the codec's columns to answers, and its manifest. The same model gives the same bytes. */
export declare const exportModel: (fitted: FittedModel) => { readonly bytes: Uint8Array; readonly manifest: Manifest }
