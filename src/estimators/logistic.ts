import * as z from 'zod'
import type { Estimator, FitEvent, FitState, LinearModel, TrainingData } from './estimator.ts'
import { hyperparameters } from './hyperparameters.ts'
import { type LbfgsState, lbfgsStart, lbfgsStep } from './lbfgs.ts'
import { marginNodes, margins } from './linear-model.ts'
import { logisticObjective, outputsOf } from './logistic-objective.ts'
import { checkTrainingData } from './training-data.ts'

const schema = z.strictObject({
  /** Inverse of the penalty's weight, as in scikit-learn. */
  C: z.number().positive().default(1),
  iterations: z.int().positive().default(1000),
  /** The fit ends when no element of the gradient is larger. */
  tolerance: z.number().positive().default(1e-4),
})

export type LogisticHyper = z.infer<typeof schema>

/** Minimiser's state; per output p coefficients and an intercept. */
export type LogisticState = FitState & LbfgsState & { readonly outputs: number }

/**
 * Logistic and softmax regression: L-BFGS on 0.5 w'w + C sum(loss), the intercept unpenalised, which is scikit-learn's
 * objective. Two classes have one margin, K classes have K.
 */
export const logistic: Estimator<LogisticHyper, LogisticState, LinearModel> = {
  name: 'logistic',
  tasks: ['binary', 'multiclass'],
  form: 'scaled',
  hyper: (given) => hyperparameters('logistic', schema, given),
  fixed: (hyper) => hyper,
  link: () => 'identity',
  open: async (hyper, data) => {
    checkTrainingData(data)
    const outputs = outputsOf(data)
    const objective = logisticObjective(data, hyper.C)
    // Events show the mean objective per row, so that tables of different size compare.
    const perRow = 1 / (hyper.C * totalWeight(data))
    return {
      start: () => {
        const origin = new Float64Array(outputs * (data.X.columns + 1))
        return { ...lbfgsStart(objective, origin), status: 'fitting', iteration: 0, outputs }
      },
      step: async (state, budget) => {
        const events: FitEvent[] = []
        let current = state
        for (let spent = 0; spent < budget.iterations && current.status === 'fitting'; spent++) {
          events.push({ iteration: current.iteration, loss: current.value * perRow })
          const next = lbfgsStep(objective, current, hyper.tolerance)
          const iteration = current.iteration + 1
          const done = next === undefined || iteration === hyper.iterations
          current = { ...current, ...next, iteration, status: done ? 'done' : 'fitting' }
          if (budget.stop?.()) break
        }
        return { state: current, events }
      },
      close: async () => {},
    }
  },
  model: ({ point, outputs }): LinearModel => {
    const stride = point.length / outputs
    const rows = Array.from({ length: outputs }, (_, k) => point.slice(k * stride, (k + 1) * stride))
    return { weights: rows.map((row) => row.slice(0, -1)), intercepts: rows.map((row) => row.at(-1)!) }
  },
  margins,
  toGraph: marginNodes,
}

const totalWeight = ({ X, weights }: TrainingData): number => weights?.reduce((sum, w) => sum + w, 0) ?? X.rows
