import type { Algorithm } from '../run/run.ts'
import type { Estimator, FitEvent, FitState, LinearModel, TrainingData } from './estimator.ts'
import { linear } from './linear.ts'
import { logistic } from './logistic.ts'

// Each estimator gets back only the hyperparameters and states that it made itself, so their types may be forgotten.
const forget = <Hyper, State extends FitState>(estimator: Estimator<Hyper, State>) => estimator as unknown as Estimator

/** Every estimator by its name in the API. */
export const estimators: Readonly<Record<Algorithm, Estimator>> = {
  linear: forget(linear),
  logistic: forget(logistic),
}

/** A whole fit without a pause. */
export const fit = <Hyper, State extends FitState>(
  estimator: Estimator<Hyper, State>,
  hyper: Hyper,
  data: TrainingData,
): { readonly model: LinearModel; readonly events: readonly FitEvent[] } => {
  const events: FitEvent[] = []
  let state = estimator.start(hyper, data)
  while (state.status === 'fitting') {
    const step = estimator.step(hyper, data, state, { iterations: Number.POSITIVE_INFINITY })
    events.push(...step.events)
    state = step.state
  }
  return { model: estimator.model(state), events }
}
