import { createRandom, drawToFront } from '../../random.ts'
import { type FitShape, fitMs, halvedBy } from './cost-model.ts'
import type { Trial } from './trial.ts'

/** One round: `trials` of them are fitted to `share` of their full size, which takes `plannedMs` in all. */
export type Rung = { readonly share: number; readonly trials: number; readonly plannedMs: number }

/** A third goes on each time: Hyperband's eta (Li et al. 2018, JMLR 18(185)), the least loss per unit of work near e. */
const eta = 3
const schedules: readonly (readonly number[])[] = [[1], [1 / eta, 1], [1 / eta ** 2, 1 / eta, 1]]
/** With fewer trials a longer schedule is tried: an automatic run compares at least this many. */
const fewTrials = 12
/** The rest of a budget is for reading, the last fit and the evaluation. */
const trialsShare = 0.6
/** Counted on, though more may run: two cores are what a laptop and two of a new account's functions give. */
const processors = 2
/** What entering the states of one trial takes besides its fits. Measured on the local runtime. */
const statesMs = 700

type Draft = Omit<Trial, 'id'>

/** How many of a round's trials go on: a third, and at least one of each algorithm. */
const survivors = (count: number, families: number): number =>
  Math.min(count, Math.max(Math.ceil(count / eta), families))

/**
 * Which of the listed trials, and in which rounds, fit into a budget: in their order, passing over those that do not;
 * the first one in any case. A longer schedule is taken only where a shorter one leaves too few trials.
 */
export const scheduleOf = (
  listed: readonly Draft[],
  shape: FitShape,
  folds: number,
  budgetMs: number,
): { readonly chosen: readonly Draft[]; readonly rungs: readonly Rung[] } => {
  const roomMs = budgetMs * trialsShare
  const wanted = Math.min(fewTrials, listed.length)
  const options = schedules.map((shares) => {
    const rungs = (drafts: readonly Draft[]): readonly Rung[] => rungsOf(drafts, shares, shape, folds)
    const chosen: Draft[] = []
    for (const draft of listed)
      if (chosen.length === 0 || total(rungs([...chosen, draft])) <= roomMs) chosen.push(draft)
    return { chosen, rungs: rungs(chosen) }
  })
  const enough = options.find(({ chosen }) => chosen.length >= wanted)
  return enough ?? options.reduce((best, option) => (option.chosen.length > best.chosen.length ? option : best))
}

const total = (rungs: readonly Rung[]): number => sum(rungs.map(({ plannedMs }) => plannedMs))

const rungsOf = (
  trials: readonly Draft[],
  shares: readonly number[],
  shape: FitShape,
  folds: number,
): readonly Rung[] => {
  const firsts = trials.filter((one, at) => trials.findIndex(({ algorithm }) => algorithm === one.algorithm) === at)
  let count = trials.length
  return (trials.length === 1 ? [1] : shares).map((share, at) => {
    if (at > 0) count = survivors(count, firsts.length)
    const ms = ({ algorithm, hyper }: Draft): number => statesMs + folds * fitMs(algorithm, hyper, shape, share)
    // One of each algorithm goes on in any case; which others do is not known yet: the mean.
    const sure = sum(firsts.map(ms)) + (count - firsts.length) * (sum(trials.map(ms)) / trials.length)
    const allMs = at === 0 ? sum(trials.map(ms)) : sure
    return { share, trials: count, plannedMs: Math.round(allMs / Math.min(processors, count)) }
  })
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

type Scored = { readonly trialId: string; readonly algorithm: string; readonly loss: number | null }

/** The trials of the next round, best first: the best of each algorithm, then by loss. Ties stay in their order. */
export const survivorsOf = (scores: readonly Scored[], most: number): readonly string[] => {
  const ranked = scores.filter(({ loss }) => loss !== null).sort((a, b) => a.loss! - b.loss!)
  const firsts = ranked.filter((score, at) => ranked.findIndex(({ algorithm }) => algorithm === score.algorithm) === at)
  const others = ranked.filter((score) => !firsts.includes(score))
  const chosen = new Set([...firsts, ...others].slice(0, Math.max(most, firsts.length)))
  return ranked.filter((score) => chosen.has(score)).map(({ trialId }) => trialId)
}

/** The least rows that a round learns from: fewer tell nothing of what the rest would. */
const leastRows = 1000

/** Rows that a trial learns from in a round: all, or a seeded sample in the order of the table. */
export const rungRows = ({ algorithm }: Draft, share: number, learn: Uint32Array, seed: number): Uint32Array => {
  const wanted = Math.max(leastRows, Math.ceil(share * learn.length))
  if (halvedBy(algorithm) === 'iterations' || wanted >= learn.length) return learn
  return drawToFront(learn.slice(), wanted, createRandom(seed)).subarray(0, wanted).sort()
}

/** After how many iterations a trial pauses in a round. */
export const rungIterations = ({ algorithm, hyper }: Draft, share: number): number => {
  const { iterations } = hyper as { readonly iterations?: number } // estimators that iterate have it
  if (halvedBy(algorithm) === 'rows' || share === 1 || iterations === undefined) return Number.POSITIVE_INFINITY
  return Math.ceil(share * iterations)
}
