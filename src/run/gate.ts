import type { Matrix } from '../estimators/estimator.ts'
import type { Task } from './run.ts'

export type GateRule = 'auto' | 'better' | 'none'

export type GateInput = {
  readonly rule: GateRule
  readonly task: Task
  /** y of the rows judged: values or class numbers. */
  readonly truth: Float64Array
  /** Predictions of the candidate on those rows: [n, 1] values or [n, K] probabilities. */
  readonly candidate: Matrix
  /** The live version's predictions on the same rows, or nothing for a first version. */
  readonly live?: Matrix
  /** y of the train rows, which gives the baseline: class priors or the mean. */
  readonly trainTruth: Float64Array
  readonly seed: number
  /** What the rows are: named in the verdict. */
  readonly rows: 'test' | 'out-of-fold' | 'training'
}

export type GateVerdict = {
  readonly verdict: 'passed' | 'rejected'
  readonly reason: string
  readonly metric: 'logLoss' | 'rmse'
  readonly loss: number
  /** Loss of the baseline, or of the live version for a later one. */
  readonly against: number
  /** 95 % paired bootstrap interval of loss - against; absent when nothing was compared. */
  readonly interval?: { readonly low: number; readonly high: number }
}

/** Whether test rows suffice to gate: at least 50, and 20 of the rarest class. */
export declare const enoughTestRows: (task: Task, truth: Float64Array) => boolean

/** First version: better than the baseline. Later: not worse than live by more than 1 % of its loss, or better. */
export declare const gate: (input: GateInput) => GateVerdict
