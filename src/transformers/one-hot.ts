import { levelCounts, numbersByLevel } from './level-counts.ts'
import { cast, levelNumbers } from './nodes.ts'
import type { Columns, Transformer } from './transformer.ts'

/** Levels with a column each, sorted; `rare`: one more column, for all others. '' is missing, a level like any. */
export type HotLevels = { readonly levels: readonly string[]; readonly rare: boolean }

/**
 * One column of 0 and 1 per level of a text column. Levels of fewer than `leastRows` rows share one column, which
 * unseen levels get too (scikit-learn's min_frequency with infrequent_if_exist); without rare levels an unseen one is
 * all zeros.
 */
export const oneHot = (leastRows: number): Transformer<readonly string[], HotLevels, string> => ({
  fit: (column) => {
    const counts = levelCounts(column)
    // At least the most frequent one, so that a column is never of one rare level alone.
    const kept = counts.filter(([, rows], place) => place === 0 || rows >= leastRows)
    return { levels: kept.map(([level]) => level).sort(), rare: kept.length < counts.length }
  },
  apply: (fitted, column): Columns => {
    const hot = Array.from({ length: hotWidth(fitted) }, () => new Float64Array(column.length))
    hotPlaces(fitted, column).forEach((place, row) => {
      if (place >= 0) hot[place]![row] = 1
    })
    return hot
  },
  toGraph: (fitted, graph, source) => {
    const width = hotWidth(fitted)
    const numbers = levelNumbers(graph, source, fitted.levels, fitted.levels.length)
    const places = graph.constant(
      'INT64',
      [1, width],
      BigInt64Array.from({ length: width }, (_, k) => BigInt(k)),
    )
    return cast(graph, graph.node('Equal', [numbers, places]), 'FP64')
  },
})

/** The column that is 1 in each row; -1 where none is. */
export const hotPlaces = ({ levels, rare }: HotLevels, column: readonly string[]): Int32Array => {
  const numbers = numbersByLevel(levels)
  const otherwise = rare ? levels.length : -1
  return Int32Array.from(column, (text) => numbers.get(text) ?? otherwise)
}

/** Number of columns. */
export const hotWidth = ({ levels, rare }: HotLevels): number => levels.length + (rare ? 1 : 0)
