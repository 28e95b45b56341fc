/**
 * One tree, plain JSON. Inner nodes by number, node 0 the root; `left` and `right` are nodes, or below 0 leaves: ~leaf.
 * A row goes left where its feature's value is at most the threshold, or a level of the set; else, missing ones where
 * `missingLeft` is 0, it goes right. No inner node: the one leaf 0.
 */
export type Tree = {
  readonly feature: readonly number[]
  /** For a feature with levels the place of the node's set. */
  readonly threshold: readonly number[]
  readonly missingLeft: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** Level numbers. Missing and unknown ones are in none. */
  readonly sets: readonly (readonly number[])[]
  /** Leaves: what they add, and how many rows fell into them. */
  readonly value: readonly number[]
  readonly rows: readonly number[]
}

/** Margins are base[k] + scale x the sum of the trees of output k, which are numbers k, k + outputs... Plain JSON. */
export type TreeModel = {
  readonly columns: number
  readonly levels: readonly number[]
  readonly base: readonly number[]
  readonly trees: readonly Tree[]
}

/** A threshold that lies above every number: only missing values go right. */
export const everyNumber = Number.MAX_VALUE

/**
 * A tree laid out to walk through. Inner nodes by number, node 0 the root; `left` and `right` are nodes, or below 0 leaves:
 * ~leaf. A row goes left where its feature is at most the threshold, or a member of the set; missing ones where
 * `missingLeft` is 1. No inner node: the one leaf 0.
 */
export type WalkedTree = {
  readonly feature: Int32Array
  readonly threshold: Float64Array
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** For each node the levels of its set, or undefined for a threshold. */
  readonly sets: readonly (Uint8Array | undefined)[]
  readonly value: Float64Array
}

export const walked = (tree: Tree, levels: readonly number[]): WalkedTree => ({
  feature: Int32Array.from(tree.feature),
  threshold: Float64Array.from(tree.threshold),
  missingLeft: Uint8Array.from(tree.missingLeft),
  left: Int32Array.from(tree.left),
  right: Int32Array.from(tree.right),
  sets: tree.feature.map((feature, node) => {
    if (levels[feature] === 0) return undefined
    const members = new Uint8Array(levels[feature]!)
    for (const level of tree.sets[tree.threshold[node]!]!) members[level] = 1
    return members
  }),
  value: Float64Array.from(tree.value),
})

/** Whether a value goes left at a node. */
export const goesLeft = (tree: WalkedTree, node: number, value: number): boolean => {
  if (Number.isNaN(value)) return tree.missingLeft[node] === 1
  const set = tree.sets[node]
  return set === undefined ? value <= tree.threshold[node]! : set[value] === 1
}

/** The leaf of the row whose features begin at `start`. */
export const leafOf = (tree: WalkedTree, values: Float64Array, start: number): number => {
  if (tree.feature.length === 0) return 0
  let node = 0
  while (node >= 0)
    node = goesLeft(tree, node, values[start + tree.feature[node]!]!) ? tree.left[node]! : tree.right[node]!
  return ~node
}
