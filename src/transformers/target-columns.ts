import type { Columns } from './transformer.ts'

/** More classes than these are told apart by the most frequent ones: each is a column of each encoded category. */
const mostOutputs = 20

/**
 * What a category is encoded by: the value of a regression, whether it is class 1 of two, or for K classes whether it is
 * each of 1..K - 1. `numbers` are those classes; none for a regression.
 */
export const targetColumns = (
  y: Float64Array,
  classes: number | undefined,
): { readonly targets: Columns; readonly numbers: readonly number[] } => {
  if (classes === undefined) return { targets: [y], numbers: [] }
  const numbers =
    classes - 1 <= mostOutputs ? Array.from({ length: classes - 1 }, (_, k) => k + 1) : frequent(y, classes)
  return { targets: numbers.map((number) => y.map((value) => (value === number ? 1 : 0))), numbers }
}

const frequent = (y: Float64Array, classes: number): readonly number[] => {
  const counts = new Float64Array(classes)
  for (const number of y) counts[number]! += 1
  return Array.from(counts.keys())
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, mostOutputs)
    .sort((a, b) => a - b)
}
