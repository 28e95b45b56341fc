import { softmaxInPlace } from '../sigmoid.ts'

/**
 * logsumexp(m) - m_y of one row with K margins and class y. The margins become the gradient, softmax(m) - [k = y]; the
 * diagonal of the hessian is p (1 - p) with p = softmax(m).
 */
export const softmaxLoss = (margins: Float64Array, y: number): number => {
  const own = margins[y]!
  const { largest, sum } = softmaxInPlace(margins)
  margins[y]! -= 1
  return largest + Math.log(sum) - own
}

/** The K margins for all rows with the least weighted loss: logarithms of the classes' shares, none below eps. */
export const softmaxConstant = (y: Float64Array, classes: number, weights?: Float64Array): Float64Array => {
  const shares = new Float64Array(classes)
  let total = 0
  for (let i = 0; i < y.length; i++) {
    const weight = weights?.[i] ?? 1
    shares[y[i]!]! += weight
    total += weight
  }
  return shares.map((share) => Math.log(Math.max(share / total, Number.EPSILON)))
}
