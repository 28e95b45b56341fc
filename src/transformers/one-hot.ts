import { elementTypes } from '../onnx/datatype.ts'
import type { Transformer } from './transformer.ts'

/** Text columns; '' is missing, and a level of its own when training had it. */
export type Texts = readonly (readonly string[])[]

/** The levels of each column, sorted. */
export type Levels = readonly (readonly string[])[]

/** The most frequent levels are kept; the others are zeros like unseen ones. Keeps 1,000 rows below 2 MB a column. */
const mostLevels = 256

/** One column of 0 and 1 per level; an unseen level is all zeros. */
export const oneHot: Transformer<Texts, Levels, readonly string[]> = {
  fit: (columns) => columns.map(levelsOf),
  apply: (levels, columns) =>
    columns.flatMap((column, place) => {
      const hot = levels[place]!.map(() => new Float64Array(column.length))
      const numbers = new Map(levels[place]!.map((level, k) => [level, k]))
      column.forEach((text, row) => {
        const k = numbers.get(text)
        if (k !== undefined) hot[k]![row] = 1
      })
      return hot
    }),
  toGraph: (levels, graph, sources) => {
    const encoded = sources.map((source, place) => {
      const cats = levels[place]!
      const attributes = { cats_strings: { strings: cats }, zeros: { int: 1 } }
      const hot = graph.node('OneHotEncoder', [source], { domain: 'ai.onnx.ml', attributes })
      // OneHotEncoder adds an axis: [n, 1] -> [n, 1, levels].
      return graph.node('Reshape', [hot, graph.constant('INT64', [2], BigInt64Array.of(-1n, BigInt(cats.length)))])
    })
    const all = encoded.length === 1 ? encoded[0]! : graph.node('Concat', encoded, { attributes: { axis: { int: 1 } } })
    return graph.node('Cast', [all], { attributes: { to: { int: elementTypes.FP64 } } })
  },
}

const levelsOf = (column: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const text of column) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, mostLevels)
    .map(([level]) => level)
    .sort()
}
