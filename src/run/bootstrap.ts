import { createRandom } from '../random.ts'

export type Interval = { readonly low: number; readonly high: number }

/** Resamples; the ends of a 95 % interval then rest on 50 of them each. */
const resamples = 2000
const tail = 0.025

/**
 * 95 % percentile interval of loss(a) - loss(b), both summed over the same resampled rows (paired bootstrap, Efron &
 * Tibshirani 1993, 13). `loss` turns a sum over n rows into the metric. The seed fixes the resamples.
 */
export const bootstrapInterval = (
  a: Float64Array,
  b: Float64Array,
  loss: (sum: number, n: number) => number,
  seed: number,
): Interval => {
  const random = createRandom(seed)
  const n = a.length
  const differences = new Float64Array(resamples)
  for (let k = 0; k < resamples; k++) {
    let sumA = 0
    let sumB = 0
    for (let i = 0; i < n; i++) {
      const row = Math.floor(random() * n)
      sumA += a[row]!
      sumB += b[row]!
    }
    differences[k] = loss(sumA, n) - loss(sumB, n)
  }
  differences.sort()
  return { low: differences[Math.floor(resamples * tail)]!, high: differences[Math.ceil(resamples * (1 - tail)) - 1]! }
}
