import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnCodec } from '../../../src/dataset/column-codec.ts'
import { missingInt64 } from '../../../src/dataset/column-codec.ts'
import { type ColumnRange, columnRanges } from '../../../src/explain/column-range.ts'
import { type Classify, type CounterfactualSearch, counterfactual } from '../../../src/explain/counterfactual.ts'

const number = (name: string): ColumnCodec => ({ name, missing: [], kind: 'numeric', datatype: 'FP64', decimal: '.' })
const whole = (name: string, datatype: 'INT64' | 'FP32' = 'FP32'): ColumnCodec => ({
  ...{ name, missing: [], kind: 'integer', decimal: '.' },
  datatype,
})
const category = (name: string): ColumnCodec => ({
  ...{ name, missing: [] },
  ...({ kind: 'category', datatype: 'BYTES', case: 'keep', numbers: 'keep' } as const),
})

const columns = [number('a'), whole('b'), category('c')]
const points = (min: number, max: number) => Array.from({ length: 20 }, (_, i) => min + ((max - min) * i) / 19)
const ranges: readonly ColumnRange[] = [
  { name: 'a', kind: 'number', whole: false, min: -5, max: 5, points: points(-5, 5) },
  { name: 'b', kind: 'number', whole: true, min: 0, max: 19, points: points(0, 19) },
  { name: 'c', kind: 'levels', ordered: false, levels: ['x', 'y', 'z'] },
]
const levels: Readonly<Record<string, number>> = { x: 0, y: 1, z: -1 }

type Weights = { readonly a: number; readonly b: number; readonly c: number; readonly bias: number }
const scoreOf = ({ a, b, c, bias }: Weights, row: readonly unknown[]): number =>
  a * Number(row[0]) + b * Number(row[1]) + c * levels[String(row[2])]! + bias

/** yes where the score is positive; counts the rows that it was asked for. */
const linear = (weights: Weights, asked = { rows: 0 }): Classify => {
  return async (rows) => {
    asked.rows += rows.length
    return rows.map((row) => {
      const yes = 1 / (1 + Math.exp(-scoreOf(weights, row)))
      return { label: scoreOf(weights, row) > 0 ? 'yes' : 'no', probabilities: [1 - yes, yes] }
    })
  }
}

const search: CounterfactualSearch = { columns, ranges, classes: ['no', 'yes'], fixed: [], budget: 2000 }
const origins = fc.tuple(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.integer({ min: 0, max: 19 }),
  fc.constantFrom('x', 'y', 'z'),
)
// Sixteenths: a weight near zero moves a probability by less than its last bit.
const weight = fc.integer({ min: -32, max: 32 }).map((sixteenths) => sixteenths / 16)
const anyWeights = fc.record({
  a: weight,
  b: weight,
  c: weight,
  bias: fc.integer({ min: -128, max: 128 }).map((sixteenths) => sixteenths / 16),
})

/** The least share of its range that one column alone must move to change the sign; infinite where none can. */
const leastAlone = (weights: Weights, row: readonly [number, number, string]): number => {
  const isYes = scoreOf(weights, row) > 0
  let least = Number.POSITIVE_INFINITY
  const consider = (changed: readonly unknown[], distance: number): void => {
    if (scoreOf(weights, changed) > 0 !== isYes) least = Math.min(least, distance)
  }
  for (let i = 0; i <= 20_000; i++) {
    const a = -5 + i / 2000
    consider([a, row[1], row[2]], Math.abs(a - row[0]) / 10)
  }
  for (let b = 0; b <= 19; b++) consider([row[0], b, row[2]], Math.abs(b - row[1]) / 19)
  for (const c of ['x', 'y', 'z']) if (c !== row[2]) consider([row[0], row[1], c], 1)
  return least
}

test('any linear model and row -> a change that flips, within types and ranges, none of it idle, near the least', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWeights,
      origins,
      fc.subarray(['a', 'b', 'c'], { maxLength: 2 }),
      async (weights, row, fixed) => {
        const asked = { rows: 0 }
        const found = await counterfactual(linear(weights, asked))(row, { ...search, fixed })
        expect(found.modelRows).toBe(asked.rows)
        const alone = fixed.length === 0 ? leastAlone(weights, row) : Number.POSITIVE_INFINITY
        if (!found.found) {
          expect(alone).toBe(Number.POSITIVE_INFINITY)
          return
        }
        const changed = new Map(found.changes.map(({ column, to }) => [column, to]))
        const after = columns.map(({ name }, place) => changed.get(name) ?? row[place])
        expect(scoreOf(weights, after) > 0).toBe(scoreOf(weights, row) <= 0)
        for (const name of fixed) expect(changed.has(name)).toBe(false)
        for (const { column, from, to } of found.changes) {
          const range = ranges.find(({ name }) => name === column)!
          if (range.kind === 'number') {
            expect(to).toBeGreaterThanOrEqual(range.min)
            expect(to).toBeLessThanOrEqual(range.max)
            if (range.whole) expect(Number.isInteger(to)).toBe(true)
          } else expect(range).toMatchObject({ levels: expect.arrayContaining([to]) })
          const without = columns.map(({ name }, place) => (name === column ? row[place] : after[place]))
          if (found.changes.length > 1) expect(scoreOf(weights, without) > 0).toBe(scoreOf(weights, row) > 0)
          expect(to).not.toBe(from)
        }
        // A twentieth for rounding, and a step of the ladders.
        if (alone < Number.POSITIVE_INFINITY) expect(found.distance).toBeLessThanOrEqual(alone * 1.06 + 0.002)
      },
    ),
    { numRuns: 200 },
  )
})

const flat: Weights = { a: 0, b: 0, c: 0, bias: 1 }
test.for([
  { given: 'all columns fixed', change: { fixed: ['a', 'b', 'c'] }, reason: 'every column that could change is fixed' },
  {
    given: 'a model of texts and dates',
    change: {
      ranges: [
        { name: 'a', kind: 'kept', why: 'text' },
        { name: 'b', kind: 'date', whole: true, min: 0, max: 9, points: [0, 9] },
        { name: 'c', kind: 'kept', why: 'personal' },
      ] satisfies ColumnRange[],
    },
    reason:
      'counterfactuals change numbers, truth values, categories and ordered levels, and this model has no such column that may change',
  },
  { given: 'a model that nothing moves', change: {}, reason: 'no change within the training ranges reaches it' },
  { given: 'a budget of ten rows', change: { budget: 10 }, reason: 'the budget was used up' },
  { given: 'the class that it has', change: { wanted: 'yes' }, reason: 'it is answered with yes as it is' },
])('$given -> none, and why', async ({ change, reason }) => {
  const found = await counterfactual(linear(flat))([0, 3, 'x'], { ...search, ...change })
  expect(found).toMatchObject({ found: false, reason })
})

test('a number that the model has as float32 -> told with the fewest digits that name it', async () => {
  const single: ColumnCodec = { name: 'b', missing: [], kind: 'numeric', datatype: 'FP32', decimal: '.' }
  const own = { ...search, columns: [number('a'), single, category('c')] }
  const found = await counterfactual(linear({ a: 0, b: 1, c: 0, bias: -5 }))([0, Math.fround(11.47), 'x'], own)
  expect(found).toMatchObject({ found: true, changes: [{ column: 'b', from: 11.47 }] })
})

test('a change of two columns that neither makes alone -> both, and a missing value is told as null', async () => {
  const both: Classify = async (rows) =>
    rows.map(([a, , c]) => {
      const yes = (Number(a) > 2 ? 0.4 : 0) + (c === 'y' ? 0.4 : 0)
      return { label: yes > 0.5 ? 'yes' : 'no', probabilities: [1 - yes, yes] }
    })
  const found = await counterfactual(both)([Number.NaN, Number.NaN, 'x'], search)
  expect(found).toMatchObject({ found: true, class: 'yes', probability: 0.8 })
  if (found.found) expect(found.changes.map(({ column }) => column)).toEqual(['a', 'c'])
  if (found.found) expect(found.changes[0]).toMatchObject({ from: null })
})

test('a column that helped on the way and is not needed at the end -> goes back', async () => {
  const byOthers: Classify = async (rows) =>
    rows.map(([a, b, c]) => {
      const isY = c === 'y'
      const yes = (Number(a) > 2 ? 0.2 : 0) + (isY ? 0.1 : 0) + (isY && Number(b) >= 10 ? 0.6 : 0)
      return { label: yes > 0.5 ? 'yes' : 'no', probabilities: [1 - yes, yes] }
    })
  const found = await counterfactual(byOthers)([0, 0, 'x'], search)
  expect(found).toMatchObject({
    found: true,
    changes: [
      { column: 'b', to: 10 },
      { column: 'c', to: 'y' },
    ],
  })
})

test('columns of each kind -> what they had in training, and nothing of personal ones', () => {
  const text: ColumnCodec = { name: 't', missing: [], kind: 'text', datatype: 'BYTES', tokens: 'words' }
  const codec = {
    codecVersion: 1 as const,
    columns: [number('a'), whole('b', 'INT64'), category('c'), text, number('same'), category('mail')],
  }
  const tensor = (
    name: string,
    datatype: 'FP64' | 'INT64' | 'BYTES',
    data: Float64Array | BigInt64Array | string[],
  ) => ({
    ...{ name, datatype, data },
    shape: [4, 1],
  })
  const tensors = [
    tensor('a', 'FP64', Float64Array.of(0.5, Number.NaN, -1, 3)),
    tensor('b', 'INT64', BigInt64Array.of(4n, missingInt64, 2n, 4n)),
    tensor('c', 'BYTES', ['u', 'v', 'v', '']),
    tensor('t', 'BYTES', ['p q', 'r', '', 's']),
    tensor('same', 'FP64', Float64Array.of(1, 1, 1, 1)),
    tensor('mail', 'BYTES', ['a@b.c', 'd@e.f', '', '']),
  ]
  expect(columnRanges(codec, tensors, ['mail'])).toEqual([
    { name: 'a', kind: 'number', whole: false, min: -1, max: 3, points: [-1, 0.5, 3] },
    { name: 'b', kind: 'number', whole: true, min: 2, max: 4, points: [2, 4] },
    { name: 'c', kind: 'levels', ordered: false, levels: ['v', 'u'] },
    { name: 't', kind: 'kept', why: 'text' },
    { name: 'same', kind: 'kept', why: 'constant' },
    { name: 'mail', kind: 'kept', why: 'personal' },
  ])
})
