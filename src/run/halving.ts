import { createRandom } from '../random.ts'
import { type FitShape, fitMs, halvedBy } from './cost-model.ts'
import type { Trial } from './plan.ts'

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

/** How many of the listed trials, and which rounds, fit into a budget; at least one trial whatever it says. */
export const scheduleOf = (
  listed: readonly Draft[],
  shape: FitShape,
  folds: number,
  budgetMs: number,
): { readonly count: number; readonly rungs: readonly Rung[] } => {
  const roomMs = budgetMs * trialsShare
  const wanted = Math.min(fewTrials, listed.length)
  const options = schedules.map((shares) => {
    const fits = (count: number): boolean => total(rungsOf(listed.slice(0, count), shares, shape, folds)) <= roomMs
    let count = 1
    while (count < listed.length && fits(count + 1)) count += 1
    return { count, rungs: rungsOf(listed.slice(0, count), shares, shape, folds) }
  })
  const enough = options.find(({ count }) => count >= wanted)
  return enough ?? options.reduce((best, option) => (option.count > best.count ? option : best))
}

const total = (rungs: readonly Rung[]): number => rungs.reduce((sum, { plannedMs }) => sum + plannedMs, 0)

const rungsOf = (
  trials: readonly Draft[],
  shares: readonly number[],
  shape: FitShape,
  folds: number,
): readonly Rung[] => {
  const families = new Set(trials.map(({ algorithm }) => algorithm)).size
  let count = trials.length
  return (trials.length === 1 ? [1] : shares).map((share, at) => {
    if (at > 0) count = survivors(count, families)
    const each = trials.map((t) => statesMs + folds * fitMs(t.algorithm, t.hyper, shape, share))
    // Which of them go on is not known yet: the mean, in as many streams as there are processors.
    const mean = each.reduce((sum, ms) => sum + ms, 0) / each.length
    return { share, trials: count, plannedMs: Math.round((count * mean) / Math.min(processors, count)) }
  })
}

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
  const random = createRandom(seed)
  const rows = learn.slice()
  // The first steps of a Fisher-Yates shuffle, so that the sample of a small share is part of a larger one's.
  for (let i = 0; i < wanted; i++) {
    const j = i + Math.floor(random() * (rows.length - i))
    const row = rows[i]!
    rows[i] = rows[j]!
    rows[j] = row
  }
  return rows.subarray(0, wanted).sort()
}

/** After how many iterations a trial pauses in a round. */
export const rungIterations = ({ algorithm, hyper }: Draft, share: number): number => {
  const { iterations } = hyper as { readonly iterations?: number } // estimators that iterate have it
  if (halvedBy(algorithm) === 'rows' || share === 1 || iterations === undefined) return Number.POSITIVE_INFINITY
  return Math.ceil(share * iterations)
}
