import type { ExplainTree } from './explain-tree.ts'

/** How a node sends a row: `truly` and `falsely` are nodes of the table, or below 0 leaves. */
export type TableNode = {
  readonly feature: number
  readonly mode: string
  readonly threshold: number
  readonly members?: readonly number[]
  readonly missingTrue: boolean
  readonly truly: number
  readonly falsely: number
}

/** All trees of a node: what each leaf adds to each score, and where each tree begins: a node, or below 0 a leaf. */
export type Table = {
  readonly nodes: readonly TableNode[]
  readonly roots: readonly number[]
  /** [leaves][pairs of score and weight] */
  readonly leaves: readonly (readonly (readonly [score: number, weight: number])[])[]
  readonly scores: number
}

// A hostile file may ask for more memory than it has bytes.
const mostMember = 4096
/** Trees are walked down by calls of calls. */
const mostDepth = 1000
export const mostSetBytes = 64 * 2 ** 20

type Shape = Omit<ExplainTree, 'value' | 'cover'> & { readonly leaves: readonly number[] }

/** A node or leaf to come, and where its number goes. */
type Open = { readonly at: number; readonly depth: number; readonly put: (place: number) => void }

/** A tree's nodes and leaves from its root on, numbered anew. Undefined where one is met twice, or is none. */
export const treeOfTable = (
  { nodes, leaves }: Table,
  root: number,
  seen: Set<number>,
  budget: { setBytes: number },
): Shape | undefined => {
  const own: { readonly node: Placed; left: number; right: number }[] = []
  const ends: number[] = []
  const open: Open[] = [{ at: root, depth: 0, put: () => undefined }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, depth, put } = next
    // Version 5 may point to one leaf from both sides: a tree of one leaf has a node all the same.
    if (at < 0 && leaves[~at] !== undefined) {
      put(~(ends.push(~at) - 1))
      continue
    }
    const placed = nodes[at] && placedNode(nodes[at])
    if (placed === undefined || seen.has(at) || depth > mostDepth) return undefined
    seen.add(at)
    budget.setBytes -= placed.set?.length ?? 0
    if (budget.setBytes < 0) return undefined
    const entry = { node: placed, left: 0, right: 0 }
    put(own.push(entry) - 1)
    open.push(
      { at: placed.right, depth: depth + 1, put: (place) => (entry.right = place) },
      { at: placed.left, depth: depth + 1, put: (place) => (entry.left = place) },
    )
  }
  return {
    feature: Int32Array.from(own, ({ node }) => node.feature),
    threshold: Float64Array.from(own, ({ node }) => node.threshold),
    missingLeft: Uint8Array.from(own, ({ node }) => (node.missingLeft ? 1 : 0)),
    left: Int32Array.from(own, ({ left }) => left),
    right: Int32Array.from(own, ({ right }) => right),
    sets: own.map(({ node }) => node.set),
    leaves: ends,
  }
}

/** A node as ours are: left where at most the threshold, or in the set. */
type Placed = {
  readonly feature: number
  readonly threshold: number
  readonly set: Uint8Array | undefined
  readonly missingLeft: boolean
  readonly left: number
  readonly right: number
}

/** Comparisons with NaN are false but for NEQ; `missingTrue` makes them true. */
const placedNode = (node: TableNode): Placed | undefined => {
  const { feature, mode, threshold, missingTrue, truly, falsely } = node
  if (!(Number.isInteger(feature) && feature >= 0)) return undefined
  const straight = { feature, missingLeft: missingTrue, left: truly, right: falsely }
  const turned = { feature, missingLeft: !missingTrue, left: falsely, right: truly }
  switch (mode) {
    case 'LEQ':
      return { ...straight, threshold, set: undefined }
    case 'LT':
      return { ...straight, threshold: numberBelow(threshold), set: undefined }
    case 'GT':
      return { ...turned, threshold, set: undefined }
    case 'GTE':
      return { ...turned, threshold: numberBelow(threshold), set: undefined }
    case 'EQ':
      return withSet(straight, [threshold])
    case 'NEQ':
      return withSet({ ...turned, missingLeft: false }, [threshold])
    case 'MEMBER':
      return withSet(straight, node.members ?? [])
    default:
      return undefined
  }
}

const withSet = (node: Omit<Placed, 'threshold' | 'set'>, members: readonly number[]): Placed | undefined => {
  if (members.some((member) => !(Number.isInteger(member) && member >= 0 && member < mostMember))) return undefined
  const set = new Uint8Array(members.reduce((most, member) => Math.max(most, member), -1) + 1)
  for (const member of members) set[member] = 1
  return { ...node, threshold: 0, set }
}

/** The largest float64 number below x: x' < x where x' is at most this. */
const numberBelow = (x: number): number => {
  if (x === 0) return -Number.MIN_VALUE
  if (!Number.isFinite(x)) return x === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : x
  const bits = new BigInt64Array(Float64Array.of(x).buffer)
  // Bits of floats rise with their size: one less is nearer to 0, one more is further below it.
  bits[0]! += x > 0 ? -1n : 1n
  return new Float64Array(bits.buffer)[0]!
}
