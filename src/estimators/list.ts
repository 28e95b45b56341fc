import type { Algorithm } from '../task.ts'
import type { Compute } from './compute.ts'
import type { Estimator, FitEvent, FitState, TrainingData } from './estimator.ts'
import { forest } from './forest.ts'
import { gbdt } from './gbdt.ts'
import { linear } from './linear.ts'
import { logistic } from './logistic.ts'
import { mlp } from './mlp/mlp.ts'

// Each estimator gets back only the hyperparameters, states and models that it made itself, so their types may be forgotten.
const forget = <Hyper, State extends FitState, Model>(estimator: Estimator<Hyper, State, Model>) =>
  estimator as unknown as Estimator

/** Every estimator by its name in the API. */
export const estimators: Readonly<Record<Algorithm, Estimator>> = {
  linear: forget(linear),
  logistic: forget(logistic),
  mlp: forget(mlp),
  gbdt: forget(gbdt),
  forest: forget(forest),
}

/** A whole fit without a pause. */
export const fitFully = async <Hyper, State extends FitState, Model>(
  estimator: Estimator<Hyper, State, Model>,
  hyper: Hyper,
  data: TrainingData,
  compute: Compute,
): Promise<{ readonly model: Model; readonly state: State; readonly events: readonly FitEvent[] }> => {
  const events: FitEvent[] = []
  const fitting = await estimator.open(hyper, data, compute)
  try {
    let state = await fitting.start()
    while (state.status === 'fitting') {
      const step = await fitting.step(state, { iterations: Number.POSITIVE_INFINITY })
      events.push(...step.events)
      state = step.state
    }
    return { model: estimator.model(state), state, events }
  } finally {
    await fitting.close()
  }
}
