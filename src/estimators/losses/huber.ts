import type { Loss } from './loss.ts'
import { weightedQuantile } from './weighted.ts'

/** Squared up to `delta` from the target, straight beyond it (Huber 1964); delta in units of the target. */
export const huber = (delta: number): Loss => {
  const value = (m: number, y: number): number => {
    const distance = Math.abs(m - y)
    return distance <= delta ? distance ** 2 / 2 : delta * (distance - delta / 2)
  }
  const gradient = (m: number, y: number): number => Math.max(-delta, Math.min(delta, m - y))
  return {
    link: 'identity',
    value,
    gradient,
    hessian: (m, y) => (Math.abs(m - y) <= delta ? 1 : 0),
    constant: (y, weights) => zeroOf((m) => slopeAt(m, y, weights, gradient), y, weights),
  }
}

const slopeAt = (
  m: number,
  y: Float64Array,
  weights: Float64Array | undefined,
  gradient: (m: number, y: number) => number,
): number => {
  let slope = 0
  for (let i = 0; i < y.length; i++) slope += (weights?.[i] ?? 1) * gradient(m, y[i]!)
  return slope
}

/** Halvings after which two float64 bounds touch, from the whole range of the targets. */
const mostHalvings = 100

/** Where the slope, which never falls, crosses zero; between the least and the largest target. */
const zeroOf = (slope: (m: number) => number, y: Float64Array, weights?: Float64Array): number => {
  const median = weightedQuantile(y, 0.5, weights)
  let low = y.reduce((least, value) => Math.min(least, value), median)
  let high = y.reduce((largest, value) => Math.max(largest, value), median)
  let middle = median
  for (let halving = 0; halving < mostHalvings && low < high; halving++) {
    const at = slope(middle)
    if (at === 0) return middle
    if (at < 0) low = middle
    else high = middle
    const next = low + (high - low) / 2
    if (next === middle) break
    middle = next
  }
  return middle
}
