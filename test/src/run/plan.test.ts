import { expect, test } from 'vitest'
import { estimators } from '../../../src/estimators/list.ts'
import { type Candidates, planTrials, type Wishes } from '../../../src/run/plan.ts'
import { fitMs } from '../../../src/run/trials/cost-model.ts'
import { drawHyper } from '../../../src/run/trials/search-space.ts'
import type { Algorithm, Task } from '../../../src/task.ts'

const estimator = (tasks: readonly Task[], form: 'scaled' | 'trees' = 'scaled') => ({
  tasks,
  form,
  hyper: (given: unknown) => ({ iterations: 100, ...(given as object | undefined) }),
})
const classes = ['binary', 'multiclass'] as const
const all: readonly Task[] = ['regression', ...classes]

/** Names that later estimators have; the plan takes the list, so it needs none of them. */
const available: Candidates = {
  linear: estimator(['regression']),
  logistic: estimator(classes),
  ...Object.fromEntries(['gbdt', 'mlp', 'forest'].map((name) => [name, estimator(all)])),
}
const wishes = (more: Partial<Wishes> = {}): Wishes => ({
  target: 'y',
  algorithms: ['auto'],
  parameters: {},
  seed: 0,
  preprocess: 'auto',
  ...more,
})
const shape = { rows: 10_000, features: 20, outputs: 1 }
const folds = 5

const familiesOf = (trials: readonly { readonly algorithm: string }[]) => new Set(trials.map((one) => one.algorithm))

test.for<Task>(['regression', 'binary'])(
  'auto for %s -> at least 12 trials of 4 families, the cheapest default first',
  (task) => {
    const { trials } = planTrials(available, wishes(), task, shape, folds)
    expect(trials.length).toBeGreaterThanOrEqual(12)
    expect(familiesOf(trials).size).toBe(4)
    expect(trials[0]).toMatchObject({ id: 't1', hyper: { iterations: 100 } })
    const defaults = trials.slice(0, 4).map(({ algorithm, hyper }) => fitMs(algorithm, hyper, shape))
    expect(defaults).toEqual([...defaults].sort((a, b) => a - b))
  },
)

test('the same arguments -> the same plan; another seed -> other draws, the same defaults', () => {
  const plan = (seed: number) => planTrials(available, wishes({ seed }), 'binary', shape, folds)
  expect(plan(1)).toEqual(plan(1))
  const defaults = familiesOf(plan(1).trials).size
  expect(plan(2).trials.slice(0, defaults)).toEqual(plan(1).trials.slice(0, defaults))
  expect(plan(2).trials).not.toEqual(plan(1).trials)
})

test.for<[string, Partial<Wishes>, number]>([
  ['one named algorithm', { algorithms: ['logistic'] }, 1],
  ['one with parameters', { algorithms: ['logistic'], parameters: { logistic: { C: 3 } } }, 1],
  ['one with a budget', { algorithms: ['logistic'], budgetMs: 60_000 }, 8],
  ['one with parameters and a budget', { algorithms: ['logistic'], parameters: { logistic: {} }, budgetMs: 60_000 }, 1],
])('%s -> %s', ([, more, least]) => {
  const { trials } = planTrials(available, wishes(more), 'binary', { ...shape, rows: 500 }, folds)
  if (least === 1) expect(trials).toHaveLength(1)
  else expect(trials.length).toBeGreaterThanOrEqual(least)
})

test('more data than the budget takes in full -> rounds, each with a third of the trials and every family, ending in full', () => {
  const { rungs, trials } = planTrials(available, wishes(), 'binary', { ...shape, rows: 100_000 }, folds)
  expect(rungs.length).toBeGreaterThan(1)
  expect(rungs.map(({ share }) => share)).toEqual([...rungs.map(({ share }) => share)].sort((a, b) => a - b))
  expect(rungs.at(-1)).toMatchObject({ share: 1 })
  expect(rungs[0]!.trials).toBe(trials.length)
  for (const [at, { trials: count }] of rungs.entries())
    if (at > 0) expect(count).toBe(Math.max(Math.ceil(rungs[at - 1]!.trials / 3), familiesOf(trials).size))
  const plannedMs = rungs.reduce((sum, rung) => sum + rung.plannedMs, 0)
  expect(plannedMs).toBeLessThanOrEqual(60_000)
})

test('a large budget -> few draws of a single penalty, and every second draw on scaled features by quantiles', () => {
  const all = (more: Partial<Wishes>) =>
    planTrials(estimators, wishes({ budgetMs: 600_000, ...more }), 'binary', { ...shape, rows: 900 }, folds).trials
  const { logistic = [], mlp = [], gbdt = [] } = Object.groupBy(all({}), ({ algorithm }) => algorithm)
  expect(logistic).toHaveLength(8)
  expect(mlp.length).toBeGreaterThan(20)
  expect(mlp.slice(0, 5).map(({ scaling }) => scaling)).toEqual([
    undefined,
    'quantile',
    undefined,
    'quantile',
    undefined,
  ])
  expect(gbdt.every(({ scaling }) => scaling === undefined)).toBe(true)
  expect(all({ preprocess: 'none' }).every(({ scaling }) => scaling === undefined)).toBe(true)
})

test.for<[number, number]>([
  [100, 16],
  [500, 50],
])('a budget for hundreds of trials, %i rows -> %i of them', ([rows, most]) => {
  const { trials } = planTrials(estimators, wishes({ budgetMs: 600_000 }), 'binary', { ...shape, rows }, folds)
  expect(trials).toHaveLength(most)
})

test.for([0, 1, 2])('seven draws of a penalty, seed %i -> no gap of more than a third of its decades', (seed) => {
  const places = Array.from({ length: 7 }, (_, k) => (Math.log10(Number(drawHyper('logistic', k + 1, seed).C)) + 3) / 5)
  const sorted = [0, ...places.sort((a, b) => a - b), 1]
  expect(Math.max(...sorted.slice(1).map((place, k) => place - sorted[k]!))).toBeLessThan(1 / 3)
})

test.for(Object.keys(estimators) as Algorithm[])(
  "%s -> takes what is drawn for it, and the run's seed",
  (algorithm) => {
    for (let number = 1; number <= 50; number++) {
      const hyper = estimators[algorithm].hyper(drawHyper(algorithm, number, 3))
      expect(hyper).toMatchObject(drawHyper(algorithm, number, 3))
    }
  },
)

test("an algorithm with a seed -> the run's, unless one was given", () => {
  const hyper = (given: unknown) => ({ seed: 0, ...(given as object | undefined) })
  const plan = (parameters: object) =>
    planTrials({ gbdt: { tasks: all, hyper } } as Candidates, wishes({ seed: 7, parameters }), 'binary', shape, folds)
  expect(plan({}).trials.map((trial) => trial.hyper)).toContainEqual(expect.objectContaining({ seed: 7 }))
  expect(plan({ gbdt: { seed: 2 } }).trials).toMatchObject([{ hyper: { seed: 2 } }])
})

test('a family that the budget has no room for -> passed over and named, the others fill the plan', () => {
  const { trials, notices } = planTrials(available, wishes(), 'binary', { ...shape, rows: 200_000 }, folds)
  expect(familiesOf(trials)).toEqual(new Set(['gbdt', 'forest', 'logistic']))
  expect(notices.join()).toBe('mlp left out: the usual 60 s have no room for them; give a longer budget')
})

test('a budget of a second for a million rows -> one trial, the cheapest, and the others named as left out', () => {
  const plan = planTrials(available, wishes({ budgetMs: 1000 }), 'regression', { ...shape, rows: 1e6 }, folds)
  expect(plan.trials).toMatchObject([{ algorithm: 'linear' }])
  expect(plan.rungs).toMatchObject([{ share: 1, trials: 1 }])
  expect(plan.notices.join()).toMatch(/gbdt.*left out: the budget of 1 s has no room/)
})

test('a limit of size -> trials that would break it are left out before they are fitted; one that none keeps is refused', () => {
  const limited = (sizeBytes: number) =>
    planTrials(available, wishes({ limits: { sizeBytes } }), 'regression', shape, folds)
  expect(familiesOf(limited(1000).trials)).toEqual(new Set(['linear']))
  expect(limited(1000).notices).toEqual([
    expect.stringMatching(
      /^\d+ of \d+ trials are left out, all of [a-z, ]*gbdt[a-z, ]* among them: they would not keep the limits$/,
    ),
  ])
  expect(() => limited(10)).toThrow(/limits: expected room for one of/)
})

test('an algorithm that cannot do the task -> BAD_RUN by its name', () => {
  expect(() => planTrials(available, wishes({ algorithms: ['linear'] }), 'binary', shape, folds)).toThrow(
    'algorithms linear, target y: expected task regression, got binary',
  )
})
