import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Graph } from '../../../src/onnx/graph.ts'
import { clip } from '../../../src/transformers/clip.ts'
import { impute, missingIndicator } from '../../../src/transformers/impute.ts'
import { quantileScale } from '../../../src/transformers/quantile-scale.ts'
import { robustScale } from '../../../src/transformers/robust-scale.ts'
import { standardise } from '../../../src/transformers/standardise.ts'
import type { Columns, Transformer } from '../../../src/transformers/transformer.ts'
import { columnsOf, figures, numbersTensor, rowMajor, served } from '../../fixtures/transformers.ts'

const numbers = columnsOf(figures.numbers)
const holes = columnsOf(figures.holes)
const fresh = columnsOf(figures.fresh)

/** A transformer with what it was fitted on forgotten. */
type Applied = {
  readonly apply: (columns: Columns) => Columns
  readonly toGraph: (graph: Graph, source: string) => string
}

/** Through JSON, as a pipeline is kept. */
const fitted = <Fitted>(transformer: Transformer<Columns, Fitted, string>, columns: Columns): Applied => {
  const kept: Fitted = JSON.parse(JSON.stringify(transformer.fit(columns)))
  return {
    apply: (input) => transformer.apply(kept, input),
    toGraph: (graph, source) => transformer.toGraph(kept, graph, source),
  }
}

const medians = impute(['median', 'median', 'median', 'median'])

const cases: readonly { name: string; applied: Applied; input: Columns; expected: Columns }[] = [
  {
    name: 'SimpleImputer, median',
    applied: fitted(medians, holes),
    input: holes,
    expected: columnsOf(figures.imputed).slice(0, 4),
  },
  {
    name: 'SimpleImputer, indicator',
    applied: fitted(missingIndicator, holes),
    input: holes,
    expected: columnsOf(figures.imputed).slice(4),
  },
  {
    name: 'StandardScaler',
    applied: fitted(standardise, numbers),
    input: fresh,
    expected: columnsOf(figures.standardised),
  },
  { name: 'RobustScaler', applied: fitted(robustScale, numbers), input: fresh, expected: columnsOf(figures.robust) },
  {
    name: 'QuantileTransformer',
    applied: fitted(quantileScale, numbers),
    input: fresh,
    expected: columnsOf(figures.quantile),
  },
  {
    name: 'numpy clip at quantiles',
    applied: fitted(clip({ tail: 0.05, reach: 0 }), numbers.slice(0, 3)),
    input: fresh.slice(0, 3),
    expected: columnsOf(figures.winsorised).slice(0, 3),
  },
]

test.for(cases)('$name -> scikit-learn to 12 digits; the graph has the bits', async ({ applied, input, expected }) => {
  const own = applied.apply(input)
  expect(own).toHaveLength(expected.length)
  own.forEach((column, place) => {
    column.forEach((value, row) => {
      const figure = expected[place]![row]!
      expect(Math.abs(value - figure), `column ${place}, row ${row}`).toBeLessThan(
        1e-12 * Math.max(1, Math.abs(figure)),
      )
    })
  })
  expect(await served(numbersTensor(input), applied.toGraph)).toStrictEqual(rowMajor(own))
})

test('the most frequent value -> scikit-learn; of an all-missing column 0', () => {
  expect(impute(['most-frequent']).fit([holes[2]!])).toEqual([figures.mostFrequent])
  const nothing = Float64Array.of(Number.NaN, Number.NaN)
  expect(impute(['most-frequent', 'median']).fit([nothing, nothing])).toEqual([0, 0])
})

test('outliers beyond the reach are clipped; a column of nearly one value keeps its others', () => {
  const usual = Float64Array.from({ length: 1000 }, (_, i) => i % 100)
  usual[7] = 1e6
  const flag = new Float64Array(1000)
  flag[3] = 1
  const { lows, highs } = clip({ tail: 0.01, reach: 1 }).fit([usual, flag])
  expect(highs[0]).toBeGreaterThan(190)
  expect(highs[0]).toBeLessThan(200)
  expect([lows[1], highs[1]]).toEqual([-Number.MAX_VALUE, Number.MAX_VALUE])
})

test.for([
  ['standardise', standardise],
  ['robust', robustScale],
  ['quantile', quantileScale],
] as const)('%s of the largest and the least numbers -> finite, also through JSON', ([, transformer]) => {
  const columns = [
    Float64Array.of(1e308, 1e308, 1.7e308, 1.1e308),
    Float64Array.of(0, 5e-324, 1e-323, 1),
    Float64Array.of(-1e200, 1e200, 0, 1),
  ]
  const applied = fitted<unknown>(transformer as Transformer<Columns, unknown, string>, columns) // takes back what it made
  for (const column of applied.apply(columns)) expect([...column].every(Number.isFinite)).toBe(true)
})

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
)
const anyColumn = fc
  .array(value, { minLength: 2, maxLength: 120 })
  .map((values) => Float64Array.from(values, (x) => x + 0))

test.for([
  ['impute', impute(['median'])],
  ['clip', clip({ tail: 0.05, reach: 0 })],
  ['standardise', standardise],
  ['robust', robustScale],
  ['quantile', quantileScale],
] as const)('%s of any column -> the graph has the bits of apply', async ([, transformer]) => {
  const property = fc.asyncProperty(anyColumn, anyColumn, async (learned, asked) => {
    // All but the imputer come behind it.
    const present = learned.filter((number) => !Number.isNaN(number))
    const applied = fitted<unknown>(
      transformer as Transformer<Columns, unknown, string>, // fitted takes back what it made
      [present.length > 0 ? present : Float64Array.of(0)],
    )
    const own = applied.apply([asked])
    expect(await served(numbersTensor([asked]), applied.toGraph)).toStrictEqual(rowMajor(own))
  })
  await fc.assert(property, { numRuns: 40 })
})
