import { describe, expect, test } from 'vitest'
import { PercallError } from '../../../../src/errors.ts'
import { rowMean } from '../../../../src/metrics/measure.ts'
import { createRandom } from '../../../../src/random.ts'
import { type ChooseInput, choose, type ScoredTrial } from '../../../../src/run/blend/choose.ts'
import { outOfFoldAnswers } from '../../../../src/run/trials/out-of-fold.ts'
import { column, drawnOdds, normals } from '../../../fixtures/draws.ts'

const regression = { task: 'regression', classes: null, notices: [] } as const
const binary = { task: 'binary', classes: ['no', 'yes'], positive: 'yes', notices: [] } as const

const trial = (trialId: string, values: Float64Array, more: Partial<ScoredTrial> = {}): ScoredTrial => ({
  trialId,
  algorithm: 'linear',
  hyper: {},
  iterations: 7,
  margins: column(values),
  ...more,
})

/** Trials that miss a known truth by `spreads`, each with errors of its own. */
const values = (rows: number, spreads: readonly number[], seed = 1): ChooseInput => {
  const normal = normals(createRandom(seed))
  const y = Float64Array.from({ length: rows }, () => 10 + 3 * normal())
  const trials = spreads.map((spread, k) =>
    trial(
      `t${k + 1}`,
      y.map((value) => value + spread * normal()),
    ),
  )
  return { trials, y, link: 'identity', plan: regression, request: {}, seed }
}

const odds = (rows: number, noises: readonly number[], seed = 1): ChooseInput => {
  const { odds: margins, y, normal } = drawnOdds(rows, seed)
  const trials = noises.map((noise, k) =>
    trial(
      `t${k + 1}`,
      margins.map((m) => m + noise * normal()),
    ),
  )
  return { trials, y, link: 'logit', plan: binary, request: {}, seed }
}

test('one trial -> it alone, with its iterations and its loss', () => {
  const input = values(200, [1])
  const choice = choose(input)
  const { y, trials } = input
  const rmse = Math.sqrt(
    rowMean(y.map((v, i) => (v - trials[0]!.margins.values[i]!) ** 2))(new Float64Array(200).fill(1)),
  )
  expect(choice).toEqual({
    members: [{ trialId: 't1', weight: 1, iterations: 7 }],
    leaderboard: [{ trialId: 't1', algorithm: 'linear', metric: 'rmse', loss: rmse, iterations: 7, weight: 1 }],
    notices: [],
  })
})

test('two good trials of independent errors -> an ensemble of both, better than each', () => {
  const { members, leaderboard, notices } = choose(values(500, [1, 1.1, 6]))
  expect(members.map(({ trialId }) => trialId)).toEqual(['t1', 't2'])
  expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
  expect(leaderboard.map(({ trialId }) => trialId)).toEqual(['t1', 't2', 't3'])
  expect(leaderboard.at(-1)?.weight).toBe(0)
  expect(notices).toEqual([expect.stringMatching(/^ensemble of 2 trials: rmse as a loss /)])
})

test('a trial that its judges stopped, better by less or by more than that gave it -> the other one, or it', () => {
  const of = (spreads: readonly number[]) => {
    const input = values(60, spreads)
    const [stopped, plain] = input.trials
    const trials = [{ ...stopped!, optimism: 1.21 }, plain!]
    return choose({ ...input, trials, request: { ensemble: false } })
  }
  const rmse = (spread: number) => of([spread, 9]).leaderboard.find(({ trialId }) => trialId === 't1')!.loss
  const raw = choose({ ...values(60, [1, 9]), request: { ensemble: false } }).leaderboard[0]!.loss
  expect(rmse(1)).toBeCloseTo(1.1 * raw, 12)
  expect(of([1, 1.02]).members).toMatchObject([{ trialId: 't2', weight: 1 }])
  expect(of([1, 3]).members).toMatchObject([{ trialId: 't1', weight: 1 }])
})

test('the ensemble of 20 draws on rows that it has not seen -> better than the best single in each', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const input = values(300, [1, 1.1, 1.4], seed)
    const { members } = choose(input)
    const error = (weights: readonly number[]) =>
      Math.sqrt(weights.reduce((sum, weight, k) => sum + (weight * [1, 1.1, 1.4][k]!) ** 2, 0))
    const weightOf = (id: string) => members.find(({ trialId }) => trialId === id)?.weight ?? 0
    expect(error(['t1', 't2', 't3'].map(weightOf))).toBeLessThan(1)
  }
})

test('trials that are copies with a little noise -> the best single, for the gain is noise', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { y, trials, ...rest } = odds(300, [0], seed)
    const normal = normals(createRandom(seed + 50))
    const copies = Array.from({ length: 5 }, (_, k) =>
      trial(
        `c${k}`,
        trials[0]!.margins.values.map((m) => 0.3 * m + 0.001 * normal()),
      ),
    )
    const { members } = choose({ ...rest, y, trials: [...trials, ...copies] })
    expect(members).toHaveLength(1)
  }
})

describe('what the request says', () => {
  test('no ensemble -> the best single', () => {
    const { members } = choose({ ...values(500, [1, 1.1]), request: { ensemble: false } })
    expect(members).toEqual([{ trialId: 't1', weight: 1, iterations: 7 }])
  })

  test('a metric -> another winner', () => {
    const { y, ...rest } = values(200, [1])
    // Off by 3 everywhere, against nearly right but for a few rows.
    const steady = trial(
      'steady',
      y.map((value) => value + 3),
    )
    const wild = trial(
      'wild',
      y.map((value, i) => (i % 20 === 0 ? value + 40 : value)),
    )
    const input = { ...rest, y, trials: [wild, steady] }
    const first = (metric: 'rmse' | 'mae') =>
      choose({ ...input, request: { metric, ensemble: false } }).leaderboard[0]?.trialId
    expect([first('rmse'), first('mae')]).toEqual(['steady', 'wild'])
  })

  test('a metric where more is better -> its leaderboard counts 1 - value, best first', () => {
    const { leaderboard } = choose({ ...odds(2000, [0, 4]), request: { metric: 'rocAuc', ensemble: false } })
    expect(leaderboard.map(({ trialId, metric }) => [trialId, metric])).toEqual([
      ['t1', 'rocAuc'],
      ['t2', 'rocAuc'],
    ])
    expect(leaderboard[0]!.loss).toBeLessThan(leaderboard[1]!.loss)
    expect(leaderboard[0]!.loss).toBeGreaterThan(0)
  })

  test('limits -> the best within them, and members together within them', () => {
    const { trials, ...rest } = values(500, [0.5, 1, 1.1])
    const sized = trials.map((one, k) => ({ ...one, sizeBytes: [900, 300, 300][k]!, latencyMs: 1 }))
    const { members, leaderboard } = choose({ ...rest, trials: sized, request: { limits: { sizeBytes: 500 } } })
    expect(members).toEqual([{ trialId: 't2', weight: 1, iterations: 7 }])
    expect(leaderboard.find(({ trialId }) => trialId === 't1')?.over).toBe('sizeBytes')
  })

  test('limits that no trial is within -> BAD_RUN with the least', () => {
    const { trials, ...rest } = values(50, [1, 2])
    const slow = trials.map((one, k) => ({ ...one, latencyMs: 5 + k }))
    expect(() => choose({ ...rest, trials: slow, request: { limits: { latencyMs: 2 } } })).toThrow(
      new PercallError('BAD_RUN', 'limits.latencyMs: expected a trial of at most 2, got 5 as the least of 2'),
    )
  })

  test('class weights -> a calibrator', () => {
    expect(choose(odds(400, [0])).calibrator).toBeUndefined()
    expect(choose({ ...odds(400, [0]), request: { classWeights: true } }).calibrator).toBeDefined()
  })

  test('a costly false negative -> a low threshold; a costly false positive -> a high one', () => {
    const of = (costs: readonly [number, number]) =>
      choose({ ...odds(4000, [0]), request: { threshold: { kind: 'cost', costs } } }).threshold
    // Of calibrated probabilities the best threshold is FP / (FP + FN).
    expect(of([1, 9])).toBeGreaterThan(0.03)
    expect(of([1, 9])).toBeLessThan(0.2)
    expect(of([9, 1])).toBeGreaterThan(0.8)
    expect(of([9, 1])).toBeLessThan(0.97)
  })

  test('an interval -> its half width of normal errors; too few rows -> none, and how many are needed', () => {
    const { interval } = choose({ ...values(4000, [2]), request: { interval: 0.9 } })
    expect(interval?.high).toBeCloseTo(2 * 1.645, 0)
    expect(interval?.low).toBeCloseTo(-2 * 1.645, 0)
    const few = choose({ ...values(15, [2]), request: { interval: 0.9 } })
    expect(few.interval).toBeUndefined()
    expect(few.notices).toEqual(['interval 0.9: expected at least 19 out-of-fold rows, got 15; it is left out'])
  })
})

test('sample weights -> the trial that is right where it counts', () => {
  const { y, ...rest } = values(200, [1])
  const early = trial(
    'early',
    y.map((value, i) => value + (i < 100 ? 0 : 5)),
  )
  const late = trial(
    'late',
    y.map((value, i) => value + (i < 100 ? 4 : 0)),
  )
  const weights = y.map((_, i) => (i < 100 ? 10 : 1))
  const input = { ...rest, y, trials: [late, early], request: { ensemble: false } }
  expect(choose(input).members[0]?.trialId).toBe('late')
  expect(choose({ ...input, weights }).members[0]?.trialId).toBe('early')
})

test('trials of another link -> never in one blend with the best', () => {
  const { trials, y, ...rest } = values(300, [1, 1.1])
  const logs = trial(
    'logs',
    y.map((value) => Math.log(Math.max(0.1, value + 1))),
    { link: 'log' },
  )
  const { members } = choose({ ...rest, y, trials: [...trials, logs] })
  expect(members.map(({ trialId }) => trialId)).not.toContain('logs')
})

test('a trial that diverged -> last; all of them -> INTERNAL', () => {
  const { trials, ...rest } = values(50, [1])
  const lost = trial('lost', new Float64Array(50).fill(Number.NaN))
  expect(choose({ ...rest, trials: [lost, ...trials] }).leaderboard.map(({ trialId }) => trialId)).toEqual([
    't1',
    'lost',
  ])
  expect(() => choose({ ...rest, trials: [lost] })).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
})

test('a choice -> plain JSON, the same each time, and answers of rows out of fold', () => {
  const input = odds(500, [0.2, 0.3], 3)
  const asked = { ...input, request: { threshold: { kind: 'f1' } } } as const
  const choice = choose(asked)
  expect(JSON.parse(JSON.stringify(choice))).toEqual(choice)
  expect(choose(asked)).toEqual(choice)
  const marginsOf = (id: string) => input.trials.find(({ trialId }) => trialId === id)!.margins
  const { values: answers, threshold } = outOfFoldAnswers(choice, marginsOf, 'logit', { truth: input.y })
  expect([answers.rows, answers.columns, threshold]).toEqual([500, 2, choice.threshold])
})
