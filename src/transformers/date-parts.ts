import { missingInt64 } from '../dataset/column-codec.ts'
import { elementTypes } from '../onnx/datatype.ts'
import type { Graph } from '../onnx/graph.ts'
import type { Transformer } from './transformer.ts'

/** weekday: Monday is 0; day number: days since 1970-01-01. All in UTC. */
export const dateParts = ['year', 'month', 'day', 'weekday', 'day number'] as const

const secondsOfDay = 86400

/**
 * Epoch seconds -> five columns a date, NaN where it is missing. Nothing is fitted.
 * Calendar by whole numbers: H. Hinnant, chrono-compatible low-level date algorithms, civil_from_days.
 */
export const dateParting: Transformer<readonly BigInt64Array[], null, readonly string[]> = {
  fit: () => null,
  apply: (_, columns) =>
    columns.flatMap((column) => {
      const parts = dateParts.map(() => new Float64Array(column.length).fill(Number.NaN))
      column.forEach((seconds, row) => {
        if (seconds === missingInt64) return
        partsOf(Math.floor(Number(seconds) / secondsOfDay)).forEach((value, part) => {
          parts[part]![row] = value
        })
      })
      return parts
    }),
  toGraph: (_, graph, sources) => {
    const parts = sources.map((source) => partNodes(graph, source))
    return parts.length === 1 ? parts[0]! : graph.node('Concat', parts, { attributes: { axis: { int: 1 } } })
  },
}

// The shared arithmetic, on days since 1970-01-01. `era` is 400 years of 146,097 days that begin on 1 March 0000.
const partsOf = (days: number): readonly number[] => {
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const doe = shifted - era * 146097
  const yoe = Math.trunc((doe - Math.trunc(doe / 1460) + Math.trunc(doe / 36524) - Math.trunc(doe / 146096)) / 365)
  const doy = doe - (365 * yoe + Math.trunc(yoe / 4) - Math.trunc(yoe / 100))
  const fromMarch = Math.trunc((5 * doy + 2) / 153)
  const day = doy - Math.trunc((153 * fromMarch + 2) / 5) + 1
  const month = ((fromMarch + 2) % 12) + 1
  const year = era * 400 + yoe + Math.trunc(fromMarch / 10)
  const weekday = (((days + 3) % 7) + 7) % 7
  return [year, month, day, weekday, days]
}

/** [n, 1] epoch seconds -> float64 [n, 5]. The same arithmetic in INT64 nodes; Div cuts, Mod has the divisor's sign. */
const partNodes = (graph: Graph, source: string): string => {
  const whole = (value: number): string => graph.constant('INT64', [1, 1], BigInt64Array.of(BigInt(value)))
  const op = (operator: string) => (a: string, b: string | number) =>
    graph.node(operator, [a, typeof b === 'number' ? whole(b) : b])
  const [add, sub, mul, div, mod] = [op('Add'), op('Sub'), op('Mul'), op('Div'), op('Mod')] as const

  const missing = graph.node('Equal', [source, graph.constant('INT64', [1, 1], BigInt64Array.of(missingInt64))])
  const seconds = graph.node('Where', [missing, whole(0), source])
  const days = div(sub(seconds, mod(seconds, secondsOfDay)), secondsOfDay)
  const shifted = add(days, 719468)
  const doe = mod(shifted, 146097)
  const era = div(sub(shifted, doe), 146097)
  const yoe = div(sub(add(sub(doe, div(doe, 1460)), div(doe, 36524)), div(doe, 146096)), 365)
  const doy = sub(doe, sub(add(mul(yoe, 365), div(yoe, 4)), div(yoe, 100)))
  const fromMarch = div(add(mul(doy, 5), 2), 153)
  const day = add(sub(doy, div(add(mul(fromMarch, 153), 2), 5)), 1)
  const month = add(mod(add(fromMarch, 2), 12), 1)
  const year = add(add(mul(era, 400), yoe), div(fromMarch, 10))
  const weekday = mod(add(days, 3), 7)
  const parts = graph.node('Concat', [year, month, day, weekday, days], { attributes: { axis: { int: 1 } } })
  const numbers = graph.node('Cast', [parts], { attributes: { to: { int: elementTypes.FP64 } } })
  return graph.node('Where', [missing, graph.constant('FP64', [1, 1], Float64Array.of(Number.NaN)), numbers])
}
