import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerRank, median, medianInterval, quantile, summarise } from '../../bench/measure/statistics.ts'
import { createRandom } from '../../src/random.ts'

// numpy 2.1: np.quantile(values, share)
test.for([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[4, 1, 3, 2], 0.95, 3.85],
  [[15, 20, 35, 40, 50], 0.4, 29],
  [[7], 0.95, 7],
  [[3, 1, 2], 0, 1],
  [[3, 1, 2], 1, 3],
] as const)('%j at %d -> %d', ([values, share, expected]) => {
  expect(quantile(values, share)).toBeCloseTo(expected, 12)
})

// Sums of the binomial distribution with p = 1/2; Conover's table A3: 2 P(B < k) <= 0.1 < 2 P(B < k + 1).
test.for([
  [5, 1],
  [7, 1],
  [8, 2],
  [10, 2],
  [11, 3],
  [13, 4],
  [15, 4],
  [20, 6],
  [30, 11],
  [100, 42],
] as const)('%d values -> the bound is the value of rank %d', ([n, rank]) => {
  expect(lowerRank(n)).toBe(rank)
})

test('eleven values -> the third from below and the third from above hold the median', () => {
  expect(medianInterval([11, 3, 7, 1, 9, 5, 2, 10, 4, 8, 6])).toEqual({ median: 6, low: 3, high: 9 })
})

test('four values -> refused, as no interval of them holds the median with 90 %', () => {
  expect(() => medianInterval([1, 2, 3, 4])).toThrow('expected at least 5 values, got 4')
})

test('any order of the values -> the same minimum, median and p95', () => {
  // The difference of any two is a number.
  const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 })
  const numbers = fc.array(finite, { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(numbers, (values) => {
      expect(summarise([...values].reverse())).toEqual(summarise(values))
      expect(summarise(values).minimum).toBeLessThanOrEqual(median(values))
    }),
  )
})

test('2000 samples of a skewed distribution -> nine in ten intervals hold its median', () => {
  const random = createRandom(1)
  const exponential = (): number => -Math.log(1 - random())
  const intervals = Array.from({ length: 2000 }, () => medianInterval(Array.from({ length: 11 }, exponential)))
  const held = intervals.filter(({ low, high }) => low <= Math.LN2 && Math.LN2 <= high)
  // 93.5 % by the binomial distribution, 2 % is over three standard errors.
  expect(held.length / intervals.length).toBeGreaterThan(0.915)
  expect(held.length / intervals.length).toBeLessThan(0.955)
})
