import { logLoss } from '../losses/log-loss.ts'
import type { Loss } from '../losses/loss.ts'
import type { NetLoss } from '../losses/loss-nodes.ts'
import { type RegressionLoss, regressionLoss } from '../losses/regression-loss.ts'
import { softmaxConstant } from '../losses/softmax-loss.ts'
import { weightedMean } from '../losses/weighted.ts'

/** Margins of a net -> margins in the target's units. */
export type Unscaling = { readonly scale: number; readonly shift: number }

/** How targets are put on the scale that a net learns best: mean 0 and deviation 1, or mean 1 for counts. */
export type TargetScale = Unscaling & {
  readonly scaled: (y: number) => number
  /** A mean loss of scaled targets -> that of targets in their units. */
  readonly loss: (scaled: number) => number
  /** The scaled margins of the best answer without features. */
  readonly start: ArrayLike<number>
}

const asIs = { scale: 1, shift: 0, scaled: (y: number) => y, loss: (value: number) => value }

/** Measured on the training rows, weighted. */
export const targetScale = (loss: NetLoss, y: Float64Array, weights?: Float64Array): TargetScale => {
  if (loss.loss === 'log') {
    const start = loss.classes === 2 ? [logLoss.constant(y, weights)] : softmaxConstant(y, loss.classes, weights)
    return { ...asIs, start }
  }
  const mean = weightedMean(y, weights)
  if (loss.loss === 'poisson') return countScale(mean)
  const deviation =
    Math.sqrt(
      weightedMean(
        y.map((value) => (value - mean) ** 2),
        weights,
      ),
    ) || 1
  const scaled = (value: number): number => (value - mean) / deviation
  return {
    scale: deviation,
    shift: mean,
    scaled,
    // Squares grow with the square of the scale; so does the Huber loss, whose delta is in deviations.
    loss: (value) => value * (loss.loss === 'squared' || loss.loss === 'huber' ? deviation ** 2 : deviation),
    start: [regressionLoss(loss).constant(y.map(scaled), weights)],
  }
}

/** y / mean: log(mean) moves into the margin. e^m - y m = mean (e^m' - y' m') - mean log(mean), averaged over the rows. */
const countScale = (mean: number): TargetScale => {
  if (mean === 0) return { ...asIs, start: [Math.log(Number.EPSILON)] }
  return {
    scale: 1,
    shift: Math.log(mean),
    scaled: (y) => y / mean,
    loss: (value) => mean * (value - Math.log(mean)),
    start: [0],
  }
}

/** The loss in the target's units, of one margin; delta counts deviations of the training targets. */
export const unscaledLoss = (loss: RegressionLoss, { scale }: Unscaling): Loss =>
  regressionLoss({ ...loss, delta: loss.delta * scale })
