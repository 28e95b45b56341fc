import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseEngine, type Deployed } from '../../../../src/run/engine/engine.ts'
import { estimateNeed, type Need } from '../../../../src/run/engine/estimate.ts'

const onlyLambda: Deployed = { engines: ['lambda'], architecture: 'arm64', lambdaMb: 3538 }
const withBatch: Deployed = { ...onlyLambda, engines: ['lambda', 'batch'] }
const need = (changed: Partial<Need> = {}): Need => ({
  memoryMb: 300,
  fitMs: 60_000,
  longestStepMs: 100,
  fits: 17,
  ...changed,
})

/** 85 % of 3,538 MB. */
const mostOnLambda = 3007

test.for<[given: string, asked: 'auto' | 'lambda' | 'batch', Partial<Need>, expected: object]>([
  ['little', 'auto', {}, { name: 'lambda', reason: 'its memory and time are enough' }],
  ['all that lambda has', 'auto', { memoryMb: mostOnLambda }, { name: 'lambda' }],
  ['a megabyte more', 'auto', { memoryMb: mostOnLambda + 1 }, { name: 'batch', job: { vcpus: 2, memoryMb: 4096 } }],
  ['a step of 14 minutes', 'auto', { longestStepMs: 840_000 }, { name: 'lambda' }],
  ['a longer step', 'auto', { longestStepMs: 840_001 }, { name: 'batch' }],
  ['10 GB', 'auto', { memoryMb: 10_000 }, { name: 'batch', job: { vcpus: 2, memoryMb: 16_384 } }],
  ['little, for batch', 'batch', {}, { name: 'batch', reason: 'asked for', job: { vcpus: 2, memoryMb: 4096 } }],
  ['too much, for lambda', 'lambda', { memoryMb: 4000 }, { name: 'lambda', reason: expect.stringMatching(/4000 MB/) }],
])('%s, engine %s -> where it goes', ([, asked, changed, expected]) => {
  expect(chooseEngine(asked, need(changed), withBatch)).toMatchObject(expected)
})

test.for<[given: string, asked: 'auto' | 'batch' | 'sagemaker', Partial<Need>, deployed: Deployed, says: RegExp]>([
  [
    'too much, without batch',
    'auto',
    { memoryMb: 4000 },
    onlyLambda,
    /4000 MB.*3007 MB.*deploy with -c percall:batch=true/,
  ],
  ['batch that is not here', 'batch', {}, onlyLambda, /expected auto or lambda, got batch; .*percall:batch=true/],
  ['sagemaker on a laptop', 'sagemaker', {}, withBatch, /got sagemaker; it runs on AWS only: .*percall:sagemaker=true/],
  ['more than any job has', 'auto', { memoryMb: 150_000 }, withBatch, /150000 MB.*fewer rows/],
])('%s -> refused with what is needed', ([, asked, changed, deployed, says]) => {
  expect(() => chooseEngine(asked, need(changed), deployed)).toThrow(
    expect.objectContaining({ code: 'BAD_RUN', message: expect.stringMatching(says) }),
  )
})

// 60 s on 3,538 MB at 0.0000133334 USD a GB-second; 24 minutes of 2 vCPU and 4 GB at 0.03238 and 0.00356 USD an hour.
test("the cost -> AWS's price list by hand", () => {
  expect(chooseEngine('lambda', need(), onlyLambda)).toMatchObject({
    gbSeconds: Math.ceil(60 * (3538 / 1024)),
    costUsd: (60 * (3538 / 1024) * 0.0000133334).toFixed(6),
    priceRegion: 'us-east-1',
  })
  const minutes = 1 + 17 + 5
  expect(chooseEngine('batch', need(), withBatch)).toMatchObject({
    gbSeconds: minutes * 60 * 4,
    costUsd: ((minutes / 60) * (2 * 0.03238 + 4 * 0.00356)).toFixed(6),
  })
})

test('any table with more rows or columns -> no part of the estimate falls', () => {
  const size = fc.record({
    rows: fc.integer({ min: 1, max: 1e7 }),
    numbers: fc.integer({ min: 1, max: 1000 }),
    texts: fc.integer({ min: 0, max: 100 }),
  })
  const more = fc.record({
    rows: fc.integer({ min: 0, max: 1e6 }),
    numbers: fc.integer({ min: 0, max: 100 }),
    texts: fc.integer({ min: 0, max: 100 }),
  })
  const trials = (['linear', 'logistic', 'gbdt', 'forest', 'mlp'] as const).map((algorithm) => ({
    id: algorithm,
    algorithm,
    hyper: {},
  }))
  const estimate = ({ rows, numbers, texts }: { rows: number; numbers: number; texts: number }) =>
    estimateNeed(
      { rows, numbers, texts },
      { rows: Math.ceil(rows * 0.8), features: numbers + texts, outputs: 1 },
      { trials, rungs: [{ share: 1, trials: 5, plannedMs: 1000 }], refitMs: 100 },
    )
  fc.assert(
    fc.property(size, more, (less, added) => {
      const greater = {
        rows: less.rows + added.rows,
        numbers: less.numbers + added.numbers,
        texts: less.texts + added.texts,
      }
      expect(estimate(greater).memoryMb).toBeGreaterThanOrEqual(estimate(less).memoryMb)
      expect(estimate(greater).longestStepMs).toBeGreaterThanOrEqual(estimate(less).longestStepMs)
    }),
  )
})
