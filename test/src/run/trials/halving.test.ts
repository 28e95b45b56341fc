import { expect, test } from 'vitest'
import { rungIterations, rungRows, survivorsOf } from '../../../../src/run/trials/halving.ts'
import type { Algorithm } from '../../../../src/task.ts'

const score = (trialId: string, algorithm: string, loss: number | null) => ({ trialId, algorithm, loss })

test.for([
  {
    given: 'the best of each family go on, then by loss',
    scores: [score('t1', 'a', 3), score('t2', 'a', 1), score('t3', 'b', 9), score('t4', 'a', 2)],
    most: 3,
    expected: ['t2', 't4', 't3'],
  },
  {
    given: 'more families than places: each keeps its best',
    scores: [score('t1', 'a', 3), score('t2', 'b', 1), score('t3', 'c', 9)],
    most: 1,
    expected: ['t2', 't1', 't3'],
  },
  {
    given: 'equal losses stay in order',
    scores: [score('t1', 'a', 1), score('t2', 'a', 1)],
    most: 1,
    expected: ['t1'],
  },
  {
    given: 'a trial without a loss never goes on',
    scores: [score('t1', 'a', null), score('t2', 'b', 5)],
    most: 2,
    expected: ['t2'],
  },
])('$given', ({ scores, most, expected }) => {
  expect(survivorsOf(scores, most)).toEqual(expected)
})

const learn = Uint32Array.from({ length: 9000 }, (_, i) => 2 * i)
const trial = { algorithm: 'logistic' as Algorithm, hyper: { iterations: 90 } }

test('a ninth, a third and all of the rows -> seeded samples in order, the smaller within the larger', () => {
  const [ninth, third, all] = [1 / 9, 1 / 3, 1].map((share) => rungRows(trial, share, learn, 5))
  expect([ninth!.length, third!.length, all!.length]).toEqual([1000, 3000, 9000])
  const larger = new Set(third)
  expect(ninth!.every((row) => larger.has(row))).toBe(true)
  expect([...ninth!]).toEqual([...ninth!].sort((a, b) => a - b))
  expect(rungRows(trial, 1 / 9, learn, 5)).toEqual(ninth)
  expect(rungRows(trial, 1 / 9, learn, 6)).not.toEqual(ninth)
})

test.for([
  { algorithm: 'logistic', share: 1 / 3, iterations: Number.POSITIVE_INFINITY, rows: 3000 },
  { algorithm: 'gbdt', share: 1 / 3, iterations: 30, rows: 9000 },
  { algorithm: 'mlp', share: 1, iterations: Number.POSITIVE_INFINITY, rows: 9000 },
])('$algorithm at $share -> pauses after $iterations iterations, learns from $rows rows', (given) => {
  const one = { ...trial, algorithm: given.algorithm as Algorithm }
  expect(rungIterations(one, given.share)).toBe(given.iterations)
  expect(rungRows(one, given.share, learn, 0)).toHaveLength(given.rows)
})
