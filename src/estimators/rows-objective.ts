import type { Design } from './design.ts'
import type { Objective } from './lbfgs.ts'
import type { Loss } from './losses/loss.ts'

/** The loss of a row from its margins [outputs], which become their own derivatives. */
export type RowLoss = (margins: Float64Array, y: number, row: number) => number

export const rowLossOf =
  ({ value, gradient }: Pick<Loss, 'value' | 'gradient'>): RowLoss =>
  (margins, y) => {
    const m = margins[0]!
    margins[0] = gradient(m, y)
    return value(m, y)
  }

/**
 * Mean weighted loss and penalty of a point [outputs][size], row by row; terms cost only what is not zero.
 * Penalties are shared by all rows: (sum of losses + penalties b^2 / 2) / total weight.
 */
export const rowsObjective = (design: Design, outputs: number, rowLoss: RowLoss): Objective => {
  const { rows, dense, stride, sparse, size, y, weights, totalWeight } = design
  const margins = new Float64Array(outputs)
  // Term by term [terms][outputs]: one place in memory for all outputs of a term.
  const terms = size - stride
  const termPoint = new Float64Array(terms * outputs)
  const termGradient = new Float64Array(terms * outputs)
  return (point, gradient) => {
    gradient.fill(0)
    termGradient.fill(0)
    for (let k = 0; k < outputs; k++) {
      for (let t = 0; t < terms; t++) termPoint[t * outputs + k] = point[k * size + stride + t]!
    }
    let loss = 0
    for (let i = 0; i < rows; i++) {
      const from = i * stride
      for (let k = 0; k < outputs; k++) {
        const at = k * size
        let margin = 0
        for (let j = 0; j < stride; j++) margin += dense[from + j]! * point[at + j]!
        margins[k] = margin
      }
      if (sparse !== undefined) addTermMargins(sparse, i, termPoint, margins)
      loss += weights[i]! * rowLoss(margins, y[i]!, i)
      for (let k = 0; k < outputs; k++) {
        margins[k]! *= weights[i]!
        const at = k * size
        const slope = margins[k]!
        for (let j = 0; j < stride; j++) gradient[at + j]! += slope * dense[from + j]!
      }
      if (sparse !== undefined) addTermSlopes(sparse, i, margins, termGradient)
    }
    for (let k = 0; k < outputs; k++) {
      for (let t = 0; t < terms; t++) gradient[k * size + stride + t] = termGradient[t * outputs + k]!
    }
    for (let at = 0; at < gradient.length; at++) gradient[at]! /= totalWeight
    return loss / totalWeight + addPenalty(design, point, gradient)
  }
}

/** The penalty's part of the mean objective; adds its gradient. */
export const addPenalty = (
  { penalties, size, totalWeight }: Design,
  point: Float64Array,
  gradient: Float64Array,
): number => {
  let value = 0
  for (let from = 0; from < point.length; from += size) {
    for (let j = 0; j < size; j++) {
      const slope = (penalties[j]! * point[from + j]!) / totalWeight
      value += (slope * point[from + j]!) / 2
      gradient[from + j]! += slope
    }
  }
  return value
}

type Terms = NonNullable<Design['sparse']>

/** Adds a row's terms times their coefficients [terms][outputs] to its margins. */
const addTermMargins = (
  { starts, places, values }: Terms,
  row: number,
  coefficients: Float64Array,
  margins: Float64Array,
): void => {
  const outputs = margins.length
  for (let at = starts[row]!; at < starts[row + 1]!; at++) {
    const value = values[at]!
    const from = places[at]! * outputs
    for (let k = 0; k < outputs; k++) margins[k]! += value * coefficients[from + k]!
  }
}

const addTermSlopes = (
  { starts, places, values }: Terms,
  row: number,
  slopes: Float64Array,
  gradient: Float64Array,
): void => {
  const outputs = slopes.length
  for (let at = starts[row]!; at < starts[row + 1]!; at++) {
    const value = values[at]!
    const from = places[at]! * outputs
    for (let k = 0; k < outputs; k++) gradient[from + k]! += value * slopes[k]!
  }
}
