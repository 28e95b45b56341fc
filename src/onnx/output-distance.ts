import type { Tensor } from '../tensor/tensor.ts'
import { differenceOf, numbersOf } from './difference.ts'

export type OutputDistance = { readonly values: number; readonly largest: number; readonly mean: number }

/** max|a-b| and mean|a-b|, both relative to max|a|; Infinity where `differenceOf` says so. */
export const outputDistance = (expected: Tensor, found: Tensor): OutputDistance => {
  const values = expected.data.length
  const largest = differenceOf(expected, found)
  const [a, b] = [numbersOf(expected), numbersOf(found)]
  if (!Number.isFinite(largest) || largest === 0 || !a || !b) return { values, largest, mean: largest }
  let distance = 0
  let size = 0
  for (let i = 0; i < values; i++) {
    if (!Number.isFinite(a[i])) continue
    distance += Math.abs(a[i]! - b[i]!)
    size = Math.max(size, Math.abs(a[i]!))
  }
  return { values, largest, mean: distance / values / size }
}
