import { quantile, sortedPresent } from './order.ts'
import { rescale, type Scaling } from './standardise.ts'
import type { Columns, Transformer } from './transformer.ts'

/** scikit-learn's bound under which a quartile distance counts as none. */
const leastDistance = 10 * Number.EPSILON

/** (x - median) / (third quartile - first), which outliers do not move. Equal quartiles divide by 1. */
export const robustScale: Transformer<Columns, Scaling, string> = {
  fit: (columns) => {
    const sorted = columns.map(sortedPresent)
    const distances = sorted.map((values) => quantile(values, 0.75) - quantile(values, 0.25))
    return {
      centres: sorted.map((values) => quantile(values, 0.5)),
      divisors: distances.map((distance) => (distance < leastDistance ? 1 : Math.min(distance, Number.MAX_VALUE))),
    }
  },
  ...rescale,
}
