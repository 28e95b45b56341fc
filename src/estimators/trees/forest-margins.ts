import type { Features, Matrix } from '../estimator.ts'
import { treeSums } from './model.ts'
import type { TreeModel } from './tree.ts'

/** `classes` is 0 for regression. */
export type ForestModel = TreeModel & { readonly classes: number }

/** Trees of each output. */
export const treesEach = ({ trees, base }: TreeModel): number => trees.length / base.length

/** All trees may agree; the least share told apart from none is half a tree's. */
export const leastShare = (model: TreeModel): number => 0.5 / treesEach(model)

/** Values, log odds of the second of two classes, or the logarithm of each class's share [n, outputs]. */
export const forestMargins = (model: ForestModel, X: Features): Matrix => shareMargins(model, averages(model, X))

/** Averages of the trees and the base [n, outputs]. */
const averages = (model: ForestModel, X: Features): Matrix => {
  const sums = treeSums(model, X)
  const each = treesEach(model)
  return { ...sums, values: sums.values.map((sum, at) => sum / each + model.base[at % model.base.length]!) }
}

const shareMargins = (model: ForestModel, means: Matrix): Matrix => {
  if (model.classes === 0) return means
  const least = leastShare(model)
  const margin = model.classes === 2 ? (p: number) => Math.log(p) - Math.log(1 - p) : (p: number) => Math.log(p)
  return { ...means, values: means.values.map((mean) => margin(Math.min(1 - least, Math.max(least, mean)))) }
}
