import * as z from 'zod'
import { PercallError } from '../errors.ts'
import type { Budget, Estimator, FitEvent, FitState, LinearModel, TrainingData } from './estimator.ts'
import { type DescentOptions, descentStep } from './gradient-descent.ts'
import { hyperparameters } from './hyperparameters.ts'
import { leastSquares } from './least-squares.ts'
import { marginNodes, margins } from './linear-model.ts'
import { checkTrainingData } from './training-data.ts'

const schema = z.strictObject({
  solver: z.enum(['closed-form', 'gradient-descent']).default('closed-form'),
  intercept: z.boolean().default(true),
  /** Weight of b'b beside the summed squares; closed form only. */
  ridge: z.number().nonnegative().default(0),
  learningRate: z.number().positive().default(0.01),
  iterations: z.int().positive().default(1000),
  /** Where gradient descent starts: every coefficient, or each by itself. */
  init: z.union([z.number(), z.array(z.number()).readonly()]).default(0),
})

export type LinearHyper = z.infer<typeof schema>

/** theta: the coefficients, then the intercept if there is one. */
export type LinearState = FitState & { readonly theta: readonly number[]; readonly intercept: boolean }

/** Least squares, in closed form or by full-batch gradient descent with its loss curve. */
export const linear: Estimator<LinearHyper, LinearState, LinearModel> = {
  name: 'linear',
  tasks: ['regression'],
  form: 'scaled',
  hyper: (given) => hyperparameters('linear', schema, given),
  fixed: (hyper) => hyper,
  link: () => 'identity',
  open: async (hyper, data) => {
    checkTrainingData(data)
    return {
      start: () => startOf(hyper, data.X.columns),
      step: async (state, budget) => {
        if (state.status === 'done') return { state, events: [] }
        if (hyper.solver === 'closed-form') return { state: closedForm(hyper, data, state), events: [] }
        return descend(hyper, data, state, budget)
      },
      close: async () => {},
    }
  },
  model: ({ theta, intercept }): LinearModel => ({
    weights: [intercept ? theta.slice(0, -1) : theta],
    intercepts: [intercept ? theta.at(-1)! : 0],
  }),
  margins,
  toGraph: marginNodes,
}

const startOf = ({ init, intercept }: LinearHyper, columns: number): LinearState => {
  const size = columns + (intercept ? 1 : 0)
  const theta = typeof init === 'number' ? new Array<number>(size).fill(init) : init
  if (theta.length !== size) {
    throw new PercallError('BAD_RUN', `parameters.linear.init: expected ${size} numbers, got ${theta.length}`)
  }
  return { status: 'fitting', iteration: 0, theta, intercept }
}

const descend = (hyper: LinearHyper, data: TrainingData, state: LinearState, budget: Budget) => {
  const events: FitEvent[] = []
  const theta = Float64Array.from(state.theta)
  const descent: DescentOptions = { learningRate: hyper.learningRate, intercept: hyper.intercept }
  let iteration = state.iteration
  for (let spent = 0; spent < budget.iterations && iteration < hyper.iterations; spent++) {
    const loss = descentStep(data, theta, descent)
    if (!Number.isFinite(loss)) {
      throw new PercallError(
        'BAD_RUN',
        `gradient descent, iteration ${iteration}: expected a finite loss, got ${loss}; lower parameters.linear.learningRate (${hyper.learningRate})`,
      )
    }
    events.push({ iteration, loss })
    iteration += 1
    if (budget.stop?.()) break
  }
  const status = iteration === hyper.iterations ? ('done' as const) : ('fitting' as const)
  return { state: { ...state, status, iteration, theta: Array.from(theta) }, events }
}

const closedForm = (hyper: LinearHyper, data: TrainingData, state: LinearState): LinearState => {
  const { weights, intercepts } = leastSquares(data, hyper.ridge, hyper.intercept)
  return {
    ...state,
    status: 'done',
    iteration: 1,
    theta: hyper.intercept ? [...weights[0]!, intercepts[0]!] : weights[0]!,
  }
}
