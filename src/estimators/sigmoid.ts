export const sigmoid = (m: number): number => 1 / (1 + Math.exp(-m))

/** Scores -> probabilities; answers the largest score and the sum of exp(score - largest). */
export const softmaxInPlace = (margins: Float64Array): { readonly largest: number; readonly sum: number } => {
  const largest = margins.reduce((max, m) => Math.max(max, m), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (let k = 0; k < margins.length; k++) {
    margins[k] = Math.exp(margins[k]! - largest)
    sum += margins[k]!
  }
  for (let k = 0; k < margins.length; k++) margins[k]! /= sum
  return { largest, sum }
}
