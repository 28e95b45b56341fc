import type { Features, Matrix } from '../estimator.ts'
import { columnsOf, copyRows } from './table.ts'
import { leafOf, type TreeModel, type WalkedTree, walked } from './tree.ts'

/** Rows that are laid out at once; with 100 features 800 KB. */
const blockRows = 1024

/** Sums of the trees [n, outputs], without the base, times `scale`. */
export const treeSums = ({ trees, levels, base }: TreeModel, X: Features): Matrix => {
  const outputs = base.length
  const width = columnsOf(X)
  const values = new Float64Array(X.rows * outputs)
  const ready: readonly WalkedTree[] = trees.map((tree) => walked(tree, levels))
  const block = new Float64Array(Math.min(blockRows, X.rows) * width)
  for (let first = 0; first < X.rows; first += blockRows) {
    const last = Math.min(X.rows, first + blockRows)
    copyRows(X, first, last, block)
    ready.forEach((tree, number) => {
      const k = number % outputs
      for (let i = first; i < last; i++) {
        values[i * outputs + k]! += tree.value[leafOf(tree, block, (i - first) * width)]!
      }
    })
  }
  return { rows: X.rows, columns: outputs, values }
}

/** base + the trees' sums. */
export const boostedMargins = (model: TreeModel, X: Features): Matrix => {
  const sums = treeSums(model, X)
  const outputs = model.base.length
  return { ...sums, values: sums.values.map((sum, at) => sum + model.base[at % outputs]!) }
}
