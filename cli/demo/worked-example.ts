import type { Client } from '../../client/client.ts'
import { predictRows } from '../../client/rows.ts'
import { Failure } from '../failure.ts'
import type { Wanted } from './ensure-model.ts'

const model = 'worked-example'

/** Four rows, no intercept, 1000 steps of gradient descent: examples/worked-example/README.md. */
export const workedExample: Wanted = {
  file: 'worked-example/data.csv',
  run: {
    model,
    dataset: model,
    target: 'y',
    task: 'regression',
    algorithms: ['linear'],
    parameters: {
      linear: { solver: 'gradient-descent', learningRate: 0.01, iterations: 1000, intercept: false, init: 0 },
    },
    preprocess: 'none',
    split: { method: 'none' },
    gate: 'none',
  },
  price: { unit: 'call', amount: '0.001' },
}

// Float64 results of numpy for the same steps.
const expected = { theta: [0.9410554331051668, 0.04385656447325404], prediction: 4.968416552365358 } as const
const tolerance = 1e-12

const requireClose = (what: string, got: unknown, wanted: number): number => {
  if (typeof got === 'number' && Math.abs(got - wanted) <= tolerance) return got
  const hint = 'the worked example must come out to the last digit: this is a fault of Percall'
  throw new Failure('DEMO_DIFFERS', `${what}: expected ${wanted} within ${tolerance}, got ${got}`, hint)
}

export type WorkedExample = {
  readonly version: string
  readonly theta: readonly number[]
  readonly prediction: number
  readonly cost: string
}

/** Asks the model over HTTP. Without an intercept predict([1,0]) and predict([0,1]) are theta. Throws DEMO_DIFFERS. */
export const showWorkedExample = async (consumer: Client): Promise<WorkedExample> => {
  const predict = predictRows(consumer)
  const { predictions: units } = await predict(model, [
    [1, 0],
    [0, 1],
  ])
  const { predictions, version, cost } = await predict(model, [[5, 6]])
  return {
    version,
    theta: expected.theta.map((wanted, k) => requireClose(`theta[${k}]`, units[k], wanted)),
    prediction: requireClose('predict([5,6])', predictions[0], expected.prediction),
    cost,
  }
}
