import { expect, test } from 'vitest'
import { evenWeights, rowMean } from '../../../../src/metrics/measure.ts'
import { aucMeasure, rankRows } from '../../../../src/metrics/ranking.ts'
import { createRandom } from '../../../../src/random.ts'
import { bootstrapIntervals, pairedInterval } from '../../../../src/run/judge/bootstrap.ts'
import { drawnOdds, normals } from '../../../fixtures/draws.ts'

const rows = 400
const normal = normals(createRandom(5))
const values = Float64Array.from({ length: rows }, () => 3 + 2 * normal())
const weights = evenWeights(rows)

test('the same seed -> the same interval; another seed -> another one', () => {
  const interval = (seed: number) => bootstrapIntervals({ mean: rowMean(values) }, weights, seed)
  expect(interval(1)).toEqual(interval(1))
  expect(interval(2)).not.toEqual(interval(1))
})

test('a mean of normal values -> mean +- 1.96 standard errors, within the noise of 2,000 resamples', () => {
  const mean = rowMean(values)(weights)
  const variance = rowMean(values.map((value) => (value - mean) ** 2))(weights)
  const error = Math.sqrt(variance / rows)
  const { low, high } = bootstrapIntervals({ mean: rowMean(values) }, weights, 1).mean!
  // The standard error of a 2.5 % quantile of 2,000 normal draws is 0.06 of their spread.
  expect(Math.abs(low - (mean - 1.96 * error))).toBeLessThan(0.2 * error)
  expect(Math.abs(high - (mean + 1.96 * error))).toBeLessThan(0.2 * error)
})

test('200 draws of 100 rows -> the interval of AUC holds its true value in 95 % +- 4 of them', () => {
  const spread = 1.5
  const large = drawnOdds(200_000, 77, spread)
  const truth = aucMeasure(large.y, rankRows(large.odds))(evenWeights(200_000))
  let held = 0
  for (let seed = 0; seed < 200; seed++) {
    const { odds, y } = drawnOdds(100, seed, spread)
    const { low, high } = bootstrapIntervals({ auc: aucMeasure(y, rankRows(odds)) }, evenWeights(100), seed).auc!
    if (low <= truth && truth <= high) held += 1
  }
  expect(held).toBeGreaterThanOrEqual(182)
})

test('weights -> as rows that come twice', () => {
  const twice = Float64Array.from(weights, (_, i) => (i < 100 ? 2 : 1))
  const long = Float64Array.from([...values.slice(0, 100), ...values])
  const { low, high } = bootstrapIntervals({ mean: rowMean(values) }, twice, 1).mean!
  const center = rowMean(long)(evenWeights(rows + 100))
  expect(low).toBeLessThan(center)
  expect(high).toBeGreaterThan(center)
  expect((low + high) / 2).toBeCloseTo(center, 1)
})

test('two models with the same noise -> a paired interval far narrower than each of its own', () => {
  const a = rowMean(values)
  const b = rowMean(values.map((value) => value + 0.1))
  const { low, high } = pairedInterval(b, a, weights, 1)!
  expect(low).toBeCloseTo(0.1, 12)
  expect(high).toBeCloseTo(0.1, 12)
})

test('a figure that is never defined -> no interval', () => {
  expect(bootstrapIntervals({ none: () => Number.NaN }, weights, 1)).toEqual({})
})
