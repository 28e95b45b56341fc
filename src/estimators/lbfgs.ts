import { packFloat64, unpackFloat64 } from './packed.ts'

/** The value at a point; writes the gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number | Promise<number>

/** The product of a vector with a guess of the inverse curvature, symmetric and positive definite. */
export type Conditioner = (vector: Float64Array) => Float64Array

/** `steps` and `changes` are the last differences of points and of gradients, oldest first. */
export type Descent = {
  readonly point: Float64Array
  readonly gradient: Float64Array
  readonly value: number
  readonly steps: readonly Float64Array[]
  readonly changes: readonly Float64Array[]
}

/** A descent as plain JSON: vectors are float64 in base64. */
export type LbfgsState = {
  readonly point: string
  readonly gradient: string
  readonly value: number
  readonly steps: readonly string[]
  readonly changes: readonly string[]
}

/** Pairs kept, as in scipy's L-BFGS-B, which scikit-learn uses; fewer of long vectors, so that checkpoints stay small. */
const mostPairs = 10
const leastPairs = 3
const mostKept = 1_000_000
/** Wolfe conditions: Nocedal & Wright, Numerical Optimization, 3.1, with their constants for quasi-Newton steps. */
const sufficientDecrease = 1e-4
const curvature = 0.9
const mostTrials = 40

export const lbfgsStart = async (objective: Objective, origin: Float64Array): Promise<Descent> => {
  const gradient = new Float64Array(origin.length)
  const value = await objective(origin, gradient)
  return { point: origin, gradient, value, steps: [], changes: [] }
}

/**
 * One iteration of limited-memory BFGS (Nocedal & Wright, algorithm 7.5); undefined when the largest element of the
 * gradient is within `tolerance`, or no step lowers the value any more in float64.
 */
export const lbfgsStep = async (
  objective: Objective,
  descent: Descent,
  tolerance: number,
  conditioner: Conditioner = same,
): Promise<Descent | undefined> => {
  const { point, gradient, steps, changes } = descent
  if (gradient.every((slope) => Math.abs(slope) <= tolerance)) return undefined
  const direction = searchDirection(descent, conditioner)
  const found = await lineSearch(objective, descent, direction)
  if (found === undefined) return undefined
  const step = found.point.map((value, j) => value - point[j]!)
  const change = found.gradient.map((value, j) => value - gradient[j]!)
  // Only pairs of positive curvature keep the approximation positive definite.
  if (!(dot(step, change) > Number.EPSILON * dot(change, change))) return { ...found, steps, changes }
  const pairs = Math.max(leastPairs, Math.min(mostPairs, Math.floor(mostKept / point.length)))
  return { ...found, steps: [...steps, step].slice(-pairs), changes: [...changes, change].slice(-pairs) }
}

export const packDescent = ({ point, gradient, value, steps, changes }: Descent): LbfgsState => ({
  point: packFloat64(point),
  gradient: packFloat64(gradient),
  value,
  steps: steps.map(packFloat64),
  changes: changes.map(packFloat64),
})

export const unpackDescent = ({ point, gradient, value, steps, changes }: LbfgsState): Descent => ({
  point: unpackFloat64(point),
  gradient: unpackFloat64(gradient),
  value,
  steps: steps.map(unpackFloat64),
  changes: changes.map(unpackFloat64),
})

const same: Conditioner = (vector) => vector

/** -H g by the two-loop recursion around the conditioner; of length at most 1 while there are no pairs. */
const searchDirection = ({ gradient, steps, changes }: Descent, conditioner: Conditioner): Float64Array => {
  const direction = gradient.map((slope) => -slope)
  const last = steps.length - 1
  if (last < 0) {
    const first = conditioner(direction)
    const shrink = 1 / Math.max(1, Math.sqrt(dot(first, first)))
    return first.map((value) => value * shrink)
  }
  const alphas = new Float64Array(steps.length)
  const bends = steps.map((step, k) => dot(step, changes[k]!))
  for (let k = last; k >= 0; k--) {
    alphas[k] = dot(steps[k]!, direction) / bends[k]!
    add(direction, -alphas[k]!, changes[k]!)
  }
  const scale = bends[last]! / dot(changes[last]!, conditioner(changes[last]!))
  const conditioned = conditioner(direction).map((value) => value * scale)
  for (let k = 0; k <= last; k++) {
    const beta = dot(changes[k]!, conditioned) / bends[k]!
    add(conditioned, alphas[k]! - beta, steps[k]!)
  }
  return conditioned
}

type Found = Pick<Descent, 'point' | 'gradient' | 'value'>

/** A step length that meets the weak Wolfe conditions, by doubling and bisection (Lewis & Overton 2013). */
const lineSearch = async (
  objective: Objective,
  { point, gradient, value }: Descent,
  direction: Float64Array,
): Promise<Found | undefined> => {
  const slope = dot(gradient, direction)
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let length = 1
  for (let trial = 0; trial < mostTrials; trial++) {
    const next = point.map((at, j) => at + length * direction[j]!)
    const nextGradient = new Float64Array(point.length)
    const nextValue = await objective(next, nextGradient)
    if (!(nextValue <= value + sufficientDecrease * length * slope)) high = length
    else if (dot(nextGradient, direction) < curvature * slope) low = length
    else return { point: next, gradient: nextGradient, value: nextValue }
    length = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2
  }
  return undefined
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

const add = (target: Float64Array, factor: number, other: Float64Array): void => {
  for (let j = 0; j < target.length; j++) target[j]! += factor * other[j]!
}
