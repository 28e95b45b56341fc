import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../../../src/random.ts'
import { lossFactor, optimismOf } from '../../../../src/run/trials/optimism.ts'

const curve = fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1, maxLength: 12 })
const fits = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 50 }), losses: curve }), {
  minLength: 2,
  maxLength: 6,
})

test('any curves -> as a brute-force search over the other folds says, never below 1', () => {
  fc.assert(
    fc.property(fits, (folds) => {
      const at = (fold: number, k: number): number => folds[fold]!.losses[Math.min(k, folds[fold]!.losses.length - 1)]!
      let [own, honest] = [0, 0]
      for (const [fold, { rows, losses }] of folds.entries()) {
        const sums = Array.from({ length: 12 }, (_, k) =>
          folds.reduce((sum, other, g) => sum + (g === fold ? 0 : other.rows * at(g, k)), 0),
        )
        honest += rows * at(fold, sums.indexOf(Math.min(...sums)))
        own += rows * Math.min(...losses)
      }
      expect(optimismOf(folds)).toBeCloseTo(Math.max(1, honest / own), 9)
    }),
  )
})

test('folds of pure noise that stop at their own least loss -> the factor takes the gain back', () => {
  const random = createRandom(3)
  const folds = Array.from({ length: 5 }, () => ({ rows: 20, losses: Array.from({ length: 100 }, () => 1 + random()) }))
  const mean = folds.reduce((sum, { losses }) => sum + Math.min(...losses), 0) / 5
  expect(mean).toBeLessThan(1.05)
  expect(mean * optimismOf(folds)).toBeGreaterThan(1.2)
})

test('one fold, folds that watched nothing, or alike -> nothing is said', () => {
  expect(optimismOf([{ rows: 5, losses: [2, 1, 3] }])).toBe(1)
  expect(
    optimismOf([
      { rows: 5, losses: [] },
      { rows: 5, losses: [2, 1] },
    ]),
  ).toBe(1)
  expect(
    optimismOf([
      { rows: 5, losses: [2, 1, 3] },
      { rows: 7, losses: [2, 1, 3] },
    ]),
  ).toBe(1)
})

test('the factor of a loss -> of the log-loss itself, of the RMSE its root, of others none', () => {
  expect(lossFactor(1.21, 'pinball')).toBe(1.21)
  expect([lossFactor(1.21, 'logLoss'), lossFactor(1.21, 'rmse'), lossFactor(1.21, 'accuracy')]).toEqual([1.21, 1.1, 1])
})
