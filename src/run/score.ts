import type { Matrix } from '../estimators/estimator.ts'
import { logLosses } from '../metrics/classification.ts'
import { type Caught, type Failure, failureOf } from './failure.ts'
import type { FitCheckpoint } from './fit-parts.ts'
import { linkOf } from './fit-trial.ts'
import { applyLink } from './link.ts'
import type { HeldMargins } from './oof-file.ts'
import type { Algorithm } from './run.ts'
import type { RunSpec, Trial } from './spec.ts'

/** score.json: what a trial reached in a round of halving. */
export type TrialScore = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  /** Log-loss or RMSE over all rows that were held back; null where no fold could be fitted, or the trial failed. */
  readonly loss: number | null
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

/** The loss that trials are compared by: mean log-loss, or root of the mean squared error. */
export const lossOf = (spec: Pick<RunSpec, 'plan'>, truth: Float64Array, answers: Matrix): number => {
  const isRegression = spec.plan.classes === null
  const losses = isRegression ? truth.map((y, i) => (y - answers.values[i]!) ** 2) : logLosses(truth, answers)
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  return isRegression ? Math.sqrt(mean) : mean
}

/** The target of held rows. */
export const truthOf = (y: Float64Array, rows: Uint32Array): Float64Array => Float64Array.from(rows, (row) => y[row]!)

/** y is that of the train part; one fit and one set of held margins for each fold, and those of all folds together. */
export const scoreTrial = (
  spec: RunSpec,
  trial: Trial,
  y: Float64Array,
  { fits }: FitCheckpoint,
  folds: readonly HeldMargins[],
  all: HeldMargins,
): Omit<TrialScore, 'sizeBytes' | 'latencyMs'> => {
  const link = linkOf(spec, trial)
  const loss = ({ rows, margins }: HeldMargins): number => lossOf(spec, truthOf(y, rows), applyLink(link, margins))
  const { id: trialId, algorithm, hyper } = trial
  const whole = folds.length === 0 ? Number.NaN : loss(all)
  const { iterations: asked = 1 } = hyper as { readonly iterations?: number } // estimators that iterate have it
  const iterations =
    fits.length === 0 ? asked : mean(fits.map(({ state }) => state.best?.iterations ?? state.iteration))
  return {
    trialId,
    algorithm,
    hyper,
    // JSON has no NaN.
    loss: Number.isFinite(whole) ? whole : null,
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
