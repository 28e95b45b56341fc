import { levelCounts, numbersByLevel } from './level-counts.ts'
import { levelRows } from './nodes.ts'
import type { FloatType, Transformer } from './transformer.ts'

/** Levels in the order of their numbers 0, 1, 2...; `rare`: all others have the next number, else NaN. */
export type NumberedLevels = { readonly levels: readonly string[]; readonly rare: boolean }

/**
 * A level -> its number; '' (missing) -> NaN. At most `most` levels, the most frequent; the others share one number more.
 * The graph answers `datatype`.
 */
export const ordinal = (
  most: number,
  datatype: FloatType,
): Transformer<readonly string[], NumberedLevels, string, Float64Array> => ({
  fit: (column) => {
    const counts = levelCounts(column).filter(([level]) => level !== '')
    const kept = counts.length > most ? counts.slice(0, most - 1) : counts
    return { levels: kept.map(([level]) => level).sort(), rare: kept.length < counts.length }
  },
  apply: ({ levels, rare }, column) => {
    const numbers = numbersByLevel(levels)
    const other = rare ? levels.length : Number.NaN
    return Float64Array.from(column, (text) => (text === '' ? Number.NaN : (numbers.get(text) ?? other)))
  },
  toGraph: ({ levels, rare }, graph, source) => {
    const keys = [...levels, '']
    const other = rare ? levels.length : Number.NaN
    return levelRows(graph, source, keys, datatype, [...levels.map((_, k) => [k]), [Number.NaN], [other]])
  },
})
