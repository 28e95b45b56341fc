import type { Matrix } from '../estimators/estimator.ts'
import { goesLeft, leafOf } from '../estimators/trees/tree.ts'
import type { ExplainTree } from './explain-tree.ts'

/** Rows that absent columns are taken from; weights of sum 1. */
export type BackgroundRows = { readonly X: Matrix; readonly weights: Float64Array }

/** Which column each feature belongs to; a column's features are present or absent together. */
export type Players = { readonly columns: number; readonly columnOf: Int32Array }

/**
 * Interventional Shapley values of trees [rows, columns]: an absent column has a background row's values. Exact. Lundberg
 * et al. (2020), "independent" tree SHAP, with columns for features: a leaf that x reaches where the columns of a set P
 * are present, and those of a set A absent, is a game of its own, whose values are
 * (p - 1)! a! / (p + a)! for each of the p in P, and -p! (a - 1)! / (p + a)! for each of the a in A.
 */
export const interventionalValues = (
  trees: readonly ExplainTree[],
  X: Matrix,
  { X: background, weights }: BackgroundRows,
  players: Players,
): Float64Array => {
  const phi = new Float64Array(X.rows * players.columns)
  walkAll(trees, X, background, players, (walk, own, theirs, other, row) =>
    walk.values(own, theirs, other * own.length, weights[other]!, phi, row * players.columns),
  )
  return phi
}

/** The Shapley interaction index of each two columns, half of it on either side [rows, columns, columns]; the diagonal is 0. */
export const interventionalInteractions = (
  trees: readonly ExplainTree[],
  X: Matrix,
  { X: background, weights }: BackgroundRows,
  players: Players,
): Float64Array => {
  const size = players.columns ** 2
  const pairs = new Float64Array(X.rows * size)
  walkAll(trees, X, background, players, (walk, own, theirs, other, row) =>
    walk.pairs(own, theirs, other * own.length, weights[other]!, pairs, row * size),
  )
  return pairs
}

/** Each tree with the sides that each row and each background row take at its nodes; the latter's all in `theirs`. */
const walkAll = (
  trees: readonly ExplainTree[],
  X: Matrix,
  background: Matrix,
  players: Players,
  visit: (walk: ReturnType<typeof walker>, own: Uint8Array, theirs: Uint8Array, other: number, row: number) => void,
): void => {
  for (const tree of trees) {
    if (tree.feature.length === 0) continue
    const walk = walker(tree, players)
    const theirs = sidesOfRows(tree, background)
    const own = new Uint8Array(tree.feature.length)
    for (let row = 0; row < X.rows; row++) {
      fillSides(tree, X.values, row * X.columns, own, 0)
      for (let other = 0; other < background.rows; other++) visit(walk, own, theirs, other, row)
    }
  }
}

/** The sum of trees for each row. */
export const treesSums = (trees: readonly ExplainTree[], { rows, columns, values }: Matrix): Float64Array => {
  const sums = new Float64Array(rows)
  for (const tree of trees)
    for (let row = 0; row < rows; row++) sums[row]! += tree.value[leafOf(tree, values, row * columns)]!
  return sums
}

/** 1 where a row goes left, for each node. */
const fillSides = (tree: ExplainTree, values: Float64Array, start: number, into: Uint8Array, at: number): void => {
  for (let node = 0; node < tree.feature.length; node++)
    into[at + node] = goesLeft(tree, node, values[start + tree.feature[node]!]!) ? 1 : 0
}

const sidesOfRows = (tree: ExplainTree, { rows, columns, values }: Matrix): Uint8Array => {
  const nodes = tree.feature.length
  const sides = new Uint8Array(rows * nodes)
  for (let row = 0; row < rows; row++) fillSides(tree, values, row * columns, sides, row * nodes)
  return sides
}

const depthOf = ({ left, right }: ExplainTree): number => {
  const below = (node: number): number => (node < 0 ? 0 : 1 + Math.max(below(left[node]!), below(right[node]!)))
  return below(0)
}

/** p! a! / (p + a + 1)!, the weight of one more column that is present, p others and a absent ones; [size, size]. */
const weightTable = (size: number): Float64Array => {
  const table = new Float64Array(size * size)
  for (let p = 0; p < size; p++) {
    // p! 0! / (p + 1)!, and from one absent column to the next (a + 1) / (p + a + 2).
    table[p * size] = 1 / (p + 1)
    for (let a = 0; a + 1 < size; a++) table[p * size + a + 1] = (table[p * size + a]! * (a + 1)) / (p + a + 2)
  }
  return table
}

const [undecided, present, absent] = [0, 1, 2]

const walker = (tree: ExplainTree, { columns, columnOf }: Players) => {
  const { feature, left, right, value } = tree
  const size = Math.min(columns, depthOf(tree)) + 1
  const table = weightTable(size)
  const player = Int32Array.from(feature, (own) => columnOf[own]!)
  /** What is decided of each column on the way to the node. */
  const state = new Uint8Array(columns)
  const way = new Int32Array(size)
  let length = 0

  let own: Uint8Array = state
  let theirs: Uint8Array = state
  let from = 0
  let weight = 0
  let into: Float64Array = table
  let to = 0
  // Sums over the leaves below the node that was visited last: of a present column's values, and of an absent one's.
  let gains = 0
  let losses = 0

  const visit = (node: number, p: number, a: number): void => {
    if (node < 0) {
      const leaf = weight * value[~node]!
      gains = p === 0 ? 0 : leaf * table[(p - 1) * size + a]!
      losses = a === 0 ? 0 : leaf * table[p * size + a - 1]!
      return
    }
    const mine = own[node]!
    const other = theirs[from + node]!
    const column = player[node]!
    const decided = state[column]!
    if (mine === other || decided !== undecided) {
      const side = decided === absent ? other : mine
      visit(side === 1 ? left[node]! : right[node]!, p, a)
      return
    }
    state[column] = present
    visit(mine === 1 ? left[node]! : right[node]!, p + 1, a)
    const gainsThere = gains
    const lossesThere = losses
    state[column] = absent
    visit(other === 1 ? left[node]! : right[node]!, p, a + 1)
    state[column] = undecided
    into[to + column]! += gainsThere - losses
    gains += gainsThere
    losses += lossesThere
  }

  /** p columns of the way present, a absent: of two present ones +(p-2)! a!, absent ones +p! (a-2)!, else -(p-1)! (a-1)!, all / (p+a-1)!. */
  const atLeaf = (leaf: number, p: number, a: number): void => {
    for (let i = 0; i < length; i++)
      for (let j = i + 1; j < length; j++) {
        const [first, second] = [way[i]!, way[j]!]
        const both = state[first]! === state[second]!
        const gone = (state[first] === absent ? 1 : 0) + (state[second] === absent ? 1 : 0)
        const size2 = (p - 2 + gone) * size + a - gone
        const half = ((both ? 1 : -1) * leaf * table[size2]!) / 2
        into[to + first * columns + second]! += half
        into[to + second * columns + first]! += half
      }
  }
  const visitPairs = (node: number, p: number, a: number): void => {
    if (node < 0) {
      atLeaf(weight * value[~node]!, p, a)
      return
    }
    const mine = own[node]!
    const other = theirs[from + node]!
    const column = player[node]!
    const decided = state[column]!
    if (mine === other || decided !== undecided) {
      visitPairs((decided === absent ? other : mine) === 1 ? left[node]! : right[node]!, p, a)
      return
    }
    way[length++] = column
    state[column] = present
    visitPairs(mine === 1 ? left[node]! : right[node]!, p + 1, a)
    state[column] = absent
    visitPairs(other === 1 ? left[node]! : right[node]!, p, a + 1)
    state[column] = undecided
    length -= 1
  }

  const starting =
    (go: typeof visit) =>
    (mine: Uint8Array, others: Uint8Array, at: number, share: number, phi: Float64Array, place: number): void => {
      ;[own, theirs, from, weight, into, to] = [mine, others, at, share, phi, place]
      go(0, 0, 0)
    }
  return { values: starting(visit), pairs: starting(visitPairs) }
}
