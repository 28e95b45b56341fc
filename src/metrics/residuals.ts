import { evenWeights, weightedMean } from './measure.ts'

/** Quantiles of truth - answer, by their share of rows below; `mean` is the bias. */
export type Residuals = {
  readonly mean: number
  readonly quantiles: readonly { readonly share: number; readonly value: number }[]
}

const shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]

/** Rows count alike in the quantiles, which interpolate as numpy.quantile; the mean is weighted. */
export const residualsOf = (
  truth: Float64Array,
  predicted: Float64Array,
  weights = evenWeights(truth.length),
): Residuals => {
  const errors = truth.map((y, i) => y - predicted[i]!)
  const sorted = errors.slice().sort()
  return {
    mean: weightedMean(errors, weights),
    quantiles: shares.map((share) => ({ share, value: quantileOf(sorted, share) })),
  }
}

/** Of sorted values, interpolated linearly (Hyndman & Fan 1996, type 7). */
export const quantileOf = (sorted: Float64Array, share: number): number => {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]!
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low)
}
