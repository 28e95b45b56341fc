import type { Design } from './design.ts'
import type { Objective } from './lbfgs.ts'
import type { Loss } from './losses/loss.ts'
import { addTerms, termsMargin } from './terms.ts'

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
  return (point, gradient) => {
    gradient.fill(0)
    let loss = 0
    for (let i = 0; i < rows; i++) {
      const from = i * stride
      for (let k = 0; k < outputs; k++) {
        const at = k * size
        let margin = 0
        for (let j = 0; j < stride; j++) margin += dense[from + j]! * point[at + j]!
        margins[k] = sparse === undefined ? margin : margin + termsMargin(sparse, i, point, at + stride)
      }
      loss += weights[i]! * rowLoss(margins, y[i]!, i)
      for (let k = 0; k < outputs; k++) {
        const at = k * size
        const slope = weights[i]! * margins[k]!
        for (let j = 0; j < stride; j++) gradient[at + j]! += slope * dense[from + j]!
        if (sparse !== undefined) addTerms(sparse, i, slope, gradient, at + stride)
      }
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
