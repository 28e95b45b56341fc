import type { Tree, TreeModel } from '../../../src/estimators/trees/tree.ts'
import { createRandom } from '../../../src/random.ts'

/** Trees with thresholds, sets and missing values, whose rows are counted by rows that fall through them. */
export const madeModel = (seed: number, features: number, trees: number, leaves: number): TreeModel => {
  const random = createRandom(seed)
  const levels = Array.from({ length: features }, (_, j) => (j % 3 === 2 ? 4 : 0))
  return {
    ...{ columns: features, levels, base: [random()] },
    trees: Array.from({ length: trees }, () => madeTree(random, levels, leaves)),
  }
}

const madeTree = (random: () => number, levels: readonly number[], leaves: number): Tree => {
  const tree = {
    ...{ feature: [] as number[], threshold: [] as number[], missingLeft: [] as number[] },
    ...{ left: [] as number[], right: [] as number[], sets: [] as number[][] },
  }
  const value = [random() * 4 - 2]
  const rows = [1000]
  // Each step cuts one leaf in two, as growing does.
  while (value.length < leaves) {
    const leaf = Math.floor(random() * value.length)
    if (rows[leaf]! < 2) continue
    const node = tree.feature.length
    const feature = Math.floor(random() * levels.length)
    for (const side of [tree.left, tree.right]) {
      const at = side.indexOf(~leaf)
      if (at !== -1) side[at] = node
    }
    tree.feature.push(feature)
    const isSet = levels[feature]! > 0
    tree.threshold.push(isSet ? tree.sets.push([0, 1, 2, 3].filter(() => random() < 0.5)) - 1 : random())
    tree.missingLeft.push(random() < 0.5 ? 1 : 0)
    tree.left.push(~leaf)
    tree.right.push(~value.length)
    const before = rows[leaf]!
    rows[leaf] = Math.max(1, Math.min(before - 1, Math.round(before * random())))
    rows.push(before - rows[leaf]!)
    value[leaf] = random() * 4 - 2
    value.push(random() * 4 - 2)
  }
  return { ...tree, value, rows }
}

/** Rows of such a model's features, one of ten missing. */
export const madeRows = (seed: number, { levels }: TreeModel, rows: number) => {
  const random = createRandom(seed)
  const values = Float64Array.from({ length: rows * levels.length }, (_, at) => {
    const level = levels[at % levels.length]!
    if (random() < 0.1) return Number.NaN
    return level > 0 ? Math.floor(random() * level) : random()
  })
  return { rows, columns: levels.length, values }
}
