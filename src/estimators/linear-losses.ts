import { type Design, designOf } from './design.ts'
import type { LabelledData } from './estimator.ts'
import type { Sides } from './interior-point.ts'
import type { Objective } from './lbfgs.ts'
import type { Loss } from './losses/loss.ts'
import { poisson } from './losses/poisson.ts'
import { squared } from './losses/squared.ts'
import { weightedMean } from './losses/weighted.ts'
import { rowLossOf, rowsObjective } from './rows-objective.ts'
import { featureCount } from './training-data.ts'

export type LinearLoss = {
  readonly loss: 'squared' | 'absolute' | 'huber' | 'quantile' | 'poisson'
  readonly epsilon: number
  readonly quantile: number
  readonly ridge: number
  readonly intercept: boolean
}

/** A convex problem in standardised columns and targets, and the way back. */
export type Problem = {
  readonly design: Design
  /** Coefficients of the standardised problem -> of the data as they came, the intercept last. */
  readonly unscaled: (point: Float64Array) => Float64Array
} & (
  | { readonly kind: 'smooth'; readonly objective: Objective; readonly origin: Float64Array }
  | { readonly kind: 'corners'; readonly sides: Sides }
)

/** Columns up to which corners are met exactly: the Gram matrix of an interior point costs their square. */
const mostCornerColumns = 500
/** Where corners are rounded off, in standard deviations of the target. */
const roundedWidth = 1e-3

/** The problem of a loss. Targets get mean 0 and deviation 1, counts mean 1; the ridge is carried over. */
export const linearProblem = (chosen: LinearLoss, data: LabelledData): Problem => {
  const { loss, ridge, intercept } = chosen
  if (loss === 'poisson') return countProblem(chosen, data)
  const shift = intercept ? weightedMean(data.y, data.weights) : 0
  const scale =
    Math.sqrt(
      weightedMean(
        data.y.map((y) => (y - shift) ** 2),
        data.weights,
      ),
    ) || 1
  const scaled = { ...data, y: data.y.map((y) => (y - shift) / scale) }
  // Squares and the ridge both grow with the square of the scale, distances only with the scale.
  const design = designOf(scaled, loss === 'squared' ? ridge : ridge * scale, intercept)
  const unscaled = (point: Float64Array): Float64Array => {
    const theta = design.unscaled(point.subarray(0, design.size)).map((value) => value * scale)
    theta[theta.length - 1]! += shift
    return theta
  }
  const smooth = (objective: Objective, extra = 0): Problem => ({
    ...{ kind: 'smooth', design, unscaled, objective, origin: new Float64Array(design.size + extra) },
  })
  if (loss === 'squared') return smooth(rowsObjective(design, 1, rowLossOf(squared)))
  if (loss === 'huber') return smooth(huberObjective(design, chosen.epsilon), 1)
  const sides = loss === 'absolute' ? { above: 1, below: 1 } : { above: chosen.quantile, below: 1 - chosen.quantile }
  const exact = data.X.sparse === undefined && featureCount(data.X) <= mostCornerColumns
  return exact
    ? { kind: 'corners', design, unscaled, sides }
    : smooth(rowsObjective(design, 1, rowLossOf(rounded(sides))))
}

const countProblem = ({ ridge, intercept }: LinearLoss, data: LabelledData): Problem => {
  const mean = weightedMean(data.y, data.weights)
  // Without an intercept there is nothing to take up the logarithm of the mean; without a count, no logarithm.
  const scale = intercept && mean > 0 ? mean : 1
  const design = designOf({ ...data, y: data.y.map((y) => y / scale) }, ridge / scale, intercept)
  const unscaled = (point: Float64Array): Float64Array => {
    const theta = design.unscaled(point)
    if (intercept) theta[theta.length - 1]! += Math.log(scale)
    return theta
  }
  const objective = rowsObjective(design, 1, rowLossOf(poisson))
  return { kind: 'smooth', design, unscaled, objective, origin: new Float64Array(design.size) }
}

/**
 * Huber's regression with its own scale s, the last element of the point as a logarithm: the mean of
 * (s + s H(r / s)) / 2, H(z) = z^2 up to epsilon, 2 epsilon |z| - epsilon^2 beyond. Owen 2007, as in scikit-learn.
 */
const huberObjective = (design: Design, epsilon: number): Objective => {
  let scale = 1
  let byScale = 0
  const objective = rowsObjective(design, 1, (margins, y, row) => {
    const z = (margins[0]! - y) / scale
    const inside = Math.abs(z) <= epsilon
    margins[0] = Math.max(-epsilon, Math.min(epsilon, z))
    byScale -= design.weights[row]! * (margins[0] ** 2 / 2)
    return inside ? (scale * z ** 2) / 2 : scale * epsilon * (Math.abs(z) - epsilon / 2)
  })
  return async (point, gradient) => {
    scale = Math.exp(point[design.size]!)
    byScale = 0
    const slopes = gradient.subarray(0, design.size)
    const value = await objective(point.subarray(0, design.size), slopes)
    gradient[design.size] = scale * (0.5 + byScale / design.totalWeight)
    return value + scale / 2
  }
}

/** The two slopes with a parabola between them. */
const rounded = ({ above, below }: Sides): Pick<Loss, 'value' | 'gradient'> => {
  const low = -above * roundedWidth
  const high = below * roundedWidth
  return {
    value: (m, y) => {
      const r = m - y
      if (r < low) return -above * (r - low / 2)
      return r > high ? below * (r - high / 2) : r ** 2 / (2 * roundedWidth)
    },
    gradient: (m, y) => Math.max(-above, Math.min(below, (m - y) / roundedWidth)),
  }
}
