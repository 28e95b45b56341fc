import type { Loss } from './loss.ts'
import { weightedQuantile } from './weighted.ts'

/** Pinball loss: `share` of y - m above, 1 - share of m - y below (Koenker & Bassett 1978); its minimiser is the quantile. */
export const quantile = (share: number): Loss => ({
  link: 'identity',
  value: (m, y) => (m < y ? share * (y - m) : (1 - share) * (m - y)),
  gradient: (m, y) => (m < y ? -share : m > y ? 1 - share : 0),
  hessian: () => 0,
  constant: (y, weights) => weightedQuantile(y, share, weights),
})
