import { createRandom, type Random, shuffle } from '../random.ts'
import type { Mask } from './masked-rows.ts'

export type PermutationPlan = {
  /** Neither the empty mask nor the full one, which every plan asks for as well. */
  readonly masks: readonly Mask[]
  /**
   * From the values of the masks, of the empty and of the full one -> a value and its standard error for each column: none
   * where values are exact, null where one pair of orders tells nothing of it.
   */
  readonly read: (
    values: Float64Array,
    empty: number,
    full: number,
  ) => { readonly values: Float64Array; readonly standardErrors?: Float64Array | null }
}

/** Masks of up to so many columns are all there are. */
const mostEnumerated = 20

/**
 * Which masks tell a row's Shapley values: all 2^d, exact, where they are at most `most`; else antithetic permutations,
 * each with its reverse, as many as fit (Mitchell et al. 2022; shap's PermutationExplainer). `most` is at least
 * `leastMasks`. The same seed gives the same masks.
 */
export const planPermutation = (columns: number, most: number, seed: number): PermutationPlan => {
  if (columns <= mostEnumerated && 2 ** columns <= most) return enumeration(columns)
  const pairs = Math.floor((most - 2) / (2 * (columns - 1)))
  return permutations(columns, Math.min(pairs, mostPairs), createRandom(seed))
}

/** Masks of one order and its reverse, the empty and the full one among them; for one or two columns they are all. */
export const leastMasks = (columns: number): number => 2 * columns

/** So many show their standard errors well; more change little. */
const mostPairs = 1000

const enumeration = (columns: number): PermutationPlan => {
  const all = 2 ** columns
  const masks = Array.from({ length: Math.max(0, all - 2) }, (_, at) => {
    const mask = new Uint8Array(columns)
    for (let j = 0; j < columns; j++) mask[j] = ((at + 1) >> j) & 1
    return mask
  })
  // s! (d - s - 1)! / d!, for s columns present beside the one that comes: 1 / (d C(d - 1, s)).
  const weights = new Float64Array(columns)
  let choices = 1
  for (let s = 0; s < columns; s++) {
    weights[s] = 1 / (columns * choices)
    choices = (choices * (columns - 1 - s)) / (s + 1)
  }
  const read: PermutationPlan['read'] = (values, empty, full) => {
    const worth = (mask: number): number => (mask === 0 ? empty : mask === all - 1 ? full : values[mask - 1]!)
    const phi = new Float64Array(columns)
    for (let mask = 0; mask < all; mask++) {
      let present = 0
      for (let bits = mask; bits > 0; bits >>= 1) present += bits & 1
      for (let j = 0; j < columns; j++)
        if (((mask >> j) & 1) === 0) phi[j]! += weights[present]! * (worth(mask | (1 << j)) - worth(mask))
    }
    return { values: phi }
  }
  return { masks, read }
}

const permutations = (columns: number, pairs: number, random: Random): PermutationPlan => {
  const orders = Array.from({ length: pairs }, () =>
    shuffle(
      Int32Array.from({ length: columns }, (_, column) => column),
      random,
    ),
  )
  const masks = orders.flatMap((order) => [...prefixes(order), ...prefixes(order.toReversed())])
  const steps = columns - 1
  const read: PermutationPlan['read'] = (values, empty, full) => {
    const sums = new Float64Array(columns)
    const squares = new Float64Array(columns)
    orders.forEach((order, pair) => {
      const own = new Float64Array(columns)
      for (const [from, way] of [
        [2 * pair * steps, order],
        [(2 * pair + 1) * steps, order.toReversed()],
      ] as const) {
        let before = empty
        for (let k = 0; k < columns; k++) {
          const after = k === steps ? full : values[from + k]!
          own[way[k]!]! += (after - before) / 2
          before = after
        }
      }
      for (let j = 0; j < columns; j++) {
        sums[j]! += own[j]!
        squares[j]! += own[j]! ** 2
      }
    })
    const mean = sums.map((sum) => sum / pairs)
    if (pairs < 2) return { values: mean, standardErrors: null }
    // sqrt(variance / pairs), the variance with n - 1; rounding may leave it below 0.
    const standardErrors = squares.map((square, j) =>
      Math.sqrt(Math.max(0, square - pairs * mean[j]! ** 2) / (pairs - 1) / pairs),
    )
    return { values: mean, standardErrors }
  }
  return { masks, read }
}

/** The first 1, 2 ... d - 1 columns of an order. */
const prefixes = (order: Int32Array): readonly Mask[] => {
  const mask = new Uint8Array(order.length)
  return Array.from(order.subarray(0, -1), (column) => {
    mask[column] = 1
    return mask.slice()
  })
}
