import { type Tree, type TreeModel, walked } from '../estimators/trees/tree.ts'
import type { ExplainTree } from './explain-tree.ts'

/** The trees of each output of our models, with the rows that came to each node. */
export const modelTrees = ({ trees, levels, base }: TreeModel): readonly (readonly ExplainTree[])[] =>
  base.map((_, output) =>
    trees
      .filter((_, number) => number % base.length === output)
      .map((tree) => ({ ...walked(tree, levels), cover: coverOf(tree) })),
  )

/** Rows of a node are those of the leaves below it. */
const coverOf = ({ feature, left, right, rows }: Tree): NonNullable<ExplainTree['cover']> => {
  const nodes = new Float64Array(feature.length)
  const below = (at: number): number => (at < 0 ? rows[~at]! : nodes[at]!)
  for (const node of childrenFirst(left, right)) nodes[node] = below(left[node]!) + below(right[node]!)
  return { nodes, leaves: Float64Array.from(rows) }
}

/** Inner nodes, each behind those below it. */
const childrenFirst = (left: readonly number[], right: readonly number[]): readonly number[] => {
  const order: number[] = left.length === 0 ? [] : [0]
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    for (const child of [left[node]!, right[node]!]) if (child >= 0) order.push(child)
  }
  return order.reverse()
}
