import type { Loss } from './loss.ts'
import { weightedMean } from './weighted.ts'

/** e^m - y m, the negative log-likelihood of counts up to a constant; m is the logarithm of the mean. */
export const poisson: Loss = {
  link: 'log',
  value: (m, y) => Math.exp(m) - y * m,
  gradient: (m, y) => Math.exp(m) - y,
  hessian: (m) => Math.exp(m),
  constant: (y, weights) => Math.log(Math.max(weightedMean(y, weights), leastMean)),
  expected: { text: 'a number of at least 0 for the poisson loss', holds: (y) => y >= 0 },
}

/** Counts that are all 0 have no finite logarithm of their mean; e^-37 is below float64's eps. */
const leastMean = Math.exp(-37)
