import * as z from 'zod'
import { PercallError } from '../errors.ts'
import type { Budget, Estimator, FitEvent, Fitting, LinearModel, TrainingData } from './estimator.ts'
import { descentStep } from './gradient-descent.ts'
import { hyperparameters } from './hyperparameters.ts'
import { leastSquares } from './least-squares.ts'
import { openLinearLoss } from './linear-fitting.ts'
import { linearModel, marginNodes, margins } from './linear-model.ts'
import type { LinearState } from './linear-state.ts'
import { checkTargets, regressionLoss, regressionLosses } from './losses/regression-loss.ts'
import { packFloat64, unpackFloat64 } from './packed.ts'
import { checkTrainingData, featureCount } from './training-data.ts'

const schema = z.strictObject({
  /** Gradient descent is for the squared loss. */
  solver: z.enum(['closed-form', 'gradient-descent']).default('closed-form'),
  intercept: z.boolean().default(true),
  loss: z.enum(regressionLosses).default('squared'),
  /** Of the huber loss: where it becomes straight, in units of the scale that is fitted with it, as in scikit-learn. */
  epsilon: z.number().min(1).default(1.35),
  /** Of the quantile loss. */
  quantile: z.number().gt(0).lt(1).default(0.5),
  /** Weight of b'b / 2 beside the summed loss, which is that of b'b beside summed squares; not for gradient descent. */
  ridge: z.number().nonnegative().default(0),
  learningRate: z.number().positive().default(0.01),
  iterations: z.int().positive().default(1000),
  /** Losses other than squared, and text: the fit ends when no element of the mean gradient, standardised, is larger. */
  tolerance: z.number().positive().default(1e-8),
  /** Where gradient descent starts: every coefficient, or each by itself. */
  init: z.union([z.number(), z.array(z.number()).readonly()]).default(0),
})

export type LinearHyper = z.infer<typeof schema>

/**
 * Linear models: least squares in closed form or by full-batch gradient descent with its loss curve; other losses, and
 * least squares over terms of text, by L-BFGS or an interior-point method.
 */
export const linear: Estimator<LinearHyper, LinearState, LinearModel> = {
  name: 'linear',
  tasks: ['regression'],
  form: 'scaled',
  sparse: true,
  hyper: (given) => checked(hyperparameters('linear', schema, given)),
  fixed: (hyper) => hyper,
  link: ({ loss }) => (loss === 'poisson' ? 'log' : 'identity'),
  open: async (hyper, data) => {
    checkTrainingData(data)
    checkTargets(regressionLoss({ ...hyper, delta: hyper.epsilon }), data.y)
    if (hyper.solver === 'gradient-descent') return descentFitting(hyper, data)
    return hyper.loss === 'squared' && data.X.sparse === undefined
      ? closedFormFitting(hyper, data)
      : openLinearLoss(hyper, data)
  },
  model: ({ theta }) => linearModel(unpackFloat64(theta), 1),
  margins,
  toGraph: marginNodes,
}

const checked = (hyper: LinearHyper): LinearHyper => {
  if (hyper.solver === 'closed-form' || hyper.loss === 'squared') return hyper
  throw new PercallError('BAD_RUN', `parameters.linear.loss: expected squared for gradient-descent, got ${hyper.loss}`)
}

const closedFormFitting = (hyper: LinearHyper, data: TrainingData): Fitting<LinearState> => ({
  start: () => ({ status: 'fitting', iteration: 0, theta: packFloat64(new Float64Array(data.X.columns + 1)) }),
  step: async (state) => {
    if (state.status === 'done') return { state, events: [] }
    const { weights, intercepts } = leastSquares(data, hyper.ridge, hyper.intercept)
    const theta = packFloat64(Float64Array.of(...weights[0]!, intercepts[0]!))
    return { state: { status: 'done', iteration: 1, theta }, events: [] }
  },
  close: async () => {},
})

const descentFitting = (hyper: LinearHyper, data: TrainingData): Fitting<LinearState> => ({
  start: () => {
    const { init, intercept } = hyper
    const features = featureCount(data.X)
    const size = features + (intercept ? 1 : 0)
    const given = typeof init === 'number' ? new Array<number>(size).fill(init) : init
    if (given.length !== size) {
      throw new PercallError('BAD_RUN', `parameters.linear.init: expected ${size} numbers, got ${given.length}`)
    }
    const theta = new Float64Array(features + 1)
    theta.set(given)
    return { status: 'fitting', iteration: 0, theta: packFloat64(theta) }
  },
  step: async (state, budget) => descend(hyper, data, state, budget),
  close: async () => {},
})

const descend = (hyper: LinearHyper, data: TrainingData, state: LinearState, budget: Budget) => {
  const events: FitEvent[] = []
  const theta = unpackFloat64(state.theta)
  let { status, iteration } = state
  for (let spent = 0; spent < budget.iterations && status === 'fitting'; spent++) {
    const loss = descentStep(data, theta, hyper)
    if (!Number.isFinite(loss)) {
      throw new PercallError(
        'BAD_RUN',
        `gradient descent, iteration ${iteration}: expected a finite loss, got ${loss}; lower parameters.linear.learningRate (${hyper.learningRate})`,
      )
    }
    events.push({ iteration, loss })
    iteration += 1
    if (iteration === hyper.iterations) status = 'done'
    if (budget.stop?.()) break
  }
  return { state: { status, iteration, theta: packFloat64(theta) }, events }
}
