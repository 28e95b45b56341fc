/** The value at a point; writes the gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

/** Plain JSON. `steps` and `changes` are the last differences of points and of gradients, oldest first. */
export type LbfgsState = {
  readonly point: readonly number[]
  readonly gradient: readonly number[]
  readonly value: number
  readonly steps: readonly (readonly number[])[]
  readonly changes: readonly (readonly number[])[]
}

/** Pairs kept, as in scipy's L-BFGS-B, which scikit-learn uses. */
const memory = 10
/** Wolfe conditions: Nocedal & Wright, Numerical Optimization, 3.1, with their constants for quasi-Newton steps. */
const sufficientDecrease = 1e-4
const curvature = 0.9
const mostTrials = 40

export const lbfgsStart = (objective: Objective, origin: Float64Array): LbfgsState => {
  const gradient = new Float64Array(origin.length)
  const value = objective(origin, gradient)
  return { point: plain(origin), gradient: plain(gradient), value, steps: [], changes: [] }
}

/**
 * One iteration of limited-memory BFGS (Nocedal & Wright, algorithm 7.5); undefined when the largest element of the
 * gradient is within `tolerance`, or no step lowers the value any more in float64.
 */
export const lbfgsStep = (objective: Objective, state: LbfgsState, tolerance: number): LbfgsState | undefined => {
  if (state.gradient.every((slope) => Math.abs(slope) <= tolerance)) return undefined
  const point = Float64Array.from(state.point)
  const gradient = Float64Array.from(state.gradient)
  const direction = searchDirection(gradient, state.steps, state.changes)
  const found = lineSearch(objective, point, state.value, gradient, direction)
  if (found === undefined) return undefined
  const step = found.point.map((value, j) => value - point[j]!)
  const change = found.gradient.map((value, j) => value - gradient[j]!)
  const next = { point: plain(found.point), gradient: plain(found.gradient), value: found.value }
  // Only pairs of positive curvature keep the approximation positive definite.
  if (!(dot(step, change) > Number.EPSILON * dot(change, change))) {
    return { ...next, steps: state.steps, changes: state.changes }
  }
  return {
    ...next,
    steps: [...state.steps, plain(step)].slice(-memory),
    changes: [...state.changes, plain(change)].slice(-memory),
  }
}

/** -H g by the two-loop recursion; steepest descent of length at most 1 while there are no pairs. */
const searchDirection = (
  gradient: Float64Array,
  steps: LbfgsState['steps'],
  changes: LbfgsState['changes'],
): Float64Array => {
  const direction = gradient.map((slope) => -slope)
  const last = steps.length - 1
  if (last < 0) {
    const shrink = 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
    return direction.map((value) => value * shrink)
  }
  const alphas = new Float64Array(steps.length)
  for (let k = last; k >= 0; k--) {
    alphas[k] = dot(steps[k]!, direction) / dot(steps[k]!, changes[k]!)
    add(direction, -alphas[k]!, changes[k]!)
  }
  const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!)
  for (let j = 0; j < direction.length; j++) direction[j]! *= scale
  for (let k = 0; k <= last; k++) {
    const beta = dot(changes[k]!, direction) / dot(steps[k]!, changes[k]!)
    add(direction, alphas[k]! - beta, steps[k]!)
  }
  return direction
}

type Found = { readonly point: Float64Array; readonly gradient: Float64Array; readonly value: number }

/** A step length that meets the weak Wolfe conditions, by doubling and bisection (Lewis & Overton 2013). */
const lineSearch = (
  objective: Objective,
  point: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): Found | undefined => {
  const slope = dot(gradient, direction)
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let length = 1
  for (let trial = 0; trial < mostTrials; trial++) {
    const next = point.map((at, j) => at + length * direction[j]!)
    const nextGradient = new Float64Array(point.length)
    const nextValue = objective(next, nextGradient)
    if (!(nextValue <= value + sufficientDecrease * length * slope)) high = length
    else if (dot(nextGradient, direction) < curvature * slope) low = length
    else return { point: next, gradient: nextGradient, value: nextValue }
    length = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2
  }
  return undefined
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

const add = (target: Float64Array, factor: number, other: ArrayLike<number>): void => {
  for (let j = 0; j < target.length; j++) target[j]! += factor * other[j]!
}

/** + 0 turns -0 into 0, which JSON keeps: a resumed fit has the same bits. */
const plain = (values: Float64Array): readonly number[] => Array.from(values, (value) => value + 0)
