import type { Bounds, Sums } from './cut.ts'
import { stepOf } from './cut.ts'
import { createFrontier } from './frontier.ts'
import { hasFewRows } from './histograms.ts'
import { featureBins, type Machine } from './machine.ts'
import { sidesOf } from './monotone-split.ts'
import { binCount } from './plan.ts'
import { listed, resultAt, resultPlace, type Scales } from './scan.ts'
import { createSlots } from './slots.ts'
import type { Conduct } from './team.ts'

export type Growth = {
  readonly leaves: number
  /** Cuts between the root and a leaf. */
  readonly depth: number
  /** Sets which features a node may be cut by, 1 in the region `active`. Called for each node that is counted. */
  readonly choose?: () => void
}

/** A cut that was made: `bins` is 1 for each of the feature's bins that goes left. */
export type GrownNode = { readonly feature: number; readonly bins: Uint8Array; left: number; right: number }

/** Places [from, to) of the order of rows; the value of all of them together. */
export type GrownLeaf = { readonly from: number; readonly to: number; readonly value: number; readonly bounds: Bounds }

export type GrownTree = { readonly nodes: readonly GrownNode[]; readonly leaves: readonly GrownLeaf[] }

type BestCut = {
  readonly gain: number
  readonly feature: number
  readonly bins: Uint8Array
  readonly left: Sums
  readonly right: Sums
}

/** A leaf that may be cut. `parent` is the node that leads to it, by its left or right. */
type Leaf = {
  readonly from: number
  readonly to: number
  readonly depth: number
  readonly bounds: Bounds
  readonly value: number
  readonly parent: { readonly node: GrownNode; readonly side: 'left' | 'right' } | undefined
  cut?: BestCut
}

/** Less work than this, in rows x features, is done by the caller alone: about as long as waking the others takes. */
const leastShared = 30_000

const noSlot = -1

const free: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/**
 * Grows one tree leaf by leaf, always cutting the leaf that gains most, over the first `rows` places of the order, whose
 * sums are packed. The order is left with the rows of each leaf together.
 */
export const grow = (
  machine: Machine,
  together: Conduct,
  alone: Conduct,
  rows: number,
  scales: Scales,
  growth: Growth,
): GrownTree => {
  const { plan, f64, u8 } = machine
  const { limits, at } = plan
  const slots = createSlots<Leaf>(plan.slots)
  const frontier = createFrontier<Leaf>()
  const nodes: GrownNode[] = []
  const closed: Leaf[] = []

  const conductFor = (places: number): Conduct => (places * plan.features < leastShared ? alone : together)
  const membersOf = (conduct: Conduct): number => (conduct === alone ? 1 : plan.members)

  const bestOf = (conduct: Conduct, node: number): BestCut | undefined => {
    let member = -1
    let gain = 0
    for (let m = 0; m < membersOf(conduct); m++) {
      const place = resultPlace(machine, m, node)
      if (f64[place + resultAt.feature]! < 0 || (member >= 0 && f64[place]! <= gain)) continue
      member = m
      gain = f64[place]!
    }
    if (member < 0) return undefined
    const place = resultPlace(machine, member, node)
    const sums = (start: number): Sums => ({
      g: f64[place + start]!,
      h: f64[place + start + 1]!,
      rows: f64[place + start + 2]!,
    })
    const bin = f64[place + resultAt.bin]!
    const chosen = at.chosen + (member * 2 + node) * binCount
    const bins =
      bin === listed ? u8.slice(chosen, chosen + binCount) : sidesOf(bin, f64[place + resultAt.missingLeft] === 1)
    const feature = f64[place + resultAt.feature]!
    return { gain, feature, bins, left: sums(resultAt.left), right: sums(resultAt.right) }
  }

  const count = (leaf: Leaf, slot: number, gathered: boolean, other: number, sibling: Leaf | undefined): void => {
    growth.choose?.()
    const conduct = conductFor(leaf.to - leaf.from)
    const bounds = sibling?.bounds ?? free
    // As histograms.ts lists them.
    conduct('count', leaf.from, leaf.to, slot, other, scales.g, scales.h, leaf.bounds.low, leaf.bounds.high, bounds.low, bounds.high, Number(gathered)) // biome-ignore format: one list
    settle(leaf, bestOf(conduct, 0))
    if (sibling !== undefined) settle(sibling, bestOf(conduct, 1))
  }

  const settle = (leaf: Leaf, cut: BestCut | undefined): void => {
    if (cut === undefined) {
      slots.release(leaf)
      closed.push(leaf)
      return
    }
    leaf.cut = cut
    frontier.add(leaf, cut.gain)
  }

  const hasFew = ({ from, to }: Leaf): boolean => hasFewRows(from, to)

  const canCut = (leaf: Leaf): boolean => leaf.depth < growth.depth && leaf.to - leaf.from >= 2 * limits.minRows

  /** Rows of the leaf to its sides; how many go left. */
  const divide = (leaf: Leaf, { feature, bins, left, right }: BestCut): number => {
    const conduct = conductFor(leaf.to - leaf.from)
    const members = membersOf(conduct)
    u8.set(bins, at.chosen)
    conduct('divide', featureBins(machine, feature), at.chosen, leaf.from, leaf.to)
    const lefts = Array.from({ length: members }, (_, m) => f64[at.results / 8 + m]!)
    conduct('place', leaf.from, leaf.to, left.rows <= right.rows ? 1 : 2, ...lefts)
    return lefts.reduce((sum, some) => sum + some, 0)
  }

  const children = (leaf: Leaf, cut: BestCut, node: GrownNode, middle: number): readonly [Leaf, Leaf] => {
    const leftValue = stepOf(cut.left, limits.l2, leaf.bounds)
    const rightValue = stepOf(cut.right, limits.l2, leaf.bounds)
    const direction = plan.monotone[cut.feature] ?? 0
    // Below a monotone cut both sides keep to their side of the middle: LightGBM's basic method.
    const half = (leftValue + rightValue) / 2
    const bounds = (isLower: boolean): Bounds =>
      direction === 0 ? leaf.bounds : isLower ? { ...leaf.bounds, high: half } : { ...leaf.bounds, low: half }
    const depth = leaf.depth + 1
    return [
      {
        from: leaf.from,
        to: middle,
        depth,
        bounds: bounds(direction > 0),
        value: leftValue,
        parent: { node, side: 'left' },
      },
      {
        from: middle,
        to: leaf.to,
        depth,
        bounds: bounds(direction < 0),
        value: rightValue,
        parent: { node, side: 'right' },
      },
    ]
  }

  /** Best cuts of two new leaves, from the histograms of the leaf that they were. */
  const countChildren = (leaf: Leaf, left: Leaf, right: Leaf): void => {
    const [small, large] = left.to - left.from <= right.to - right.from ? [left, right] : [right, left]
    const inherited = plan.reuse ? slots.take(leaf) : undefined
    const open = [small, large].filter(canCut)
    for (const child of [small, large]) if (!canCut(child)) closed.push(child)
    if (inherited !== undefined && open.includes(large) && !hasFew(large)) {
      slots.give(large, inherited)
      const own = slots.claim(small)
      if (open.includes(small)) count(small, own, true, inherited, large)
      else countLargeOnly(small, own, inherited, large)
      return
    }
    if (inherited !== undefined) slots.put(inherited)
    for (const child of open) {
      // The smaller side's sums are gathered already, unless the other's have taken their place.
      conductFor(child.to - child.from)('gather', child.from, child.to)
      countAlone(child, true)
    }
  }

  /** A node that inherits nothing. One of few rows has no histograms of its own, nor will its children need any. */
  const countAlone = (leaf: Leaf, gathered: boolean): void => {
    count(leaf, hasFew(leaf) ? noSlot : slots.claim(leaf), gathered, -1, undefined)
    if (!plan.reuse) slots.release(leaf)
  }

  /** The small side is too small to be cut, and is counted for the other's sake. */
  const countLargeOnly = (small: Leaf, own: number, inherited: number, large: Leaf): void => {
    const conduct = conductFor(small.to - small.from)
    conduct('count', small.from, small.to, own, inherited, scales.g, scales.h, 0, 0, large.bounds.low, large.bounds.high, 1) // biome-ignore format: one list
    slots.release(small)
    settle(large, bestOf(conduct, 1))
  }

  const root: Leaf = { from: 0, to: rows, depth: 0, bounds: free, value: 0, parent: undefined }
  if (canCut(root) && growth.leaves > 1) {
    const whole = rows === plan.rows
    if (!whole) together('gather', 0, rows)
    countAlone(root, !whole)
  } else closed.push(root)
  for (let leaves = 1; leaves < growth.leaves; leaves++) {
    const leaf = frontier.take()
    if (leaf === undefined) break
    const cut = leaf.cut!
    const middle = leaf.from + divide(leaf, cut)
    const node: GrownNode = { feature: cut.feature, bins: cut.bins, left: -1, right: -1 }
    if (leaf.parent !== undefined) leaf.parent.node[leaf.parent.side] = nodes.length
    nodes.push(node)
    const [left, right] = children(leaf, cut, node, middle)
    if (leaves + 1 < growth.leaves) countChildren(leaf, left, right)
    else closed.push(left, right)
  }
  for (let leaf = frontier.take(); leaf !== undefined; leaf = frontier.take()) closed.push(leaf)
  closed.forEach(({ parent }, number) => {
    if (parent !== undefined) parent.node[parent.side] = ~number
  })
  return { nodes, leaves: closed.map(({ from, to, value, bounds }) => ({ from, to, value, bounds })) }
}
