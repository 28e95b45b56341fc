import { expect, test } from 'vitest'
import { createRandom } from '../../../src/random.ts'
import { applyLink } from '../../../src/run/blend/link.ts'
import { type GateInput, gate } from '../../../src/run/judge/gate.ts'
import { column, drawnOdds, normals } from '../../fixtures/draws.ts'

const draws = process.env.PERCALL_LONG ? 400 : 100
/** 5 %, and two standard errors of that count. */
const mostAlarms = 0.05 * draws + 2 * Math.sqrt(draws * 0.05 * 0.95)

const binary = { task: 'binary', classes: [0, 1], positive: 1 } as const
const regression = { task: 'regression', classes: null } as const

const passes = (inputOf: (seed: number) => GateInput): number => {
  let passed = 0
  for (let seed = 1; seed <= draws; seed++) if (gate(inputOf(seed)).verdict === 'passed') passed += 1
  return passed
}

const answers = (odds: Float64Array) => ({ values: applyLink('logit', column(odds)) })

/** A test set of n rows and a train set of 4 n, of labels that a candidate knows `knowledge` of. */
const classes =
  (n: number, knowledge: number) =>
  (seed: number): GateInput => {
    const { odds, y, normal } = drawnOdds(5 * n, seed)
    const logOdds = Math.log(y.reduce((sum, k) => sum + k, 0) / (5 * n - y.reduce((sum, k) => sum + k, 0)))
    // Priors of the train rows with a little noise: as good as the baseline, and never better.
    const guess = odds.map((m) => knowledge * m + (1 - knowledge) * (logOdds + 0.1 * normal()))
    return {
      rule: 'auto',
      plan: binary,
      truth: y.slice(0, n),
      candidate: answers(guess.slice(0, n)),
      train: { y: y.slice(n) },
      seed,
      rows: 'test',
    }
  }

const numbers =
  (n: number, spread: number) =>
  (seed: number): GateInput => {
    const normal = normals(createRandom(seed))
    const truth = Float64Array.from({ length: n }, () => 3 * normal())
    const train = Float64Array.from({ length: 4 * n }, () => 3 * normal())
    const mean = train.reduce((sum, y) => sum + y, 0) / train.length
    // Of spread 0 it is the mean with a little noise.
    const candidate = column(truth.map((y) => spread * y + (1 - spread) * mean + 0.05 * normal()))
    return {
      rule: 'auto',
      plan: regression,
      truth,
      candidate: { values: candidate },
      train: { y: train },
      seed,
      rows: 'test',
    }
  }

/** A candidate and a live version of equally spread errors, or the candidate's wider by a factor. */
const pairOf =
  (n: number, rule: 'auto' | 'better', factor: number) =>
  (seed: number): GateInput => {
    const normal = normals(createRandom(seed))
    const truth = Float64Array.from({ length: n }, () => 3 * normal())
    const common = Float64Array.from({ length: n }, normal)
    const off = (by: number) => ({
      values: column(truth.map((y, i) => y + by * (0.9 * common[i]! + 0.436 * normal()))),
    })
    return {
      rule,
      plan: regression,
      truth,
      candidate: off(factor),
      live: off(1),
      train: { y: truth },
      seed,
      rows: 'test',
    }
  }

type Draw = { readonly given: string; readonly inputOf: (seed: number) => GateInput }

test.for<Draw>([
  { given: 'a first version at the level of class priors, 60 rows', inputOf: classes(60, 0) },
  { given: 'a first version at the level of class priors, 150 rows', inputOf: classes(150, 0) },
  { given: 'a first version at the level of the mean, 60 rows', inputOf: numbers(60, 0) },
  { given: 'a first version at the level of the mean, 150 rows', inputOf: numbers(150, 0) },
  { given: 'one as good as live under the rule better, 60 rows', inputOf: pairOf(60, 'better', 1) },
  { given: 'one as good as live under the rule better, 150 rows', inputOf: pairOf(150, 'better', 1) },
  { given: 'one worse than live by the margin of 1 %, 150 rows', inputOf: pairOf(150, 'auto', 1.01) },
])('$given -> passes in at most 5 % of the draws', ({ inputOf }) => {
  expect(passes(inputOf)).toBeLessThanOrEqual(mostAlarms)
})

test.for<Draw>([
  { given: 'a first version that knows half of the log odds, 150 rows', inputOf: classes(150, 0.5) },
  { given: 'a first version that halves the errors, 60 rows', inputOf: numbers(60, 0.5) },
  { given: 'one better than live by a fifth under the rule better, 150 rows', inputOf: pairOf(150, 'better', 0.8) },
  { given: 'one better than live by a fifth, 150 rows', inputOf: pairOf(150, 'auto', 0.8) },
])('$given -> passes in at least 95 % of the draws', ({ inputOf }) => {
  expect(passes(inputOf)).toBeGreaterThanOrEqual(0.95 * draws)
})
