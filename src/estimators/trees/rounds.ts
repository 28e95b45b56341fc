import { type GrownTree, type Growth, grow } from './grow.ts'
import { renewed, renews } from './losses.ts'
import type { Machine } from './machine.ts'
import { chunkRows, columnBytes } from './plan.ts'
import type { Scales } from './scan.ts'
import type { FeatureBins } from './table.ts'
import type { Conduct } from './team.ts'
import { layTree, toTree } from './to-tree.ts'
import type { Tree } from './tree.ts'

/** A table in memory, and who works on it. */
export type Bench = {
  readonly machine: Machine
  readonly together: Conduct
  readonly alone: Conduct
  readonly bins: readonly FeatureBins[]
}

/** Which rows a tree learns from: undefined for all. */
export type Sample = Uint32Array | undefined

/** Gradients of output k, packed as integers -> their scales and the rows' loss, which output 0 alone has. */
export const packGradients = (
  { machine, together }: Bench,
  k: number,
  sample: Sample,
): { readonly scales: Scales; readonly loss: number } => {
  const { plan, f64, u32 } = machine
  together('gradients', k)
  let most = 0
  let mostHessian = 0
  for (let m = 0; m < plan.members; m++) {
    most = Math.max(most, f64[plan.at.results / 8 + 2 * m]!)
    mostHessian = Math.max(mostHessian, f64[plan.at.results / 8 + 2 * m + 1]!)
  }
  const rowBits = (plan.narrow ? 64 : 63) - plan.shift
  // A sum of all rows stays inside its bits; narrow gradients have one more for their sign.
  const g = scaleOf(plan.narrow ? plan.shift - 2 - rowBits : 61 - rowBits, most)
  const h = plan.narrow ? 1 : scaleOf(plan.shift - 1 - rowBits, mostHessian)
  together('pack', g, h, sample === undefined ? 1 : 0)
  if (sample !== undefined) u32.set(sample, plan.at.order / 4)
  let loss = 0
  for (let chunk = 0; chunk < Math.ceil(plan.rows / chunkRows); chunk++) loss += f64[plan.at.losses / 8 + chunk]!
  return { scales: { g: 1 / g, h: 1 / h }, loss }
}

/** The power of 2 by which `most` has at most so many bits. */
const scaleOf = (bits: number, most: number): number =>
  most > 0 ? 2 ** Math.max(-1000, Math.min(1000, bits - Math.ceil(Math.log2(most)))) : 1

/** Grows a tree on packed gradients; its leaves' values are steps times `rate`. */
export const growTree = (bench: Bench, sample: Sample, scales: Scales, growth: Growth, rate: number): GrownAndMade => {
  const { machine, together, alone, bins } = bench
  const rows = sample?.length ?? machine.plan.rows
  const grown = grow(machine, together, alone, rows, scales, growth)
  const values = leafValues(machine, grown).map((value) => value * rate + 0)
  return { grown, tree: toTree(grown, bins, values) }
}

export type GrownAndMade = { readonly grown: GrownTree; readonly tree: Tree }

const leafValues = (machine: Machine, { leaves }: GrownTree): readonly number[] => {
  const { plan, f64, u32 } = machine
  if (!renews(plan.loss)) return leaves.map(({ value }) => value)
  const order = plan.at.order / 4
  return leaves.map(({ from, to }) => {
    const rows = u32.subarray(order + from, order + to)
    const residuals = Float64Array.from(rows, (row) => f64[plan.at.y / 8 + row]! - f64[plan.at.F / 8 + row]!)
    const weights = plan.weighted ? Float64Array.from(rows, (row) => f64[plan.at.weights / 8 + row]!) : undefined
    return renewed(plan.loss, residuals, weights)
  })
}

/** Adds a new tree to the margins of output k: learned rows by the leaf they lie in, all others by their bins. */
export const addGrown = (bench: Bench, k: number, sample: Sample, { grown, tree }: GrownAndMade): void => {
  const { machine, together } = bench
  const { plan, f64 } = machine
  if (sample !== undefined) {
    addTree(bench, k, tree, 0)
    return
  }
  grown.leaves.forEach(({ from, to }, leaf) => {
    f64.set([from, to, tree.value[leaf]!], plan.at.leafRows / 8 + leaf * 3)
  })
  together('addLeaves', k, plan.rows, grown.leaves.length)
  if (plan.watched > 0) addTree(bench, k, tree, plan.rows)
}

/** Adds a tree to the margins of output k of all rows from `first` on. */
export const addTree = ({ machine, together, bins }: Bench, k: number, tree: Tree, first: number): void => {
  const { plan, f64 } = machine
  if (tree.feature.length === 0) {
    const F = (plan.at.F + k * columnBytes(plan)) / 8
    for (let i = first; i < plan.all; i++) f64[F + i]! += tree.value[0]!
    return
  }
  layTree(machine, tree, bins)
  together('route', k, first, plan.all)
}
