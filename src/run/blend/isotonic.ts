/** Neighbours that share one value: their mean place, the last place, the value and the weight. */
export type Block = { readonly at: number; readonly to: number; readonly value: number; readonly weight: number }

/**
 * Isotonic least squares by pooling adjacent violators (Ayer et al. 1955): the non-decreasing values nearest to y.
 * x and y [n] in any order; rows of one x have one value. Blocks come by place, their values strictly increasing.
 */
export const isotonicBlocks = (x: Float64Array, y: Float64Array, weights?: Float64Array): readonly Block[] => {
  const blocks: Block[] = []
  for (const tie of ties(x, y, weights)) {
    let next = tie
    for (let last = blocks.at(-1); last !== undefined && last.value >= next.value; last = blocks.at(-1)) {
      blocks.pop()
      next = pool(last, next)
    }
    blocks.push(next)
  }
  return blocks
}

/** One block for each distinct x with a weight above 0. */
const ties = (x: Float64Array, y: Float64Array, weights?: Float64Array): readonly Block[] => {
  const order = Uint32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b)
  const blocks: Block[] = []
  for (const row of order) {
    const weight = weights?.[row] ?? 1
    if (weight === 0) continue
    const one = { at: x[row]!, to: x[row]!, value: y[row]!, weight }
    const last = blocks.at(-1)
    if (last?.to === one.to) blocks[blocks.length - 1] = { ...pool(last, one), at: one.to }
    else blocks.push(one)
  }
  return blocks
}

const pool = (a: Block, b: Block): Block => {
  const weight = a.weight + b.weight
  return {
    at: (a.weight * a.at + b.weight * b.at) / weight,
    to: b.to,
    value: (a.weight * a.value + b.weight * b.value) / weight,
    weight,
  }
}
