import { expect, test } from 'vitest'
import { missingInt64 } from '../../../src/dataset/column-codec.ts'
import { evenWeights } from '../../../src/metrics/measure.ts'
import { segmentScores } from '../../../src/metrics/segments.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const rows = 200
const tensor = (name: string, datatype: Tensor['datatype'], data: Tensor['data']): Tensor => ({
  name,
  datatype,
  shape: [rows, 1],
  data,
})

// The upper quarter of x and the level b lose 4, all others 1; c has 10 rows.
const x = Float32Array.from({ length: rows }, (_, i) => i)
const losses = Float64Array.from({ length: rows }, (_, i) => (i >= 150 ? 4 : 1))
const levels = Array.from({ length: rows }, (_, i) => (i >= 150 ? 'b' : i < 10 ? 'c' : i < 40 ? '' : 'a'))

test('levels and quartiles -> worst first, each with its loss, and those with too few rows counted', () => {
  const columns = [
    { kind: 'category', tensor: tensor('level', 'BYTES', levels) },
    { kind: 'numeric', tensor: tensor('x', 'FP32', x) },
    { kind: 'text', tensor: tensor('words', 'BYTES', levels) },
    { kind: 'boolean', tensor: tensor('same', 'FP32', new Float32Array(rows).fill(1)) },
  ]
  const { worst, tooFewRows, leastRows } = segmentScores(columns, losses, false)
  expect(worst.map(({ column, segment, rows: count, loss }) => [column, segment, count, loss])).toEqual([
    ['level', 'b', 50, 4],
    ['x', 'above 149.3', 50, 4],
    ['level', '(missing)', 30, 1],
    ['level', 'a', 110, 1],
    ['x', 'up to 49.75', 50, 1],
    ['x', 'above 49.75 to 99.5', 50, 1],
    ['x', 'above 99.5 to 149.3', 50, 1],
  ])
  expect(worst[0]).toMatchObject({ difference: 4 - 1.75, standardError: 0 })
  expect([tooFewRows, leastRows]).toEqual([1, 20])
})

test('the standard error of a mean and of a root -> the formula, and the slope of the root', () => {
  const spread = losses.map((_, i) => i % 5)
  const half = {
    kind: 'boolean',
    tensor: tensor(
      'half',
      'FP32',
      Float32Array.from(x, (i) => (i < 100 ? 1 : 0)),
    ),
  }
  const [mean] = segmentScores([half], spread, false).worst
  const [root] = segmentScores([half], spread, true).worst
  // Of 0, 1, 2, 3, 4 in turn: mean 2, variance 2.
  expect(mean).toMatchObject({ loss: 2, standardError: expect.closeTo(Math.sqrt(2 / 100), 12) })
  expect(root).toMatchObject({
    loss: Math.SQRT2,
    standardError: expect.closeTo(Math.sqrt(2 / 100) / (2 * Math.SQRT2), 12),
  })
})

test('weights -> losses of rows that count; missing dates and their quartiles have names', () => {
  const days = BigInt64Array.from({ length: rows }, (_, i) => (i < 40 ? missingInt64 : BigInt(i) * 86_400n))
  const weights = evenWeights(rows).map((w, i) => (i === 199 ? 100 * w : w))
  const { worst } = segmentScores([{ kind: 'date', tensor: tensor('day', 'INT64', days) }], losses, false, weights)
  expect(worst[0]).toMatchObject({ segment: 'above 1970-06-09', loss: expect.closeTo(4, 12) })
  expect(worst.find(({ segment }) => segment === '(missing)')).toMatchObject({ rows: 40, loss: 1 })
})
