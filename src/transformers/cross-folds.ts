import { createRandom, shuffle } from '../random.ts'

/** Which rows encode which: each fold of 0..count - 1 by the others, or where `past` by those of lower number. */
export type Part = { readonly folds: Uint32Array; readonly count: number; readonly past: boolean }

/** What says which training rows may know of each other. */
export type FoldSource = {
  /** Fold numbers that keep together what belongs together; used where they have at least two values. */
  readonly folds?: ArrayLike<number>
  /** One person's or thing's rows have one number. */
  readonly groups?: ArrayLike<number>
  /** Rows learn from earlier ones only. */
  readonly times?: Float64Array
}

const foldCount = 5
/** More folds in time: a row's past is cut at its fold's begin. */
const timeFoldCount = 10

/** The folds within which a target encoding of `rows` training rows is cross-fitted. */
export const crossFolds = (rows: number, { folds, groups, times }: FoldSource, seed: number): Part => {
  if (times !== undefined) return byTime(times)
  const given = folds === undefined ? undefined : renumbered(folds, rows)
  if (given !== undefined && given.count > 1) return { ...given, past: false }
  const units = groups === undefined ? undefined : renumbered(groups, rows)
  const numbers = shuffledFolds(units?.count ?? rows, seed)
  return {
    folds: units === undefined ? numbers : units.folds.map((unit) => numbers[unit]!),
    count: Math.min(foldCount, numbers.length),
    past: false,
  }
}

/** Equal times stay together. Each fold but the first begins with a time that occurs, so none is empty. */
const byTime = (times: Float64Array): Part => {
  const sorted = times.slice().sort()
  const begins = Array.from(
    { length: timeFoldCount },
    (_, k) => sorted[Math.floor((k * sorted.length) / timeFoldCount)]!,
  )
  const later = [...new Set(begins)].filter((time) => time > sorted[0]!)
  const folds = Uint32Array.from(times, (time) => later.filter((begin) => begin <= time).length)
  return { folds, count: later.length + 1, past: true }
}

const renumbered = (numbers: ArrayLike<number>, rows: number): { folds: Uint32Array; count: number } => {
  const seen = new Map<number, number>()
  const folds = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const number = numbers[row]!
    if (!seen.has(number)) seen.set(number, seen.size)
    folds[row] = seen.get(number)!
  }
  return { folds, count: seen.size }
}

/** Fold numbers 0, 1, 2... in an order of chance. */
const shuffledFolds = (size: number, seed: number): Uint32Array => {
  const folds = Uint32Array.from({ length: size }, (_, i) => i % foldCount)
  return shuffle(folds, createRandom(seed))
}
