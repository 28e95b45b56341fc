import { conditionerOf } from './conditioner.ts'
import type { Budget, FitEvent, Fitting, LabelledData } from './estimator.ts'
import { type InteriorPoint, interiorStart, interiorStep } from './interior-point.ts'
import { lbfgsStart, packDescent } from './lbfgs.ts'
import { type LinearLoss, linearProblem, type Problem } from './linear-losses.ts'
import type { LinearState } from './linear-state.ts'
import { minimise } from './minimise.ts'
import { packFloat64, unpackFloat64 } from './packed.ts'

type Options = LinearLoss & { readonly iterations: number; readonly tolerance: number }

/** A fit by L-BFGS of what is smooth, by an interior-point method of what has corners. */
export const openLinearLoss = (options: Options, data: LabelledData): Fitting<LinearState> => {
  const problem = linearProblem(options, data)
  return problem.kind === 'smooth' ? smoothFitting(options, problem) : cornersFitting(options, problem)
}

const smoothFitting = (
  { iterations, tolerance }: Options,
  { design, objective, origin, unscaled }: Extract<Problem, { kind: 'smooth' }>,
): Fitting<LinearState> => {
  // Standardised, a row bends by about 1.
  const conditioner = conditionerOf(design, 1)
  return {
    start: async () => {
      const descent = await lbfgsStart(objective, origin)
      return { status: 'fitting', iteration: 0, theta: packFloat64(unscaled(origin)), descent: packDescent(descent) }
    },
    step: (state, budget) => {
      const descent = state.descent! // states of this fitting have it
      return minimise(objective, { iterations, tolerance, conditioner, unscaled }, { ...state, descent }, budget)
    },
    close: async () => {},
  }
}

/** The loss per row below which a fit counts as perfect, in standard deviations of the target. */
const perfectLoss = 1e-4

const cornersFitting = (
  { iterations, tolerance }: Options,
  { design, sides, unscaled }: Extract<Problem, { kind: 'corners' }>,
): Fitting<LinearState> => {
  const stateOf = (at: Pick<LinearState, 'status' | 'iteration'>, point: InteriorPoint): LinearState => ({
    ...at,
    theta: packFloat64(unscaled(point.coefficients)),
    interior: {
      coefficients: packFloat64(point.coefficients),
      above: packFloat64(point.above),
      below: packFloat64(point.below),
      dual: packFloat64(point.dual),
    },
  })
  return {
    start: () => stateOf({ status: 'fitting', iteration: 0 }, interiorStart(design)),
    step: async (state: LinearState, budget: Budget) => {
      const events: FitEvent[] = []
      let { status, iteration } = state
      let point = unpacked(state)
      for (let spent = 0; spent < budget.iterations && status === 'fitting'; spent++) {
        const { next, objective, gap } = interiorStep(design, sides, point)
        events.push({ iteration, loss: objective / design.totalWeight })
        iteration += 1
        const finite = next.coefficients.every(Number.isFinite)
        const met = gap <= tolerance * (objective + perfectLoss * design.totalWeight)
        // The step that would follow is dropped: the point before it is good enough, or there is no better one.
        if (met || !finite || iteration === iterations) status = 'done'
        if (finite && !met) point = next
        if (budget.stop?.()) break
      }
      return { state: stateOf({ status, iteration }, point), events }
    },
    close: async () => {},
  }
}

const unpacked = ({ interior }: LinearState): InteriorPoint => {
  const { coefficients, above, below, dual } = interior! // states of this fitting have it
  return {
    coefficients: unpackFloat64(coefficients),
    above: unpackFloat64(above),
    below: unpackFloat64(below),
    dual: unpackFloat64(dual),
  }
}
