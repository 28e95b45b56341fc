import { expect, test } from 'vitest'
import { fitMs, fitStepMs } from '../../../../src/run/trials/cost-model.ts'
import type { Algorithm } from '../../../../src/task.ts'

type Hyper = Readonly<Record<string, unknown>>

// Processor time of one iteration, or of a closed form, as measured on one thread of an AMD EPYC.
test.for<[Algorithm, number, number, 'regression' | 'binary', Hyper, number]>([
  ['gbdt', 160, 1000, 'regression', { leaves: 31 }, 6.08],
  ['gbdt', 800, 100, 'regression', { leaves: 8 }, 0.82],
  ['gbdt', 16_000, 20, 'regression', { leaves: 31 }, 1.36],
  ['gbdt', 16_000, 100, 'binary', { leaves: 63 }, 8.87],
  ['forest', 160, 1000, 'regression', { leaves: 512 }, 2.32],
  ['forest', 4000, 100, 'regression', { leaves: 64 }, 2.57],
  ['forest', 16_000, 20, 'binary', { leaves: 512 }, 5.52],
  ['mlp', 160, 1000, 'regression', { hidden: [128, 64] }, 6.62],
  ['mlp', 4000, 20, 'regression', { hidden: [64, 32] }, 1.97],
  ['mlp', 16_000, 100, 'binary', { hidden: [64, 32] }, 12.2],
  ['linear', 160, 1000, 'regression', {}, 75],
  ['linear', 160, 1000, 'regression', { ridge: 1 }, 12],
  ['linear', 80, 3000, 'regression', { ridge: 1 }, 10.5],
  ['linear', 4000, 1000, 'regression', {}, 865],
  ['logistic', 160, 1000, 'binary', {}, 0.94],
  ['logistic', 16_000, 100, 'binary', {}, 1.83],
])('%s on %i x %i, %s, %j -> from two thirds to 3.5 times the %f ms that it took', ([algorithm, ...given]) => {
  const [rows, features, task, hyper, ms] = given
  const shape = { rows, features, outputs: 1, ...(task === 'binary' && { classes: true as const }) }
  const none = fitMs(algorithm, { ...hyper, iterations: 0 }, shape)
  const expected = fitStepMs(algorithm, hyper, shape) - none
  expect(expected / ms).toBeGreaterThan(2 / 3)
  expect(expected / ms).toBeLessThan(3.5)
  // Ten more of them take ten times as long.
  const ten = fitMs(algorithm, { ...hyper, iterations: 10 }, shape) - none
  if (algorithm !== 'linear') expect(ten / expected).toBeCloseTo(10, 6)
})

test('1,000 columns and 200 rows -> a tree over them is expected to take longer than an epoch of a net', () => {
  const shape = { rows: 200, features: 1000, outputs: 1 }
  expect(fitStepMs('gbdt', {}, shape)).toBeGreaterThan(fitStepMs('mlp', {}, shape))
})
