import { mix } from './row-hash.ts'
import type { RowKeys } from './row-keys.ts'

/** A draw of each row's key and the seed, 0 to 1: rows of one key draw alike. */
const draws = ({ high, low }: RowKeys, seed: number): Float64Array =>
  Float64Array.from(high, (word, row) => mix(word ^ mix(low[row]! ^ mix(seed + 1))) / 2 ** 32)

/** Fold 0..count-1 of each row, by its key and the seed: rows of one key stay together. */
export const foldsByKey = (keys: RowKeys, count: number, seed: number): Uint8Array =>
  Uint8Array.from(draws(keys, seed), (draw) => Math.floor(draw * count))

/** Rows by value, then by draw; those of one key stand together where they have one value. */
const inOrder = (rows: Uint32Array, values: Float64Array, draw: Float64Array): Uint32Array =>
  rows.slice().sort((a, b) => values[a]! - values[b]! || draw[a]! - draw[b]!)

/**
 * Folds that share each class evenly (`y` holds class numbers), or low and high values of a regression: `count` rows that
 * follow each other in y go to as many folds. Rows of one key stay together.
 */
export const stratifiedFolds = (
  keys: RowKeys,
  y: Float64Array,
  isClass: boolean,
  count: number,
  seed: number,
): Uint8Array => {
  const draw = draws(keys, seed)
  const order = inOrder(new Uint32Array(y.keys()), y, draw)
  const folds = new Uint8Array(y.length)
  const known = new Map<number, number>()
  let dealt = 0
  for (const row of order) {
    // 53 bits of the key: see countDuplicates.
    const key = keys.high[row]! * 2 ** 21 + (keys.low[row]! >>> 11)
    let fold = known.get(key)
    if (fold === undefined) {
      fold = isClass ? dealt % count : shuffled(Math.floor(dealt / count), dealt % count, count, seed)
      known.set(key, fold)
      dealt += 1
    }
    folds[row] = fold
  }
  return folds
}

/** Place `at` of `count` in a seeded turn of the stretch: in order of y the first of each would else be the lowest. */
const shuffled = (stretch: number, at: number, count: number, seed: number): number => {
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => mix(stretch * count + a + mix(seed + 1)) - mix(stretch * count + b + mix(seed + 1)),
  )
  return order[at]!
}

/** Folds of whole groups with about as many rows each: the largest group left goes to the smallest fold. */
export const groupFolds = (groups: Uint32Array, keys: RowKeys, count: number, seed: number): Uint8Array => {
  const draw = draws(keys, seed)
  const sizes = new Map<number, { size: number; draw: number }>()
  groups.forEach((group, row) => {
    const known = sizes.get(group)
    if (known) known.size += 1
    else sizes.set(group, { size: 1, draw: draw[row]! })
  })
  const filled = new Float64Array(count)
  const foldOf = new Map<number, number>()
  for (const [group, { size }] of [...sizes].sort(([, a], [, b]) => b.size - a.size || a.draw - b.draw)) {
    const fold = filled.indexOf(Math.min(...filled))
    filled[fold]! += size
    foldOf.set(group, fold)
  }
  return Uint8Array.from(groups, (group) => foldOf.get(group)!)
}

/** Blocks 0..count of as many rows each in the order of time; rows of one time are in one block. */
export const timeBlocks = (times: Float64Array, count: number): Uint8Array => {
  const sorted = times.slice().sort()
  const starts = Array.from(
    { length: count },
    (_, block) => sorted[Math.ceil(((block + 1) * sorted.length) / (count + 1))],
  )
  return Uint8Array.from(times, (time) => starts.filter((start) => start !== undefined && time >= start).length)
}
