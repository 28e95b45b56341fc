import type { Loss } from './loss.ts'
import { weightedQuantile } from './weighted.ts'

/** |m - y|: its minimiser is the median. */
export const absolute: Loss = {
  link: 'identity',
  value: (m, y) => Math.abs(m - y),
  gradient: (m, y) => Math.sign(m - y),
  hessian: () => 0,
  constant: (y, weights) => weightedQuantile(y, 0.5, weights),
}
