import type { MetricName } from '../../metrics/metric.ts'

/** A fit of one fold: how many rows judged it, and their loss after 0, 1, 2, ... iterations. */
export type WatchedFit = { readonly rows: number; readonly losses: readonly number[] }

/** A fit that has ended goes on with its last loss. */
const lossAt = ({ losses }: WatchedFit, iterations: number): number => losses[Math.min(iterations, losses.length - 1)]!

const sum = (fits: readonly WatchedFit[], loss: (fit: WatchedFit) => number): number =>
  fits.reduce((total, fit) => total + fit.rows * loss(fit), 0)

/** After how many iterations the loss of all these folds together was least. */
const leastTogether = (fits: readonly WatchedFit[]): number => {
  const longest = Math.max(...fits.map(({ losses }) => losses.length))
  let least = 0
  for (let k = 1, best = sum(fits, (fit) => lossAt(fit, 0)); k < longest; k++) {
    const together = sum(fits, (fit) => lossAt(fit, k))
    if (together < best) [best, least] = [together, k]
  }
  return least
}

/**
 * How much too good fits look on the very rows that told them when to stop: the folds' loss where each stops after the
 * iterations that the other folds found best, over that where each stops where its own rows found best. At least 1.
 */
export const optimismOf = (fits: readonly WatchedFit[]): number => {
  if (fits.length < 2 || fits.some(({ losses }) => losses.length === 0)) return 1
  const own = sum(fits, ({ losses }) => losses.reduce((least, loss) => Math.min(least, loss), Infinity))
  const others = sum(fits, (fit) => lossAt(fit, leastTogether(fits.filter((other) => other !== fit))))
  return own > 0 && others > own ? others / own : 1
}

/** The factor of a metric's loss; 1 where the metric is not what fits watch, or its square root. */
export const lossFactor = (optimism: number, metric: MetricName): number => {
  if (metric === 'logLoss' || metric === 'pinball') return optimism
  return metric === 'rmse' ? Math.sqrt(optimism) : 1
}
