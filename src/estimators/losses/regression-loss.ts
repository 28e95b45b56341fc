import { PercallError } from '../../errors.ts'
import { absolute } from './absolute.ts'
import { huber } from './huber.ts'
import type { Loss } from './loss.ts'
import { poisson } from './poisson.ts'
import { quantile } from './quantile.ts'
import { squared } from './squared.ts'

/** Names of the losses for numbers, as hyperparameters have them. */
export const regressionLosses = ['squared', 'absolute', 'huber', 'quantile', 'poisson'] as const

export type RegressionLoss = {
  readonly loss: (typeof regressionLosses)[number]
  /** Where `huber` becomes straight, in units of the target. */
  readonly delta: number
  /** Which quantile, above 0 and below 1. */
  readonly quantile: number
}

export const regressionLoss = ({ loss, delta, quantile: share }: RegressionLoss): Loss => {
  switch (loss) {
    case 'squared':
      return squared
    case 'absolute':
      return absolute
    case 'huber':
      return huber(delta)
    case 'quantile':
      return quantile(share)
    case 'poisson':
      return poisson
  }
}

/** Throws BAD_TABLE for a target that the loss cannot take, such as a negative count. */
export const checkTargets = ({ expected }: Loss, y: Float64Array): void => {
  if (expected === undefined) return
  const row = y.findIndex((value) => !expected.holds(value))
  if (row !== -1)
    throw new PercallError('BAD_TABLE', `training data: row ${row}, target: expected ${expected.text}, got ${y[row]}`)
}
