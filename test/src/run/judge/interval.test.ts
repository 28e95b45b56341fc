import { expect, test } from 'vitest'
import { createGraph } from '../../../../src/onnx/graph.ts'
import { createRandom } from '../../../../src/random.ts'
import { conformalInterval, intervalEnds, intervalNodes } from '../../../../src/run/judge/interval.ts'
import { normals } from '../../../fixtures/draws.ts'
import { runGraph } from '../../../fixtures/learning.ts'

/** A prediction beside truths that are skewed around it. */
const skewed = (rows: number, seed: number) => {
  const random = createRandom(seed)
  const predicted = Float64Array.from({ length: rows }, () => 100 * random())
  return { predicted, truth: predicted.map((f) => f - 3 * Math.log(1 - random()) - 3) }
}

/** Counts around their mean, by normal approximation of a large mean. */
const counts = (rows: number, seed: number) => {
  const random = createRandom(seed)
  const normal = normals(random)
  const predicted = Float64Array.from({ length: rows }, () => 50 + 1000 * random())
  return { predicted, truth: predicted.map((f) => Math.round(f + Math.sqrt(f) * normal())) }
}

const coverage = (level: number, made: typeof skewed, spread: 'constant' | 'root', rows: number, seed: number) => {
  const { truth, predicted } = made(rows, seed)
  const interval = conformalInterval(truth, predicted, level, spread)!
  const fresh = made(rows, seed + 1000)
  const { low, high } = intervalEnds(interval, fresh.predicted)
  return fresh.truth.filter((y, i) => low[i]! <= y && y <= high[i]!).length / rows
}

test.for([
  { level: 0.8, made: skewed, spread: 'constant' },
  { level: 0.95, made: skewed, spread: 'constant' },
  { level: 0.8, made: counts, spread: 'root' },
  { level: 0.95, made: counts, spread: 'root' },
] as const)(
  '2,000 rows, level $level, $made.name -> fresh rows are held within 3 points',
  ({ level, made, spread }) => {
    for (let seed = 1; seed <= 5; seed++)
      expect(Math.abs(coverage(level, made, spread, 2000, seed) - level)).toBeLessThan(0.03)
  },
)

test('many draws of 39 rows, level 0.95 -> held at least 95 % on average: the finite-sample step', () => {
  let held = 0
  for (let seed = 0; seed < 400; seed++) {
    const { truth, predicted } = skewed(39, seed)
    const { low, high } = intervalEnds(conformalInterval(truth, predicted, 0.95)!, Float64Array.of(50))
    const { truth: fresh, predicted: from } = skewed(20, seed + 5000)
    held += fresh.filter((y, i) => low[0]! - 50 <= y - from[i]! && y - from[i]! <= high[0]! - 50).length / 20 / 400
  }
  // The standard error over 400 draws is 0.003.
  expect(held).toBeGreaterThan(0.94)
})

test.for([
  [38, 0.95, false],
  [39, 0.95, true],
  [19, 0.9, true],
  [18, 0.9, false],
] as const)('%i rows, level %d -> an interval: %s', ([rows, level, given]) => {
  const { truth, predicted } = skewed(rows, 1)
  expect(conformalInterval(truth, predicted, level) !== undefined).toBe(given)
})

test('weights of 2 -> the interval of rows that come twice, up to the finite-sample step', () => {
  const { truth, predicted } = skewed(500, 3)
  const weights = truth.map((_, i) => (i % 2 === 0 ? 2 : 1e-9))
  const even = (_: number, i: number) => i % 2 === 0
  const weighted = conformalInterval(truth, predicted, 0.8, 'constant', weights)!
  const half = conformalInterval(truth.filter(even), predicted.filter(even), 0.8)!
  expect(weighted.low).toBeCloseTo(half.low, 0)
  expect(weighted.high).toBeCloseTo(half.high, 0)
})

test.for(['constant', 'root'] as const)('a %s interval -> the graph on ONNX Runtime has its ends', async (spread) => {
  const interval = { level: 0.9, low: -1.25, high: 2.5, spread }
  const data = Float64Array.of(-3, 0, 1e-12, 2, 1e6)
  const graph = createGraph('test')
  graph.input('f', 'FP64', [-1])
  const { low, high } = intervalNodes(interval, graph, 'f')
  graph.output(low, 'FP64', [-1])
  graph.output(high, 'FP64', [-1])
  const outputs = await runGraph(graph.toBytes(), [{ name: 'f', datatype: 'FP64', shape: [5], data }])
  const ends = intervalEnds(interval, data)
  expect(outputs.map(({ name }) => name)).toEqual(['interval_low', 'interval_high'])
  expect(outputs.map((output) => output.data)).toEqual([ends.low, ends.high])
})
