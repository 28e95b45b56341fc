import type { GrownTree } from './grow.ts'
import { featureBins, type Machine } from './machine.ts'
import { sidesOf } from './monotone-split.ts'
import { binCount } from './plan.ts'
import type { FeatureBins } from './table.ts'
import { everyNumber, type Tree } from './tree.ts'

/** A grown tree in thresholds and levels instead of bins, with the values its leaves got in the end. */
export const toTree = ({ nodes, leaves }: GrownTree, bins: readonly FeatureBins[], values: readonly number[]): Tree => {
  const sets: number[][] = []
  const threshold = nodes.map(({ feature, bins: sides }) => {
    const own = bins[feature]!
    if ('levels' in own) return sets.push(own.levels.filter((_, bin) => sides[bin] === 1)) - 1
    const last = sides.lastIndexOf(1, binCount - 2)
    return own.edges[last] ?? everyNumber
  })
  return {
    feature: nodes.map((node) => node.feature),
    threshold,
    missingLeft: nodes.map((node) => node.bins[binCount - 1]!),
    left: nodes.map((node) => node.left),
    right: nodes.map((node) => node.right),
    sets,
    value: values,
    rows: leaves.map(({ from, to }) => to - from),
  }
}

/** Lays a tree out for the phase `route`. */
export const layTree = (machine: Machine, tree: Tree, bins: readonly FeatureBins[]): void => {
  const { plan, i32, u8, f64 } = machine
  tree.feature.forEach((feature, node) => {
    const place = plan.at.nodes / 4 + node * 4
    i32[place] = featureBins(machine, feature)
    i32[place + 1] = tree.left[node]!
    i32[place + 2] = tree.right[node]!
    u8.set(sidesInBins(tree, node, bins[feature]!), plan.at.sides + node * binCount)
  })
  f64.set(tree.value, plan.at.values / 8)
}

const sidesInBins = (tree: Tree, node: number, own: FeatureBins): Uint8Array => {
  const threshold = tree.threshold[node]!
  if ('levels' in own) {
    const members = new Set(tree.sets[threshold])
    const sides = new Uint8Array(binCount)
    own.levels.forEach((level, bin) => {
      sides[bin] = Number(members.has(level))
    })
    return sides
  }
  const bin = threshold === everyNumber ? own.edges.length : own.edges.indexOf(threshold)
  return sidesOf(bin, tree.missingLeft[node] === 1)
}
