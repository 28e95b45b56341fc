import type { Matrix } from '../../estimators/estimator.ts'
import { evenWeights } from '../../metrics/measure.ts'
import { defaultMetric, lossMeasure, type MetricName } from '../../metrics/metric.ts'
import type { Algorithm } from '../../task.ts'
import { judgedAnswers } from '../answers.ts'
import { applyLink } from '../blend/link.ts'
import { type Caught, type Failure, failureOf } from '../failure.ts'
import type { Prepared } from '../prepared.ts'
import { selectValues } from '../select-rows.ts'
import type { RunSpec } from '../spec.ts'
import type { FitCheckpoint } from './fit-parts.ts'
import { linkOf } from './fit-trial.ts'
import type { HeldMargins } from './oof-file.ts'
import { lossFactor, optimismOf } from './optimism.ts'
import type { Trial } from './trial.ts'

/** score.json: what a trial reached in a round of halving. */
export type TrialScore = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  /**
   * Log-loss or RMSE over all rows that were held back, times what `optimism` says of it; null where no fold could be
   * fitted, or the trial failed.
   */
  readonly loss: number | null
  /** Of fits that these very rows stopped; absent where there is none. */
  readonly optimism?: number
  /** Standard deviation of the loss over the folds; absent with one fold. */
  readonly spread?: number
  /** Mean over the folds of those after which the held rows' loss was least. */
  readonly iterations: number
  readonly fitMs: number
  /** Of the first fold's exported graph. */
  readonly sizeBytes?: number
  /** Expected of that size, not measured. */
  readonly latencyMs?: number
  readonly failure?: Failure
}

/** What trials are compared by, as a loss: the metric that was asked for, or log-loss, RMSE or pinball loss. */
const lossOf = (
  { plan, choice }: Pick<RunSpec, 'plan' | 'choice'>,
  truth: Float64Array,
  answers: Matrix,
  weights = evenWeights(truth.length),
): number => {
  const judged = judgedAnswers(plan, truth, { values: answers }, choice.quantile)
  return lossMeasure(metricOf({ plan, choice }), judged)(weights)
}

/** The name of that metric. */
export const metricOf = ({ plan, choice }: Pick<RunSpec, 'plan' | 'choice'>): MetricName =>
  choice.metric ?? defaultMetric(plan.task, choice.quantile)

/** `train` is the train part; one fit and one set of held margins for each fold, and those of all folds together. */
export const scoreTrial = (
  spec: RunSpec,
  trial: Trial,
  { y, weights }: Pick<Prepared, 'y' | 'weights'>,
  { fits }: FitCheckpoint,
  folds: readonly HeldMargins[],
  all: HeldMargins,
): Omit<TrialScore, 'sizeBytes' | 'latencyMs'> => {
  const link = linkOf(spec, trial)
  const loss = ({ rows, margins }: HeldMargins): number =>
    lossOf(spec, selectValues(y, rows), applyLink(link, margins), weights && selectValues(weights, rows))
  const { id: trialId, algorithm, hyper } = trial
  const optimism = optimismOf(
    fits.map(({ watched = [] }, fold) => ({ rows: folds[fold]?.rows.length ?? 0, losses: watched })),
  )
  const whole = folds.length === 0 ? Number.NaN : loss(all) * lossFactor(optimism, metricOf(spec))
  const { iterations: asked = 1 } = hyper as { readonly iterations?: number } // estimators that iterate have it
  const iterations =
    fits.length === 0 ? asked : mean(fits.map(({ state }) => state.best?.iterations ?? state.iteration))
  return {
    trialId,
    algorithm,
    hyper,
    // JSON has no NaN.
    loss: Number.isFinite(whole) ? whole : null,
    ...(optimism > 1 && { optimism }),
    ...(folds.length > 1 && Number.isFinite(whole) && { spread: deviation(folds.map(loss)) }),
    iterations: Math.max(1, Math.round(iterations)),
    fitMs: Math.round(fits.reduce((sum, fit) => sum + fit.fitMs, 0)),
  }
}

/** What is kept of a trial that could not be fitted. */
export const failedScore = ({ id: trialId, algorithm, hyper }: Trial, caught: Caught): TrialScore => ({
  trialId,
  algorithm,
  hyper,
  loss: null,
  iterations: 0,
  fitMs: 0,
  failure: failureOf(caught),
})

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of a sample: sqrt(sum((x - mean)^2) / (n - 1)). */
const deviation = (values: readonly number[]): number => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
