import type { Budget, FitEvent, FitState } from './estimator.ts'
import { type Conditioner, type LbfgsState, lbfgsStep, type Objective, packDescent, unpackDescent } from './lbfgs.ts'
import { packFloat64 } from './packed.ts'

export type MinimiseOptions = {
  readonly iterations: number
  /** Of the largest element of the gradient. */
  readonly tolerance: number
  readonly conditioner?: Conditioner | undefined
  /** A point -> coefficients of the features as they came. */
  readonly unscaled: (point: Float64Array) => Float64Array
}

/** Goes on with a descent until it is done or the budget is spent; events tell the objective, which is a mean. */
export const minimise = async <State extends FitState & { readonly descent: LbfgsState; readonly theta: string }>(
  objective: Objective,
  { iterations, tolerance, conditioner, unscaled }: MinimiseOptions,
  state: State,
  budget: Budget,
): Promise<{ readonly state: State; readonly events: readonly FitEvent[] }> => {
  const events: FitEvent[] = []
  let { status, iteration } = state
  let descent = unpackDescent(state.descent)
  for (let spent = 0; spent < budget.iterations && status === 'fitting'; spent++) {
    events.push({ iteration, loss: descent.value })
    const next = await lbfgsStep(objective, descent, tolerance, conditioner)
    iteration += 1
    if (next === undefined || iteration === iterations) status = 'done'
    descent = next ?? descent
    if (budget.stop?.()) break
  }
  const theta = packFloat64(unscaled(descent.point))
  return { state: { ...state, status, iteration, descent: packDescent(descent), theta }, events }
}
