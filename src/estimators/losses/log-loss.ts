import { sigmoid } from '../sigmoid.ts'
import type { Loss } from './loss.ts'
import { weightedMean } from './weighted.ts'

/** log(1 + e^m) - y m for y in [0, 1], without overflow; m is the log odds of class 1. */
export const logLoss: Loss = {
  link: 'logit',
  value: (m, y) => Math.max(m, 0) - y * m + Math.log1p(Math.exp(-Math.abs(m))),
  gradient: (m, y) => sigmoid(m) - y,
  hessian: (m) => sigmoid(m) * sigmoid(-m),
  constant: (y, weights) => {
    const share = Math.min(1 - leastShare, Math.max(leastShare, weightedMean(y, weights)))
    return Math.log(share / (1 - share))
  },
  expected: { text: 'a number from 0 to 1 for the log loss', holds: (y) => y >= 0 && y <= 1 },
}

/** Odds of one class alone are infinite; eps keeps them finite. */
const leastShare = Number.EPSILON
