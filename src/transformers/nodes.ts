import { elementTypes } from '../onnx/datatype.ts'
import type { Graph } from '../onnx/graph.ts'
import type { FloatType } from './transformer.ts'

/** [n, p1], [n, p2]... -> [n, p1 + p2...]. */
export const concat = (graph: Graph, names: readonly string[]): string =>
  names.length === 1 ? names[0]! : graph.node('Concat', names, { attributes: { axis: { int: 1 } } })

export const cast = (graph: Graph, name: string, to: FloatType | 'INT64'): string =>
  graph.node('Cast', [name], { attributes: { to: { int: elementTypes[to] } } })

/** One row of numbers, [1, p], that is the same for all rows. */
export const rowOf = (graph: Graph, datatype: FloatType, values: readonly number[]): string =>
  graph.constant(datatype, [1, values.length], floats(datatype, values))

export const floats = (datatype: FloatType, values: Iterable<number>): Float32Array | Float64Array =>
  datatype === 'FP32' ? Float32Array.from(values) : Float64Array.from(values)

/** Text [n, 1] -> the number of its level, INT64 [n, 1]; `otherwise` for a text that is none of them. At least one level. */
export const levelNumbers = (graph: Graph, source: string, levels: readonly string[], otherwise: number): string =>
  graph.node('LabelEncoder', [source], {
    domain: 'ai.onnx.ml',
    attributes: {
      keys_strings: { strings: levels },
      values_int64s: { ints: levels.map((_, k) => k) },
      default_int64: { int: otherwise },
    },
  })

/** Text [n, 1] -> its level's row of `table`, [n, width]; the table's last row is that of a text that is no level. */
export const levelRows = (
  graph: Graph,
  source: string,
  levels: readonly string[],
  datatype: FloatType,
  table: readonly (readonly number[])[],
): string => {
  const width = table[0]!.length
  const rows = graph.constant(datatype, [table.length, width], floats(datatype, table.flat()))
  const found = graph.node('Gather', [rows, levelNumbers(graph, source, levels, levels.length)])
  // Gather puts [width] in the place of each number: [n, 1] -> [n, 1, width].
  return graph.node('Reshape', [found, graph.constant('INT64', [2], BigInt64Array.of(-1n, BigInt(width)))])
}
