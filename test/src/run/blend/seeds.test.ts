import { expect, test } from 'vitest'
import type { Choice } from '../../../../src/run/blend/choose.ts'
import type { Limits } from '../../../../src/run/blend/ensemble.ts'
import { withSeeds } from '../../../../src/run/blend/seeds.ts'

const net = { trialId: 'n', algorithm: 'mlp', sizeBytes: 20_000, latencyMs: 0.1 } as const
const other = { trialId: 'm', algorithm: 'mlp', sizeBytes: 30_000, latencyMs: 0.1 } as const
const line = { trialId: 'l', algorithm: 'linear', sizeBytes: 1000, latencyMs: 0.05 } as const
const trials = [net, other, line]

const choiceOf = (...weights: readonly (readonly [string, number])[]): Choice => ({
  members: weights.map(([trialId, weight]) => ({ trialId, weight, iterations: 10 })),
  leaderboard: [],
  notices: [],
})

const countsOf = ({ members }: Choice) =>
  Object.fromEntries(trials.map(({ trialId }) => [trialId, members.filter((one) => one.trialId === trialId).length]))

test.for<readonly [string, Choice, number, Limits, object]>([
  ['one net, 353 rows', choiceOf(['n', 1]), 353, {}, { n: 8, m: 0, l: 0 }],
  ['2,500 rows x 20 kB are 4 times in 2e8', choiceOf(['n', 1]), 2500, {}, { n: 4, m: 0, l: 0 }],
  ['10,000 rows', choiceOf(['n', 1]), 10_000, {}, { n: 1, m: 0, l: 0 }],
  ['nets share the work, others stay', choiceOf(['n', 0.5], ['m', 0.3], ['l', 0.2]), 1000, {}, { n: 4, m: 4, l: 1 }],
  ['no net', choiceOf(['l', 1]), 353, {}, { n: 0, m: 0, l: 1 }],
  [
    '61 kB hold 3 nets beside a line',
    choiceOf(['n', 0.5], ['l', 0.5]),
    353,
    { sizeBytes: 61_000 },
    { n: 3, m: 0, l: 1 },
  ],
  ['0.21 ms hold 2 nets', choiceOf(['n', 1]), 353, { latencyMs: 0.21 }, { n: 2, m: 0, l: 0 }],
  ['the limit is the net itself', choiceOf(['n', 1]), 353, { sizeBytes: 20_000 }, { n: 1, m: 0, l: 0 }],
])('%s -> as many seeds as fit', ([, choice, rows, limits, counts]) => {
  const seeded = withSeeds(choice, trials, rows, limits)
  expect(countsOf(seeded)).toEqual(counts)
  // Each trial keeps its part of the answer, and no two of its fits are the same.
  for (const { trialId } of trials) {
    const weightIn = ({ members }: Choice) =>
      members.filter((one) => one.trialId === trialId).reduce((sum, { weight }) => sum + weight, 0)
    expect(weightIn(seeded)).toBeCloseTo(weightIn(choice), 12)
    const seeds = seeded.members.filter((one) => one.trialId === trialId).map(({ seed }) => seed)
    expect(new Set(seeds).size).toBe(seeds.length)
  }
})

test('a trial of unknown size -> one fit', () => {
  const choice = choiceOf(['n', 1])
  expect(withSeeds(choice, [{ trialId: 'n', algorithm: 'mlp' }], 353)).toBe(choice)
})
