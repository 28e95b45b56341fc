import type { Algorithm } from '../run/run.ts'
import type { Estimator, FitEvent, LinearModel, TrainingData } from './estimator.ts'

/** Every estimator by its name in the API. */
export declare const estimators: Readonly<Record<Algorithm, Estimator>>

/** A whole fit without a pause. */
export declare const fit: <Hyper>(
  estimator: Estimator<Hyper>,
  hyper: Hyper,
  data: TrainingData,
) => { readonly model: LinearModel; readonly events: readonly FitEvent[] }
