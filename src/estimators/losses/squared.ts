import type { Loss } from './loss.ts'
import { weightedMean } from './weighted.ts'

/** (m - y)^2 / 2: its minimiser is the mean. */
export const squared: Loss = {
  link: 'identity',
  value: (m, y) => (m - y) ** 2 / 2,
  gradient: (m, y) => m - y,
  hessian: () => 1,
  constant: weightedMean,
}
