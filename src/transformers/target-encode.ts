import type { Part } from './cross-folds.ts'
import { levelCounts, numbersByLevel } from './level-counts.ts'
import { levelRows } from './nodes.ts'
import type { Columns, FloatType, Transformer } from './transformer.ts'

/** One row of numbers per level, a column per target; `prior` is that of levels that training had not. */
export type EncodedLevels = {
  readonly levels: readonly string[]
  readonly values: readonly (readonly number[])[]
  readonly prior: readonly number[]
}

/** A text column beside what it is encoded by: the targets' columns, and the rows' weights. */
export type TargetExamples = {
  readonly column: readonly string[]
  readonly targets: Columns
  readonly weights: Float64Array
}

/** Rows that the overall mean counts for beside a level's own: Micci-Barreca 2001; `smooth` of scikit-learn 1.3. */
export const smoothingRows = 10

/** Levels beyond are answered by the prior; 20,000 of them are about half a megabyte of graph. */
const mostLevels = 20_000

/**
 * A level -> the mean target of its rows, drawn to the overall mean: (sum + m x mean) / (rows + m). Not for the rows that
 * it was fitted on: see crossEncode. The graph answers `datatype`, and for FP32 the table is of float32 numbers.
 */
export const targetEncode = (
  datatype: FloatType,
): Transformer<readonly string[], EncodedLevels, string, Columns, TargetExamples> => ({
  fit: ({ column, targets, weights }) => {
    const round = datatype === 'FP32' ? Math.fround : (value: number) => value
    const levels = levelCounts(column)
      .slice(0, mostLevels)
      .map(([level]) => level)
      .sort()
    const sums = targetSums(numbersByLevel(levels), { column, targets, weights })
    const values = levels.map((_, level) => targets.map((_, output) => round(smoothed(sums, level, output))))
    return { levels, values, prior: targets.map((_, output) => round(priorOf(sums, output))) }
  },
  apply: ({ levels, values, prior }, column) => {
    const numbers = numbersByLevel(levels)
    return prior.map((other, output) =>
      Float64Array.from(column, (text) => {
        const level = numbers.get(text)
        return level === undefined ? other : values[level]![output]!
      }),
    )
  },
  toGraph: ({ levels, values, prior }, graph, source) => levelRows(graph, source, levels, datatype, [...values, prior]),
})

/**
 * The training rows' own encodings: of each fold by the rows of all others, or of those before it, so that no row's
 * target is in its feature. The first of folds in time has nothing before it and gets the mean of all.
 */
export const crossEncode = ({ column, targets, weights }: TargetExamples, { folds, count, past }: Part): Columns => {
  const numbers = new Map<string, number>()
  for (const text of column) if (!numbers.has(text)) numbers.set(text, numbers.size)
  const sides = Array.from({ length: count }, (_, fold) =>
    targetSums(numbers, { column, targets, weights }, (row) =>
      past && fold > 0 ? folds[row]! < fold : past || folds[row] !== fold,
    ),
  )
  return targets.map((_, output) =>
    Float64Array.from(column, (text, row) => {
      const sums = sides[folds[row]!]!
      // Of the first fold in time no level is known.
      return past && folds[row] === 0 ? priorOf(sums, output) : smoothed(sums, numbers.get(text)!, output)
    }),
  )
}

/** Weighted sums of each level's targets [levels x targets] and of its weights, and of all rows. */
type Sums = {
  readonly targets: number
  readonly byLevel: Float64Array
  readonly weights: Float64Array
  readonly all: Float64Array
  readonly weight: number
}

const targetSums = (
  numbers: ReadonlyMap<string, number>,
  { column, targets, weights }: TargetExamples,
  learns: (row: number) => boolean = () => true,
): Sums => {
  const width = targets.length
  const byLevel = new Float64Array(numbers.size * width)
  const levelWeights = new Float64Array(numbers.size)
  const all = new Float64Array(width)
  let weight = 0
  for (let row = 0; row < column.length; row++) {
    if (!learns(row)) continue
    const level = numbers.get(column[row]!)
    const own = weights[row]!
    weight += own
    if (level !== undefined) levelWeights[level]! += own
    for (let output = 0; output < width; output++) {
      const value = own * targets[output]![row]!
      all[output]! += value
      if (level !== undefined) byLevel[level * width + output]! += value
    }
  }
  return { targets: width, byLevel, weights: levelWeights, all, weight }
}

const priorOf = ({ all, weight }: Sums, output: number): number => (weight > 0 ? all[output]! / weight : 0)

const smoothed = (sums: Sums, level: number, output: number): number =>
  (sums.byLevel[level * sums.targets + output]! + smoothingRows * priorOf(sums, output)) /
  (sums.weights[level]! + smoothingRows)
