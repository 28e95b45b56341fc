import { missingInt64 } from '../dataset/column-codec.ts'
import type { Graph } from '../onnx/graph.ts'
import { cast, concat, floats } from './nodes.ts'
import type { Columns, FloatType, Transformer } from './transformer.ts'

/** weekday: Monday is 0; day number: days since 1970-01-01; sin and cos of a part's place in its cycle. All in UTC. */
export const dateParts = [
  'year',
  'month',
  'day',
  'weekday',
  'day number',
  'hour',
  'month sin',
  'month cos',
  'weekday sin',
  'weekday cos',
  'hour sin',
  'hour cos',
] as const

export type DatePart = (typeof dateParts)[number]

const wholeParts: readonly DatePart[] = dateParts.slice(0, 6)

const turn = (value: number, length: number): number => (2 * Math.PI * value) / length

/** Tables, not Sin and Cos nodes: those differ from JavaScript's in the last digit. */
const cycles = [
  { of: 'month', first: 1, length: 12 } as const,
  { of: 'weekday', first: 0, length: 7 } as const,
  { of: 'hour', first: 0, length: 24 } as const,
].flatMap(({ of, first, length }) =>
  (['sin', 'cos'] as const).map((wave) => ({
    name: `${of} ${wave}`,
    place: wholeParts.indexOf(of),
    values: Array.from({ length: first + length }, (_, value) => Math[wave](turn(value - first, length))),
  })),
)

const secondsOfHour = 3600
const secondsOfDay = 86400

/**
 * Epoch seconds -> a column per part, NaN where the date is missing. What is fitted is which parts are not the same for
 * all dates, which leaves out hours where all are days. The graph answers `datatype`.
 * Calendar by whole numbers: H. Hinnant, chrono-compatible low-level date algorithms, civil_from_days.
 */
export const dateParting = (
  datatype: FloatType,
  wanted: readonly DatePart[] = dateParts,
): Transformer<BigInt64Array, readonly DatePart[], string> => ({
  fit: (column) => {
    const varied = new Set<DatePart>()
    partColumns(wanted, column).forEach((values, place) => {
      const first = values.find((value) => !Number.isNaN(value))
      if (values.some((value) => !Number.isNaN(value) && value !== first)) varied.add(wanted[place]!)
    })
    return wanted.filter((part) => varied.has(part))
  },
  apply: partColumns,
  toGraph: (parts, graph, source) => partNodes(datatype, parts, graph, source),
})

/** Where a part stands among the whole ones, and for a cycle's wave its values. */
const sourceOf = (part: DatePart): { readonly place: number; readonly values?: readonly number[] } =>
  cycles.find(({ name }) => name === part) ?? { place: wholeParts.indexOf(part) }

const partColumns = (parts: readonly DatePart[], column: BigInt64Array): Columns => {
  const columns = parts.map(() => new Float64Array(column.length).fill(Number.NaN))
  const sources = parts.map(sourceOf)
  column.forEach((seconds, row) => {
    if (seconds === missingInt64) return
    const whole = partsOf(Number(seconds))
    sources.forEach(({ place, values }, part) => {
      const value = whole[place]!
      columns[part]![row] = values === undefined ? value : values[value]!
    })
  })
  return columns
}

// The shared arithmetic, on days since 1970-01-01. `era` is 400 years of 146,097 days that begin on 1 March 0000.
const partsOf = (seconds: number): readonly number[] => {
  const days = Math.floor(seconds / secondsOfDay)
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
  const hour = Math.floor((seconds - days * secondsOfDay) / secondsOfHour)
  return [year, month, day, weekday, days, hour]
}

/** [n, 1] epoch seconds -> [n, parts]. The same arithmetic in INT64 nodes; Div cuts, Mod has the divisor's sign. */
const partNodes = (datatype: FloatType, parts: readonly DatePart[], graph: Graph, source: string): string => {
  const whole = (value: number): string => graph.constant('INT64', [1, 1], BigInt64Array.of(BigInt(value)))
  const op = (operator: string) => (a: string, b: string | number) =>
    graph.node(operator, [a, typeof b === 'number' ? whole(b) : b])
  const [add, sub, mul, div, mod] = [op('Add'), op('Sub'), op('Mul'), op('Div'), op('Mod')] as const

  const missing = graph.node('Equal', [source, graph.constant('INT64', [1, 1], BigInt64Array.of(missingInt64))])
  const seconds = graph.node('Where', [missing, whole(0), source])
  const ofDay = mod(seconds, secondsOfDay)
  const days = div(sub(seconds, ofDay), secondsOfDay)
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
  const values = [year, month, day, weekday, days, div(ofDay, secondsOfHour)]
  const columns = parts.map(sourceOf).map(({ place, values: wave }) => {
    if (wave === undefined) return cast(graph, values[place]!, datatype)
    return graph.node('Gather', [graph.constant(datatype, [wave.length], floats(datatype, wave)), values[place]!])
  })
  const missingValue = graph.constant(datatype, [1, 1], floats(datatype, [Number.NaN]))
  return graph.node('Where', [missing, missingValue, concat(graph, columns)])
}
