import { choleskyFactor, solveFactored } from './cholesky.ts'
import type { Design } from './design.ts'
import { gramOf } from './gram.ts'

/** What a unit of distance costs where the target lies above the margin, and below it. */
export type Sides = { readonly above: number; readonly below: number }

/**
 * Coefficients b [p]; residuals split into what lies above and below, [n] each, both positive; their dual [n].
 * r = above - below, -below' w < dual < above' w for the two costs.
 */
export type InteriorPoint = Readonly<Record<'coefficients' | 'above' | 'below' | 'dual', Float64Array>>

export const interiorStart = ({ rows, size, y }: Design): InteriorPoint => {
  const targets = y.subarray(0, rows)
  const width = targets.reduce((sum, value) => sum + Math.abs(value), 0) / rows || 1
  return {
    coefficients: new Float64Array(size),
    above: targets.map((value) => Math.max(value, 0) + width),
    below: targets.map((value) => Math.max(-value, 0) + width),
    dual: new Float64Array(rows),
  }
}

/** How near the edge a step may go. Mehrotra 1992. */
const stepShare = 0.995
/** Added to the diagonal, as a share of its largest element, so that dependent columns have a solution. */
const diagonalShare = 1e-13

/**
 * One iteration of the primal-dual interior-point method (Portnoy & Koenker 1997; predictor and corrector of Mehrotra
 * 1992) for min sum w cost(y - X b) + penalties b^2 / 2. Answers the next point, and the objective and the gap to its
 * bound before the step. For designs without terms.
 */
export const interiorStep = (
  design: Design,
  sides: Sides,
  point: InteriorPoint,
): { readonly next: InteriorPoint; readonly objective: number; readonly gap: number } => {
  const { rows, size, weights, penalties } = design
  const { coefficients, above, below, dual } = point
  const slackAbove = dual.map((value, i) => weights[i]! * sides.above - value)
  const slackBelow = dual.map((value, i) => weights[i]! * sides.below + value)
  const missing = residuals(design, coefficients).map((r, i) => r - above[i]! + below[i]!)
  const unbalanced = transposed(design, dual).map((value, j) => value - penalties[j]! * coefficients[j]!)
  const spread = dual.map((_, i) => above[i]! / slackAbove[i]! + below[i]! / slackBelow[i]!)
  const gram = gramOf(rows, size, (row, block, at) => {
    const root = Math.sqrt(1 / spread[row]!)
    for (let j = 0; j < size; j++) block[at + j] = design.dense[row * design.stride + j]! * root
  })
  let largest = 0
  for (let j = 0; j < size; j++) largest = Math.max(largest, gram[j * size + j]!)
  for (let j = 0; j < size; j++) gram[j * size + j]! += penalties[j]! + diagonalShare * largest + Number.MIN_VALUE
  const factor = choleskyFactor(gram, size, 0)
  // The Newton step for given products above x slackAbove and below x slackBelow.
  const solve = (wantAbove: Float64Array, wantBelow: Float64Array): InteriorPoint => {
    const pull = missing.map((value, i) => value - wantAbove[i]! / slackAbove[i]! + wantBelow[i]! / slackBelow[i]!)
    const weighted = transposed(
      design,
      pull.map((value, i) => value / spread[i]!),
    )
    const right = unbalanced.map((value, j) => value + weighted[j]!)
    const move = factor === undefined ? new Float64Array(size) : solveFactored(factor, right)
    const moved = products(design, move)
    const dualMove = pull.map((value, i) => (value - moved[i]!) / spread[i]!)
    return {
      coefficients: move,
      above: dualMove.map((value, i) => (wantAbove[i]! + above[i]! * value) / slackAbove[i]!),
      below: dualMove.map((value, i) => (wantBelow[i]! - below[i]! * value) / slackBelow[i]!),
      dual: dualMove,
    }
  }
  const lengths = (move: InteriorPoint): { readonly primal: number; readonly dual: number } => {
    const primal = Math.min(longest(above, move.above, 1), longest(below, move.below, 1))
    const dualLength = Math.min(longest(slackAbove, move.dual, -1), longest(slackBelow, move.dual, 1))
    // A penalty ties the coefficients to the dual: then both take one length.
    const both = Math.min(primal, dualLength)
    return penalties.some((penalty) => penalty > 0) ? { primal: both, dual: both } : { primal, dual: dualLength }
  }
  const productsAbove = above.map((value, i) => value * slackAbove[i]!)
  const productsBelow = below.map((value, i) => value * slackBelow[i]!)
  const gap = total(productsAbove) + total(productsBelow)
  const predicted = solve(
    productsAbove.map((value) => -value),
    productsBelow.map((value) => -value),
  )
  const reach = lengths(predicted)
  let left = 0
  for (let i = 0; i < rows; i++) {
    const nextDual = reach.dual * predicted.dual[i]!
    left += (above[i]! + reach.primal * predicted.above[i]!) * (slackAbove[i]! - nextDual)
    left += (below[i]! + reach.primal * predicted.below[i]!) * (slackBelow[i]! + nextDual)
  }
  // Mehrotra's centring: the cube of what the predictor leaves of the gap.
  const centre = ((left / gap) ** 3 * gap) / (2 * rows)
  const move = solve(
    productsAbove.map((value, i) => centre - value + predicted.above[i]! * predicted.dual[i]!),
    productsBelow.map((value, i) => centre - value - predicted.below[i]! * predicted.dual[i]!),
  )
  const length = lengths(move)
  const along = (from: Float64Array, by: Float64Array, share: number): Float64Array =>
    from.map((value, i) => value + share * by[i]!)
  return {
    next: {
      coefficients: along(coefficients, move.coefficients, length.primal),
      above: along(above, move.above, length.primal),
      below: along(below, move.below, length.primal),
      dual: along(dual, move.dual, length.dual),
    },
    objective: objectiveAt(design, sides, coefficients),
    gap,
  }
}

const objectiveAt = (design: Design, { above, below }: Sides, coefficients: Float64Array): number => {
  let sum = 0
  residuals(design, coefficients).forEach((r, i) => {
    sum += design.weights[i]! * (r > 0 ? above * r : -below * r)
  })
  for (let j = 0; j < design.size; j++) sum += (design.penalties[j]! * coefficients[j]! ** 2) / 2
  return sum
}

/** The longest share of a move, at most 1, that keeps all values positive. */
const longest = (values: Float64Array, move: Float64Array, sign: 1 | -1): number => {
  let share = 1
  for (let i = 0; i < values.length; i++) {
    const by = sign * move[i]!
    if (by < 0) share = Math.min(share, (-stepShare * values[i]!) / by)
  }
  return share
}

const products = ({ rows, dense, stride, size }: Design, coefficients: Float64Array): Float64Array => {
  const sums = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = 0; j < size; j++) sum += dense[i * stride + j]! * coefficients[j]!
    sums[i] = sum
  }
  return sums
}

const residuals = (design: Design, coefficients: Float64Array): Float64Array =>
  products(design, coefficients).map((margin, i) => design.y[i]! - margin)

const transposed = ({ rows, dense, stride, size }: Design, values: Float64Array): Float64Array => {
  const sums = new Float64Array(size)
  for (let i = 0; i < rows; i++) {
    const value = values[i]!
    for (let j = 0; j < size; j++) sums[j]! += value * dense[i * stride + j]!
  }
  return sums
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
