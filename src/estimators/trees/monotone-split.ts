import { type BinSums, type Bounds, type Cut, fits, minus, noSums, plus, type Sums, stepOf, worthOf } from './cut.ts'
import { binCount, type Limits } from './plan.ts'

/**
 * The best threshold of a feature whose values may only rise (direction 1) or fall (-1) with it, or of a free one (0) in
 * a tree that has such features: sides take values inside the node's bounds, in the right order.
 */
export const bestBounded = (
  { bins, missing }: BinSums,
  direction: number,
  limits: Limits,
  bounds: Bounds,
  parent: number,
  floor: number,
): Cut | undefined => {
  const total = bins.reduce(plus, missing)
  let best: { gain: number; bin: number; missingLeft: boolean; left: Sums } | undefined
  for (const missingLeft of missing.rows > 0 ? [false, true] : [false]) {
    const cuts = missing.rows > 0 && !missingLeft ? bins.length : bins.length - 1
    let left = missingLeft ? missing : noSums
    for (let bin = 0; bin < cuts; bin++) {
      left = plus(left, bins[bin]!)
      const right = minus(total, left)
      if (!fits(left, limits) || !fits(right, limits)) continue
      const leftValue = stepOf(left, limits.l2, bounds)
      const rightValue = stepOf(right, limits.l2, bounds)
      if (direction * (rightValue - leftValue) < 0) continue
      const gain = worthOf(left, leftValue, limits.l2) + worthOf(right, rightValue, limits.l2) - parent
      if (gain > (best?.gain ?? floor)) best = { gain, bin, missingLeft, left }
    }
  }
  if (best === undefined) return undefined
  const { gain, bin, left } = best
  const right = minus(total, left)
  return { gain, left, right, bins: sidesOf(bin, missing.rows > 0 ? best.missingLeft : left.rows >= right.rows) }
}

/** Bins up to `bin` go left, missing values where they are told. */
export const sidesOf = (bin: number, missingLeft: boolean): Uint8Array => {
  const sides = new Uint8Array(binCount).fill(1, 0, bin + 1)
  sides[binCount - 1] = Number(missingLeft)
  return sides
}
