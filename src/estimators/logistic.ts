import * as z from 'zod'
import type { Compute } from './compute.ts'
import { conditionerOf } from './conditioner.ts'
import { type Design, designOf } from './design.ts'
import type { Estimator, FitState, LinearModel } from './estimator.ts'
import { openGraphObjective } from './graph-objective.ts'
import { hyperparameters } from './hyperparameters.ts'
import { type LbfgsState, lbfgsStart, packDescent } from './lbfgs.ts'
import { linearModel, marginNodes, margins } from './linear-model.ts'
import { logLoss } from './losses/log-loss.ts'
import { softmaxLoss } from './losses/softmax-loss.ts'
import { minimise } from './minimise.ts'
import { packFloat64, unpackFloat64 } from './packed.ts'
import { rowLossOf, rowsObjective } from './rows-objective.ts'
import { checkTrainingData } from './training-data.ts'

const schema = z.strictObject({
  /** Inverse of the penalty's weight, as in scikit-learn. */
  C: z.number().positive().default(1),
  iterations: z.int().positive().default(1000),
  /** The fit ends when no element of the gradient of the sum is larger; of 1,000 rows' mean sum where there are more. */
  tolerance: z.number().positive().default(1e-6),
})

export type LogisticHyper = z.infer<typeof schema>

/** theta: float64 in base64, per output the coefficients of the features and an intercept. */
export type LogisticState = FitState & {
  readonly descent: LbfgsState
  readonly theta: string
  readonly outputs: number
}

/**
 * Logistic and softmax regression: L-BFGS on sum(loss) + w'w / 2C, the intercept unpenalised, which is scikit-learn's
 * objective. Two classes have one margin, K classes have K.
 */
export const logistic: Estimator<LogisticHyper, LogisticState, LinearModel> = {
  name: 'logistic',
  tasks: ['binary', 'multiclass'],
  form: 'scaled',
  sparse: true,
  hyper: (given) => hyperparameters('logistic', schema, given),
  fixed: (hyper) => hyper,
  link: () => 'identity',
  open: async (hyper, data, compute) => {
    checkTrainingData(data)
    const classes = data.classes ?? 2
    const outputs = classes === 2 ? 1 : classes
    const design = designOf(data, 1 / hyper.C)
    const { objective, close } = await openObjective(design, classes, compute)
    const options = {
      iterations: hyper.iterations,
      // The objective is a mean. The curvature of a sum grows with the rows: so may its gradient, at equal digits of w.
      tolerance: hyper.tolerance / Math.min(design.totalWeight, rowsOfTolerance),
      // The mean of p (1 - p) over equally likely classes.
      conditioner: conditionerOf(design, (classes - 1) / classes ** 2),
      unscaled: design.unscaled,
    }
    return {
      start: async () => {
        const descent = await lbfgsStart(objective, new Float64Array(outputs * design.size))
        const theta = packFloat64(design.unscaled(descent.point))
        return { status: 'fitting', iteration: 0, descent: packDescent(descent), theta, outputs }
      },
      step: (state, budget) => minimise(objective, options, state, budget),
      close,
    }
  },
  model: ({ theta, outputs }) => linearModel(unpackFloat64(theta), outputs),
  margins,
  toGraph: marginNodes,
}

/** With the usual tolerance the coefficients of scikit-learn's own tables are right to 6 digits. */
const rowsOfTolerance = 1000

/** Products of a pass above which a graph is faster than plain loops, with its start-up: measured on 2 cores. */
const leastGraphProducts = 100_000

const openObjective = async (design: Design, classes: number, compute: Compute) => {
  const outputs = classes === 2 ? 1 : classes
  if (design.sparse === undefined && design.rows * design.stride * outputs >= leastGraphProducts)
    return openGraphObjective(design, outputs, { loss: 'log', classes }, compute)
  const objective = rowsObjective(design, outputs, classes === 2 ? rowLossOf(logLoss) : softmaxLoss)
  return { objective, close: async () => {} }
}
