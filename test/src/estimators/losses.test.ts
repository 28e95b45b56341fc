import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absolute } from '../../../src/estimators/losses/absolute.ts'
import { huber } from '../../../src/estimators/losses/huber.ts'
import { logLoss } from '../../../src/estimators/losses/log-loss.ts'
import type { Loss } from '../../../src/estimators/losses/loss.ts'
import { poisson } from '../../../src/estimators/losses/poisson.ts'
import { quantile } from '../../../src/estimators/losses/quantile.ts'
import { checkTargets } from '../../../src/estimators/losses/regression-loss.ts'
import { softmaxConstant, softmaxLoss } from '../../../src/estimators/losses/softmax-loss.ts'
import { squared } from '../../../src/estimators/losses/squared.ts'

const step = 1e-5
/** Differences over 2 x 1e-5 keep about 10 of 16 digits of values up to 100. */
const tolerance = 1e-4

const number = fc.double({ min: -4, max: 4, noNaN: true })
const cases: readonly { name: string; loss: Loss; target: fc.Arbitrary<number>; kinks: readonly number[] }[] = [
  { name: 'squared', loss: squared, target: number, kinks: [] },
  { name: 'absolute', loss: absolute, target: number, kinks: [0] },
  { name: 'huber', loss: huber(0.7), target: number, kinks: [-0.7, 0.7] },
  { name: 'quantile', loss: quantile(0.9), target: number, kinks: [0] },
  { name: 'poisson', loss: poisson, target: fc.double({ min: 0, max: 4, noNaN: true }), kinks: [] },
  { name: 'log', loss: logLoss, target: fc.double({ min: 0, max: 1, noNaN: true }), kinks: [] },
]

describe.for(cases)('$name', ({ loss, target, kinks }) => {
  const smooth = (m: number, y: number): boolean => kinks.every((kink) => Math.abs(m - y - kink) > 2 * step)

  test('any margin away from a kink -> gradient and hessian of finite differences', () => {
    fc.assert(
      fc.property(number, target, (m, y) => {
        fc.pre(smooth(m, y))
        const slope = (loss.value(m + step, y) - loss.value(m - step, y)) / (2 * step)
        const bend = (loss.gradient(m + step, y) - loss.gradient(m - step, y)) / (2 * step)
        expect(Math.abs(loss.gradient(m, y) - slope)).toBeLessThan(tolerance)
        expect(Math.abs(loss.hessian(m, y) - bend)).toBeLessThan(tolerance)
      }),
    )
  })

  test('any weighted targets -> no margin costs less than the constant', () => {
    const rows = fc.array(fc.tuple(target, fc.nat({ max: 3 })), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(rows, number, (pairs, other) => {
        fc.pre(pairs.some(([, weight]) => weight > 0))
        const y = Float64Array.from(pairs, ([value]) => value)
        const weights = Float64Array.from(pairs, ([, weight]) => weight)
        const cost = (m: number) => y.reduce((sum, value, i) => sum + weights[i]! * loss.value(m, value), 0)
        expect(cost(loss.constant(y, weights))).toBeLessThanOrEqual(cost(other) + 1e-9)
      }),
    )
  })

  test('whole weights -> the constant of repeated rows', () => {
    const y = Float64Array.of(0.25, 1, 0.5, 0.125)
    const weights = Float64Array.of(2, 1, 0, 3)
    const repeated = Float64Array.of(0.25, 0.25, 1, 0.125, 0.125, 0.125)
    expect(loss.constant(y, weights)).toBeCloseTo(loss.constant(repeated), 12)
  })
})

test('an even number of targets -> the middle of the two in the middle', () => {
  expect(absolute.constant(Float64Array.of(4, 1, 3, 2))).toBe(2.5)
})

test('margins far out -> finite log loss, its slope at most 1', () => {
  for (const m of [-800, 800]) {
    expect(Number.isFinite(logLoss.value(m, 0))).toBe(true)
    expect(Math.abs(logLoss.gradient(m, 0))).toBeLessThanOrEqual(1)
  }
})

test('any margins of 3 classes -> the softmax gradient of finite differences', () => {
  fc.assert(
    fc.property(fc.tuple(number, number, number), fc.nat({ max: 2 }), (margins, y) => {
      const gradient = Float64Array.from(margins)
      softmaxLoss(gradient, y)
      for (let k = 0; k < 3; k++) {
        const moved = (by: number) => softmaxLoss(Float64Array.from(margins).with(k, margins[k]! + by), y)
        expect(Math.abs(gradient[k]! - (moved(step) - moved(-step)) / (2 * step))).toBeLessThan(tolerance)
      }
    }),
  )
})

test('class counts 1, 2, 1 -> logarithms of their shares', () => {
  const constant = softmaxConstant(Float64Array.of(1, 0, 1, 2), 3)
  expect(Array.from(constant, Math.exp)).toEqual([
    expect.closeTo(0.25, 12),
    expect.closeTo(0.5, 12),
    expect.closeTo(0.25, 12),
  ])
})

test('a negative count -> BAD_TABLE with its row', () => {
  expect(() => checkTargets(poisson, Float64Array.of(1, -2))).toThrow(/row 1, target: expected a number of at least 0/)
})
