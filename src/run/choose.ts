import type { Matrix } from '../estimators/estimator.ts'
import { applyLink, type Link } from './link.ts'
import type { Algorithm } from './run.ts'
import { lossOf } from './score.ts'
import type { TargetPlan } from './task.ts'

export type ChooseInput = {
  /** Margins [n, outputs] of the rows that a trial's fits did not see. */
  readonly trials: readonly {
    readonly trialId: string
    readonly algorithm: Algorithm
    readonly hyper: unknown
    readonly margins: Matrix
    readonly iterations: number
    readonly spread?: number
    readonly fitMs?: number
    /** Of its exported graph. */
    readonly sizeBytes?: number
    /** Of one row, expected of that size. */
    readonly latencyMs?: number
  }[]
  /** y [n] of those rows. */
  readonly y: Float64Array
  /** Of all of them. */
  readonly link: Link
  readonly plan: TargetPlan
  readonly seed: number
}

/** choice.json: which trials become the model. Plain JSON. */
export type Choice = {
  readonly members: readonly { readonly trialId: string; readonly weight: number; readonly iterations: number }[]
  readonly calibrator?: unknown
  readonly threshold?: number
  readonly interval?: unknown
  readonly notices: readonly string[]
}

/** The trial with the least loss, alone; the first of equals. */
export const choose = ({ trials, y, link, plan }: ChooseInput): Choice => {
  const losses = trials.map(({ margins }) => lossOf({ plan }, y, applyLink(link, margins)))
  // Of a trial that has no held rows the loss is not a number: it is chosen where it is the only one.
  const least = losses.reduce((best, loss, at) => (loss < losses[best]! ? at : best), 0)
  const { trialId, iterations } = trials[least]! // there is at least one
  return { members: [{ trialId, weight: 1, iterations }], notices: [] }
}
