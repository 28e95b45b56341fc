import { PercallError } from '../errors.ts'
import type { Estimator } from '../estimators/estimator.ts'
import type { Algorithm, Task } from '../task.ts'
import type { Preprocess } from '../transformers/pipeline.ts'
import { expectedLatencyMs, expectedSizeBytes, type FitShape, fitMs } from './trials/cost-model.ts'
import { type Rung, scheduleOf } from './trials/halving.ts'
import { drawHyper, drawScaling, drawsOf } from './trials/search-space.ts'
import type { Trial } from './trials/trial.ts'

/** What may be tried: the list of estimators, as far as a plan needs it. */
export type Candidates = Readonly<Partial<Record<Algorithm, Pick<Estimator, 'tasks' | 'hyper' | 'form'>>>>

/** The members of a request that decide which trials there are. */
export type Wishes = {
  readonly target: string
  readonly algorithms: readonly ('auto' | Algorithm)[]
  readonly parameters: Readonly<Partial<Record<Algorithm, unknown>>>
  readonly seed: number
  readonly preprocess: Preprocess
  readonly budgetMs?: number | undefined
  readonly limits?: { readonly latencyMs?: number | undefined; readonly sizeBytes?: number | undefined } | undefined
}

export type TrialPlan = {
  /** In the order in which they are given up when time is short: the last first. */
  readonly trials: readonly Trial[]
  readonly rungs: readonly Rung[]
  /** Expected time of the fit on all train rows. */
  readonly refitMs: number
  readonly notices: readonly string[]
}

/** An automatic run takes about a minute on two cores (design/targets.md). */
const usualBudgetMs = 60_000
/** Enough for four families of four; more of them only where the owner gives time for it. */
const usualTrials = 16
const mostTrials = 200
/**
 * The best of many draws is the luckiest on few rows: of 87 trials of iris, 105 rows, one with an out-of-fold log-loss of
 * .04 had .82 on other rows, where the best of 16 had less than half of that.
 */
const rowsPerTrial = 10

/**
 * Trials and rounds of halving that fit the budget by the cost model: each algorithm's defaults first, the cheapest
 * before the others, then draws in turn. The same arguments give the same plan. `folds` is how often a trial is fitted.
 * Throws BAD_RUN: an algorithm that cannot do the task, or limits that no trial can keep.
 */
export const planTrials = (
  available: Candidates,
  wishes: Wishes,
  task: Task,
  shape: FitShape,
  folds: number,
): TrialPlan => {
  const families = familiesOf(available, wishes, task, shape)
  const searched = Math.min(mostTrials, Math.max(usualTrials, Math.floor(shape.rows / rowsPerTrial)))
  const most = wishes.budgetMs === undefined ? usualTrials : searched
  const listed = inTurn(
    families.map((family) => family.take(most)),
    most,
  )
  const kept = listed.filter((trial) => keepsLimits(trial, wishes, shape))
  if (kept.length === 0)
    throw new PercallError(
      'BAD_RUN',
      `limits: expected room for one of ${listed.length} trials, the smallest is expected to need ${smallest(listed, shape)} bytes`,
    )
  const budgetMs = wishes.budgetMs ?? usualBudgetMs
  const { chosen, rungs } = scheduleOf(kept, shape, folds, budgetMs)
  const trials = chosen.map((trial, at) => ({ id: `t${at + 1}`, ...trial }))
  const refitMs = Math.max(...trials.map(({ algorithm, hyper }) => fitMs(algorithm, hyper, shape)))
  return { trials, rungs, refitMs, notices: noticesOf({ listed, kept, trials }, wishes.budgetMs) }
}

type Draft = Omit<Trial, 'id'>
type Family = { readonly algorithm: Algorithm; readonly take: (most: number) => readonly Draft[] }

const familiesOf = (available: Candidates, wishes: Wishes, task: Task, shape: FitShape): readonly Family[] => {
  const { algorithms, parameters, target, budgetMs, seed, preprocess } = wishes
  const auto = algorithms.includes('auto')
  const every = Object.keys(available) as Algorithm[] // the keys of a record by Algorithm
  const named = auto ? every.filter((name) => available[name]?.tasks.includes(task)) : [...new Set(algorithms)]
  const families = named.map((name): Family & { readonly firstMs: number } => {
    const algorithm = name as Algorithm // 'auto' was taken out above
    const estimator = available[algorithm]
    if (!estimator?.tasks.includes(task))
      throw new PercallError(
        'BAD_RUN',
        `algorithms ${name}, target ${target}: expected task ${estimator?.tasks.join(' or ') ?? 'of an algorithm that is here'}, got ${task}`,
      )
    const given = parameters[algorithm]
    // Whoever names one algorithm, or its parameters, gets just that, unless a budget asks for a search.
    const searched = given === undefined && (auto || named.length > 1 || budgetMs !== undefined)
    const draws = searched ? drawsOf(algorithm) : 0
    const first = { algorithm, hyper: seeded(estimator, given, seed) }
    const draw = (number: number): Draft => ({
      algorithm,
      hyper: seeded(estimator, drawHyper(algorithm, number, seed), seed),
      ...(preprocess === 'auto' && estimator.form === 'scaled' && drawScaling(number)),
    })
    return {
      algorithm,
      firstMs: fitMs(algorithm, first.hyper, shape),
      take: (most) => [first, ...Array.from({ length: Math.min(draws, most - 1) }, (_, at) => draw(at + 1))],
    }
  })
  return families.sort((a, b) => a.firstMs - b.firstMs)
}

/** With the run's seed where the algorithm has one and none was given. */
const seeded = ({ hyper }: Pick<Estimator, 'hyper'>, given: unknown, seed: number): unknown => {
  const filled = hyper(given)
  const isSeeded = typeof filled === 'object' && filled !== null && 'seed' in filled
  return isSeeded ? hyper({ seed, ...(given as object | undefined) }) : filled
}

/** The first of each list, then the second of each, up to `most`. */
const inTurn = (lists: readonly (readonly Draft[])[], most: number): readonly Draft[] =>
  Array.from({ length: most }, (_, at) => lists.flatMap((list) => list[at] ?? []))
    .flat()
    .slice(0, most)

const keepsLimits = ({ algorithm, hyper }: Draft, { limits }: Wishes, shape: FitShape): boolean => {
  const sizeBytes = expectedSizeBytes(algorithm, hyper, shape)
  const { sizeBytes: mostBytes = Number.POSITIVE_INFINITY, latencyMs = Number.POSITIVE_INFINITY } = limits ?? {}
  return sizeBytes <= mostBytes && expectedLatencyMs(sizeBytes) <= latencyMs
}

const smallest = (drafts: readonly Draft[], shape: FitShape): number =>
  Math.min(...drafts.map(({ algorithm, hyper }) => expectedSizeBytes(algorithm, hyper, shape)))

/** Trials as they were thought of, as the limits let them through, and as the budget has room for them. */
type Sifted = Readonly<Record<'listed' | 'kept' | 'trials', readonly Draft[]>>

/** Algorithms of the first list of which the second has no trial. */
const without = (before: readonly Draft[], after: readonly Draft[]): string =>
  [...new Set(before.map(({ algorithm }) => algorithm))]
    .filter((name) => after.every(({ algorithm }) => algorithm !== name))
    .join(', ')

const noticesOf = ({ listed, kept, trials }: Sifted, budgetMs: number | undefined): readonly string[] => {
  const limited = without(listed, kept)
  const late = without(kept, trials)
  const usual = `the usual ${usualBudgetMs / 1000} s have no room for them; give a longer budget`
  const room = budgetMs === undefined ? usual : `the budget of ${Math.round(budgetMs / 1000)} s has no room for them`
  return [
    ...(kept.length < listed.length
      ? [
          `${listed.length - kept.length} of ${listed.length} trials are left out${limited && `, all of ${limited} among them`}: they would not keep the limits`,
        ]
      : []),
    ...(late ? [`${late} left out: ${room}`] : []),
  ]
}
