/** What trees are fitted to. `mean` grows a forest's trees: the target itself, no margin before it. */
export type Loss =
  | { readonly name: 'squared' | 'absolute' | 'poisson' | 'binary' | 'multiclass' | 'log' | 'mean' }
  | { readonly name: 'quantile'; readonly share: number }
  | { readonly name: 'huber'; readonly delta: number }

/** Loss of one row with one margin m, its gradient and its hessian, which is 1 where the loss has none. */
export type RowLoss = {
  readonly loss: (m: number, y: number) => number
  readonly gradient: (m: number, y: number) => number
  readonly hessian: (m: number, y: number) => number
}

const one = (): number => 1

const squared: RowLoss = { loss: (m, y) => (m - y) ** 2, gradient: (m, y) => m - y, hessian: one }

/** Losses of one margin; that of several classes is in gradients.ts. */
export const rowLoss = (loss: Loss): RowLoss => {
  switch (loss.name) {
    case 'absolute':
      return { loss: (m, y) => Math.abs(m - y), gradient: (m, y) => Math.sign(m - y), hessian: one }
    case 'quantile': {
      const { share } = loss
      return {
        loss: (m, y) => (y >= m ? share * (y - m) : (1 - share) * (m - y)),
        gradient: (m, y) => (y > m ? -share : y < m ? 1 - share : 0),
        hessian: one,
      }
    }
    case 'huber': {
      const { delta } = loss
      return {
        loss: (m, y) => (Math.abs(m - y) <= delta ? (m - y) ** 2 / 2 : delta * (Math.abs(m - y) - delta / 2)),
        gradient: (m, y) => Math.max(-delta, Math.min(delta, m - y)),
        hessian: one,
      }
    }
    case 'poisson':
      // Half the deviance, without what only y decides.
      return { loss: (m, y) => Math.exp(m) - y * m, gradient: (m, y) => Math.exp(m) - y, hessian: (m) => Math.exp(m) }
    case 'binary':
      return {
        loss: (m, y) => Math.max(m, 0) - y * m + Math.log1p(Math.exp(-Math.abs(m))),
        gradient: (m, y) => 1 / (1 + Math.exp(-m)) - y,
        hessian: (m) => Math.exp(-Math.abs(m)) / (1 + Math.exp(-Math.abs(m))) ** 2,
      }
    default:
      return squared // of the logarithm for `log`, whose targets are logarithms already
  }
}

/** Whether leaves answer a statistic of their rows' residuals instead of a Newton step. */
export const renews = ({ name }: Loss): boolean => name === 'absolute' || name === 'quantile' || name === 'huber'

/**
 * The weighted quantile of values [n]: the least value at which the weights up to it reach `share` of their sum; the mean
 * of it and the next where they meet it exactly. Hyndman & Fan (1996), type 2.
 */
export const weightedQuantile = (values: Float64Array, weights: Float64Array | undefined, share: number): number => {
  if (weights === undefined) {
    const sorted = values.slice().sort()
    const place = sorted.length * share
    const below = Math.min(sorted.length - 1, Math.max(0, Math.ceil(place) - 1))
    const exact = place === below + 1 && below + 1 < sorted.length
    return exact ? (sorted[below]! + sorted[below + 1]!) / 2 : sorted[below]!
  }
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b)
  let total = 0
  for (const i of order) total += weights[i]!
  let sum = 0
  for (let k = 0; k < order.length; k++) {
    sum += weights[order[k]!]!
    if (sum > total * share) return values[order[k]!]!
    if (sum === total * share && sum > 0) {
      const next = order.subarray(k + 1).find((i) => weights[i]! > 0)
      return next === undefined ? values[order[k]!]! : (values[order[k]!]! + values[next]!) / 2
    }
  }
  return values[order.at(-1)!]!
}

/** What is best for all rows of a leaf together, by their residuals y - m. */
export const renewed = (loss: Loss, residuals: Float64Array, weights: Float64Array | undefined): number => {
  if (loss.name === 'quantile') return weightedQuantile(residuals, weights, loss.share)
  const median = weightedQuantile(residuals, weights, 0.5)
  if (loss.name !== 'huber') return median
  // Friedman (2001), Greedy function approximation, algorithm 4.
  let sum = 0
  let total = 0
  residuals.forEach((residual, i) => {
    const weight = weights?.[i] ?? 1
    sum += weight * Math.max(-loss.delta, Math.min(loss.delta, residual - median))
    total += weight
  })
  return median + sum / total
}
