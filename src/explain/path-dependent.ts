import type { Matrix } from '../estimators/estimator.ts'
import { goesLeft } from '../estimators/trees/tree.ts'
import type { ExplainTree } from './explain-tree.ts'

/** Sums of several raw columns' features: of feature f the column columnOf[f]. */
export type Grouping = { readonly columns: number; readonly columnOf: Int32Array }

/**
 * Path-dependent Shapley values of trees [rows, features]: an absent feature sends a row down both sides of its node, in
 * the shares of the train rows that went there. Lundberg et al. (2018), algorithm 2, leaf by leaf.
 */
export const pathDependentValues = (trees: readonly ExplainTree[], X: Matrix): Float64Array => {
  const { rows, columns, values } = X
  const phi = new Float64Array(rows * columns)
  for (const tree of trees) {
    if (tree.feature.length === 0) continue
    const walk = walker(tree, rows)
    for (let row = 0; row < rows; row++) walk.values(values, row * columns, phi, row * columns)
  }
  return phi
}

/**
 * The Shapley interaction index of each two columns, half of it on either side [rows, columns, columns]; the diagonal is
 * 0. Of columns with several features it is the sum over their pairs.
 */
export const pathDependentInteractions = (
  trees: readonly ExplainTree[],
  X: Matrix,
  { columns, columnOf }: Grouping,
): Float64Array => {
  const pairs = new Float64Array(X.rows * columns * columns)
  for (const tree of trees) {
    if (tree.feature.length === 0) continue
    const walk = walker(tree, 0)
    for (let row = 0; row < X.rows; row++)
      walk.pairs(X.values, row * X.columns, (i, j, value) => {
        const [a, b] = [columnOf[i]!, columnOf[j]!]
        if (a === b) return
        const from = row * columns * columns
        pairs[from + a * columns + b]! += value / 2
        pairs[from + b * columns + a]! += value / 2
      })
  }
  return pairs
}

/** The sum of what trees answer where every feature is absent: the mean of their leaves by cover. */
export const expectedByCover = (trees: readonly ExplainTree[]): number =>
  trees.reduce((sum, { value, cover }) => {
    const { leaves } = requireCover(cover)
    const all = leaves.reduce((total, rows) => total + rows, 0)
    return sum + value.reduce((mean, leaf, at) => mean + (leaf * leaves[at]!) / all, 0)
  }, 0)

const requireCover = (cover: ExplainTree['cover']): NonNullable<ExplainTree['cover']> => {
  if (cover !== undefined) return cover
  throw new Error('trees: expected the rows of their nodes, got none') // explainRows asks for them only where they are
}

type Pair = (i: number, j: number, value: number) => void

/** The different features on the way to a leaf, and of each the share of rows that pass all its cuts. */
type Way = { readonly features: Int32Array; readonly zeros: Float64Array }

/** The way to each leaf, and of each node the place of its feature on the ways through it. */
const waysOf = ({ feature, left, right }: ExplainTree, leftShare: Float64Array, leaves: number) => {
  const places = new Int32Array(feature.length)
  const ways = new Array<Way>(leaves)
  const features: number[] = []
  const zeros: number[] = []
  const go = (at: number): void => {
    if (at < 0) {
      ways[~at] = { features: Int32Array.from(features), zeros: Float64Array.from(zeros) }
      return
    }
    const own = feature[at]!
    const known = features.indexOf(own)
    const place = known === -1 ? features.push(own) - 1 : known
    const before = known === -1 ? 1 : zeros[place]!
    places[at] = place
    zeros[place] = before * leftShare[at]!
    go(left[at]!)
    zeros[place] = before * (1 - leftShare[at]!)
    go(right[at]!)
    if (known === -1) {
      features.pop()
      zeros.pop()
    } else zeros[place] = before
  }
  go(0)
  return { places, ways }
}

/** Of so many features 2^8 ways to fit them are kept at a leaf: 16 KB. */
const mostKept = 8
/** Of fewer rows few fit a leaf alike. */
const leastRowsKept = 8

/**
 * Walks one tree. A leaf's values follow from which of the features on its way fit the row, `ones`, so they are kept for
 * the rows to come (Yang 2021, version 2). `weights[k]` sums what subsets of k of d features say, times
 * k! (d - k)! / (d + 1)!; Lundberg's extend adds a feature to them, and unwinding takes one out.
 */
const walker = (tree: ExplainTree, rows: number) => {
  const { feature, left, right, value } = tree
  const { nodes, leaves } = requireCover(tree.cover)
  const leftShare = Float64Array.from(feature, (_, node) => {
    const child = left[node]!
    return (child < 0 ? leaves[~child]! : nodes[child]!) / nodes[node]!
  })
  const { places, ways } = waysOf(tree, leftShare, value.length)
  const longest = ways.reduce((most, { features }) => Math.max(most, features.length), 0)
  const weights = new Float64Array(longest + 1)
  const spare = new Float64Array(longest + 1)
  const ones = new Uint8Array(longest)
  const reciprocals = Float64Array.from({ length: longest + 2 }, (_, n) => 1 / n)
  const kept = ways.map(({ features: { length } }) =>
    rows >= leastRowsKept && length <= mostKept ? new Float64Array(2 ** length * length) : undefined,
  )
  const isKept = kept.map((values, leaf) => new Uint8Array(values === undefined ? 0 : 2 ** ways[leaf]!.features.length))

  const weigh = ({ zeros }: Way): void => {
    weights[0] = 1
    for (let d = 1; d <= zeros.length; d++) {
      const zero = zeros[d - 1]!
      const share = reciprocals[d + 1]!
      const fits = ones[d - 1] === 1
      weights[d] = 0
      for (let i = d - 1; i >= 0; i--) {
        const weight = weights[i]! * share
        if (fits) weights[i + 1]! += weight * (i + 1)
        weights[i] = weight * zero * (d - i)
      }
    }
  }
  /** Weights of d features -> those without one of them. */
  const unwind = (d: number, zero: number, one: number, into: Float64Array): void => {
    let next = weights[d]!
    for (let i = d - 1; i >= 0; i--) {
      const weight = weights[i]!
      if (one === 1) {
        const own = next * (d + 1) * reciprocals[i + 1]!
        next = weight - own * zero * (d - i) * reciprocals[d + 1]!
        into[i] = own
      } else into[i] = (weight * (d + 1) * reciprocals[d - i]!) / zero
    }
  }
  /** The sum of the weights without a feature that fits. */
  const fittingSum = (from: Float64Array, d: number, zero: number): number => {
    let next = from[d]!
    let sum = 0
    for (let i = d - 1; i >= 0; i--) {
      const own = next * reciprocals[i + 1]!
      sum += own
      next = from[i]! - own * zero * (d - i)
    }
    return sum * (d + 1)
  }
  /** The same without one that does not, times its share: of all of these the same (Yang 2021, version 1). */
  const otherSum = (from: Float64Array, d: number): number => {
    let sum = 0
    for (let i = d - 1; i >= 0; i--) sum += from[i]! * reciprocals[d - i]!
    return sum * (d + 1)
  }
  const fillValues = (way: Way, leaf: number, into: Float64Array, at: number): void => {
    const d = way.zeros.length
    weigh(way)
    const other = -otherSum(weights, d) * leaf
    for (let i = 0; i < d; i++) {
      const zero = way.zeros[i]!
      into[at + i] = ones[i] === 1 ? fittingSum(weights, d, zero) * (1 - zero) * leaf : other
    }
  }

  let row: Float64Array = spare
  let start = 0
  let phi: Float64Array = spare
  let to = 0
  let pair: Pair | undefined

  const addValues = (leaf: number, fitting: number): void => {
    const way = ways[leaf]!
    const { features } = way
    const d = features.length
    const own = kept[leaf]
    let from = 0
    let values = spare
    if (own === undefined) fillValues(way, value[leaf]!, spare, 0)
    else {
      values = own
      // Bits beyond the way's features are 1 as well.
      const mask = fitting & (2 ** d - 1)
      from = mask * d
      if (isKept[leaf]![mask] === 0) {
        fillValues(way, value[leaf]!, own, from)
        isKept[leaf]![mask] = 1
      }
    }
    for (let i = 0; i < d; i++) phi[to + features[i]!]! += values[from + i]!
  }
  const takePairs = (leaf: number, take: Pair): void => {
    const way = ways[leaf]!
    const { features, zeros } = way
    const d = features.length
    weigh(way)
    for (let i = 0; i + 1 < d; i++) {
      unwind(d, zeros[i]!, ones[i]!, spare)
      const own = (ones[i]! - zeros[i]!) * value[leaf]!
      const other = -otherSum(spare, d - 1) * own
      for (let j = i + 1; j < d; j++) {
        const zero = zeros[j]!
        take(features[i]!, features[j]!, ones[j] === 1 ? fittingSum(spare, d - 1, zero) * (1 - zero) * own : other)
      }
    }
  }
  /** Bit k: the k-th feature on the way fits. Of ways longer than are kept it says nothing. */
  const visit = (node: number, fitting: number): void => {
    if (node < 0) {
      if (pair === undefined) addValues(~node, fitting)
      else takePairs(~node, pair)
      return
    }
    const place = places[node]!
    const before = ones[place]!
    const toLeft = goesLeft(tree, node, row[start + feature[node]!]!)
    const without = fitting & ~(1 << place)
    // Of a feature that comes for the first time everything fits so far.
    ones[place] = toLeft ? before : 0
    visit(left[node]!, toLeft ? fitting : without)
    ones[place] = toLeft ? 0 : before
    visit(right[node]!, toLeft ? without : fitting)
    ones[place] = before
  }
  const begin = (): void => {
    ones.fill(1)
    visit(0, -1)
  }

  return {
    values: (values: Float64Array, from: number, into: Float64Array, at: number): void => {
      ;[row, start, phi, to, pair] = [values, from, into, at, undefined]
      begin()
    },
    pairs: (values: Float64Array, from: number, take: Pair): void => {
      ;[row, start, pair] = [values, from, take]
      begin()
    },
  }
}
