import { PercallError } from '../../errors.ts'
import type { Matrix } from '../../estimators/estimator.ts'
import { evenWeights, type Judged } from '../../metrics/measure.ts'
import { defaultMetric, lossMeasure, type MetricName } from '../../metrics/metric.ts'
import type { Algorithm } from '../../task.ts'
import { judgedAnswers } from '../answers.ts'
import { type ConformalInterval, conformalInterval, leastRowsFor } from '../judge/interval.ts'
import { selectMatrix, selectValues } from '../select-rows.ts'
import type { TargetPlan } from '../task.ts'
import { lossFactor } from '../trials/optimism.ts'
import { type Calibrator, calibrate } from './calibrator.ts'
import { chooseCalibrator } from './choose-calibrator.ts'
import { type Blend, blendOf, type Candidate, crossFittedMargins, type Limits, selectBlend } from './ensemble.ts'
import { applyLink, type Link } from './link.ts'
import { chooseThreshold, type ThresholdRule } from './threshold.ts'

/** A trial with the margins of rows that its fits have not seen: the same rows, in the same order, for all trials. */
export type ScoredTrial = Candidate & {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  /** Of a refit, as cross-validation found best. */
  readonly iterations: number
  /** Where it differs from the other trials'. */
  readonly link?: Link
  readonly spread?: number
  readonly fitMs?: number
  /** By how much its fits, which these very rows stopped, look better on them than they are: `optimismOf`. */
  readonly optimism?: number
}

export type ChooseInput = {
  readonly trials: readonly ScoredTrial[]
  /** Values or class numbers of those rows. */
  readonly y: Float64Array
  readonly weights?: Float64Array
  readonly link: Link
  readonly plan: TargetPlan
  readonly request?: {
    readonly limits?: Limits
    /** True by default. */
    readonly ensemble?: boolean
    readonly metric?: MetricName
    readonly threshold?: ThresholdRule
    /** Level of the interval, such as 0.9. */
    readonly interval?: number
    /** Of a quantile loss. */
    readonly quantile?: number
    /** Class weights shift every probability: then calibration is compulsory. */
    readonly classWeights?: boolean
  }
  readonly seed: number
}

/** Of the metric as a loss: where more is better, 1 - value. `weight` 0 stays out of the model. */
export type RankedTrial = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly metric: MetricName
  readonly loss: number
  readonly spread?: number
  readonly iterations: number
  readonly weight: number
  readonly fitMs?: number
  readonly sizeBytes?: number
  readonly latencyMs?: number
  /** The limit that it breaks by itself. */
  readonly over?: keyof Limits
}

/** choice.json: plain JSON. */
export type Choice = {
  readonly members: readonly {
    readonly trialId: string
    readonly weight: number
    readonly iterations: number
    /** Above the trial's own: of fits that differ in nothing else. */
    readonly seed?: number
  }[]
  readonly calibrator?: Calibrator
  readonly threshold?: number
  readonly interval?: ConformalInterval
  /** Best first. */
  readonly leaderboard: readonly RankedTrial[]
  readonly notices: readonly string[]
}

/** Blends are looked for on at most so many rows, evenly spaced, and among so many trials: each step tries all. */
const mostRows = 20_000
const mostCandidates = 12
/** What a blend must save of the best single's loss, for it is larger, slower and harder to explain. */
const leastGain = 0.005

/**
 * The model made of trials, by out-of-fold margins alone: best single or ensemble, calibrator, threshold, interval.
 * Throws BAD_RUN when no trial is within the limits, INTERNAL when none has a finite loss.
 */
export const choose = (input: ChooseInput): Choice => {
  const { trials, y, plan, request = {} } = input
  const ranked = rank(input)
  const best = bestOf(ranked, request.limits ?? {})
  const link = best.trial.link ?? input.link
  const { members, notices } = blendTrials(input, ranked, best, link)
  const blend: Blend = new Map(members.map(({ trial, weight }) => [trials.indexOf(trial), weight]))
  const margins = blendOf(trials, blend, Uint32Array.from(y.keys()))
  const finish = plan.classes === null ? predictionChoice : classChoice
  const { notices: more, ...choice } = finish(input, margins, link)
  return {
    members: members.map(({ trial, weight }) => ({ trialId: trial.trialId, weight, iterations: trial.iterations })),
    ...choice,
    leaderboard: ranked.map(({ line, trial }) => ({ ...line, weight: blend.get(trials.indexOf(trial)) ?? 0 })),
    notices: [...notices, ...more],
  }
}

type Ranked = { readonly trial: ScoredTrial; readonly line: Omit<RankedTrial, 'weight'> }

/** What the run is judged by. */
const metricFor = ({ plan, request = {} }: ChooseInput): MetricName =>
  request.metric ?? defaultMetric(plan.task, request.quantile)

/** Answers of margins, ready to be measured. */
const judgedMargins = ({ plan, request = {} }: ChooseInput, link: Link, margins: Matrix, truth: Float64Array): Judged =>
  judgedAnswers(plan, truth, { values: applyLink(link, margins) }, request.quantile)

const weightsOf = ({ weights, y }: ChooseInput): Float64Array => weights ?? evenWeights(y.length)

/** Best first; a loss that is not finite comes last, and of equal ones the earlier trial first. */
const rank = (input: ChooseInput): readonly Ranked[] => {
  const { trials, y, request = {}, link } = input
  const metric = metricFor(input)
  const ranked = trials.map((trial): Ranked => {
    const judged = judgedMargins(input, trial.link ?? link, trial.margins, y)
    const { trialId, algorithm, iterations, optimism = 1, spread, fitMs, sizeBytes, latencyMs } = trial
    const over = (['sizeBytes', 'latencyMs'] as const).find(
      (what) => (trial[what] ?? 0) > (request.limits?.[what] ?? Infinity),
    )
    return {
      trial,
      line: {
        trialId,
        algorithm,
        metric,
        loss: lossMeasure(metric, judged)(weightsOf(input)) * lossFactor(optimism, metric),
        iterations,
        ...(spread !== undefined && { spread }),
        ...(fitMs !== undefined && { fitMs }),
        ...(sizeBytes !== undefined && { sizeBytes }),
        ...(latencyMs !== undefined && { latencyMs }),
        ...(over && { over }),
      },
    }
  })
  const key = ({ line }: Ranked): number => (Number.isFinite(line.loss) ? line.loss : Number.MAX_VALUE)
  return ranked.sort((a, b) => key(a) - key(b))
}

const bestOf = (ranked: readonly Ranked[], limits: Limits): Ranked => {
  const finite = ranked.filter(({ line }) => Number.isFinite(line.loss))
  const within = finite.find(({ line }) => line.over === undefined)
  if (within) return within
  const { over } = finite[0]?.line ?? {}
  if (over === undefined)
    throw new PercallError('INTERNAL', `choose: expected a trial with a finite loss, got ${ranked.length} without`)
  const least = Math.min(...finite.map(({ trial }) => trial[over] ?? Number.POSITIVE_INFINITY))
  throw new PercallError(
    'BAD_RUN',
    `limits.${over}: expected a trial of at most ${limits[over]}, got ${least} as the least of ${finite.length}`,
  )
}

/** The best of each algorithm before all others: models of one kind err alike, and blending them gains little. */
const bestOfEach = (ranked: readonly Ranked[]): readonly Ranked[] => {
  const firsts = ranked.filter(
    ({ line }, at) => ranked.findIndex((one) => one.line.algorithm === line.algorithm) === at,
  )
  return [...firsts, ...ranked.filter((one) => !firsts.includes(one))]
}

type Blended = {
  readonly members: readonly { readonly trial: ScoredTrial; readonly weight: number }[]
  readonly notices: readonly string[]
}

/** An ensemble only where it saves some of the best single's loss on rows that neither was chosen on. */
const blendTrials = (input: ChooseInput, ranked: readonly Ranked[], best: Ranked, link: Link): Blended => {
  const { y, request = {}, seed } = input
  const single = { members: [{ trial: best.trial, weight: 1 }], notices: [] }
  const within = ranked.filter(
    ({ trial, line }) => line.over === undefined && Number.isFinite(line.loss) && (trial.link ?? input.link) === link,
  )
  const candidates = bestOfEach(within)
    .slice(0, mostCandidates)
    .map(({ trial }) => trial)
  if (request.ensemble === false || candidates.length < 2) return single
  const metric = metricFor(input)
  const limits = request.limits ?? {}
  const every = Math.ceil(y.length / mostRows)
  const rows = Uint32Array.from({ length: Math.ceil(y.length / every) }, (_, i) => i * every)
  const measureOn = (margins: Matrix, on: Uint32Array) =>
    lossMeasure(metric, judgedMargins(input, link, margins, selectValues(y, on)))
  const weights = weightsOf(input)
  const loss = (margins: Matrix, on: Uint32Array): number => measureOn(margins, on)(selectValues(weights, on))
  const blend = selectBlend(candidates, rows, loss, limits)
  if (blend.size < 2) return single
  const crossed = crossFittedMargins(candidates, rows, loss, limits, seed)
  const own = selectValues(weights, rows)
  const blended = measureOn(crossed.blended, rows)
  const singles = [crossed.single, selectMatrix(best.trial.margins, rows)]
  if (!singles.every((margins) => blended(own) <= (1 - leastGain) * measureOn(margins, rows)(own))) return single
  const members = [...blend].map(([place, weight]) => ({ trial: candidates[place]!, weight }))
  const from = loss(selectMatrix(best.trial.margins, rows), rows)
  const to = loss(blendOf(candidates, blend, rows), rows)
  return {
    members,
    notices: [
      `ensemble of ${members.length} trials: ${metric} as a loss ${from.toPrecision(5)} -> ${to.toPrecision(5)} out of fold`,
    ],
  }
}

type Finish = Pick<Choice, 'calibrator' | 'threshold' | 'interval' | 'notices'>

const classChoice = (input: ChooseInput, margins: Matrix, link: Link): Finish => {
  const { y, plan, request = {}, seed } = input
  const weights = weightsOf(input)
  const { calibrator } = chooseCalibrator({ margins, y, weights, link }, seed, request.classWeights)
  const { threshold: rule } = request
  const shifted = 'class weights shift the probabilities, and out-of-fold predictions gave no calibrator that undoes it'
  const notices = request.classWeights && !calibrator ? [shifted] : []
  const common = { ...(calibrator && { calibrator }), notices }
  if (plan.positive === undefined) return common
  const judged = judgedMargins(input, link, calibrator ? calibrate(calibrator, margins) : margins, y)
  if (rule === undefined)
    return { ...common, notices: [...notices, ...(request.classWeights ? neverAnswered(plan, judged) : [])] }
  const isPositive = y.map((k) => (k === judged.positive ? 1 : 0))
  const scores = Float64Array.from(y.keys(), (i) => judged.answers.values[2 * i + judged.positive!]!)
  return { ...common, threshold: chooseThreshold(rule, isPositive, scores, weights) }
}

/** Calibration takes back what class weights shift: a rare class may then never reach one half. */
const neverAnswered = ({ classes }: TargetPlan, { labels }: Judged): readonly string[] => {
  const never = (classes ?? []).filter((_, k) => !labels?.includes(k))
  return never.map(
    (label) =>
      `class weights: ${label} is never answered out of fold, for its calibrated probability never wins; choose the threshold by --threshold f1, or cost:FP,FN`,
  )
}

const predictionChoice = (input: ChooseInput, margins: Matrix, link: Link): Finish => {
  const { y, request = {} } = input
  const { interval: level } = request
  if (level === undefined) return { notices: [] }
  const spread = link === 'log' ? 'root' : 'constant'
  const interval = conformalInterval(y, applyLink(link, margins).values, level, spread, weightsOf(input))
  if (interval) return { interval, notices: [] }
  const least = leastRowsFor(level)
  return {
    notices: [`interval ${level}: expected at least ${least} out-of-fold rows, got ${y.length}; it is left out`],
  }
}
