import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { TrainingData } from '../../../../src/estimators/estimator.ts'
import { type GbdtHyper, gbdt } from '../../../../src/estimators/gbdt.ts'
import { fitFully } from '../../../../src/estimators/list.ts'

const stump = (changes: Partial<GbdtHyper>) =>
  gbdt.hyper({ iterations: 1, learningRate: 1, leaves: 2, minRows: 1, l2: 0, categoryRows: 1, ...changes })

const lossOf = (y: readonly number[], margins: ArrayLike<number>): number =>
  y.reduce((sum, value, i) => sum + (value - margins[i]!) ** 2, 0)

/** Sum of squares about the means of two sides. */
const splitLoss = (y: readonly number[], left: readonly boolean[]): number =>
  [true, false].reduce((sum, side) => {
    const own = y.filter((_, i) => left[i] === side)
    const mean = own.reduce((total, value) => total + value, 0) / own.length
    return sum + own.reduce((total, value) => total + (value - mean) ** 2, 0)
  }, 0)

const sides = (left: readonly boolean[]): boolean => left.includes(true) && left.includes(false)

/** Of every threshold of every column, missing values on either side. */
const bestThresholdLoss = (columns: readonly (readonly number[])[], y: readonly number[]): number => {
  const losses = columns.flatMap((column) =>
    [...new Set(column)].flatMap((threshold) =>
      [true, false].flatMap((missingLeft) => {
        const left = column.map((value) =>
          Number.isNaN(value) ? missingLeft : Number.isNaN(threshold) ? !missingLeft : value <= threshold,
        )
        return sides(left) ? [splitLoss(y, left)] : []
      }),
    ),
  )
  return Math.min(
    splitLoss(
      y,
      y.map(() => true),
    ),
    ...losses,
  )
}

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
)
const table = fc.integer({ min: 2, max: 25 }).chain((rows) =>
  fc.record({
    columns: fc.array(fc.array(cell, { minLength: rows, maxLength: rows }), { minLength: 1, maxLength: 3 }),
    y: fc.array(fc.integer({ min: -20, max: 20 }), { minLength: rows, maxLength: rows }),
  }),
)

const dataOf = (
  columns: readonly (readonly number[])[],
  y: readonly number[],
  levels?: readonly number[],
): TrainingData => ({
  X: {
    ...{ rows: y.length, columns: columns.length },
    values: Float64Array.from(
      { length: y.length * columns.length },
      (_, at) => columns[at % columns.length]![Math.floor(at / columns.length)]!,
    ),
    ...(levels && { levels }),
  },
  y: Float64Array.from(y),
})

const fitted = async (data: TrainingData, changes: Partial<GbdtHyper> = {}) => {
  const { model } = await fitFully(gbdt, stump(changes), data, compute(1))
  return { model, margins: gbdt.margins(model, data.X).values }
}

test('small tables with missing values -> the one cut has the least loss that any has', () =>
  fc.assert(
    fc.asyncProperty(table, async ({ columns, y }) => {
      const { margins } = await fitted(dataOf(columns, y))
      expect(lossOf(y, margins)).toBeCloseTo(bestThresholdLoss(columns, y), 6)
    }),
    { numRuns: 150 },
  ))

test('small tables of one category column -> the set has the least loss that any set has', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -20, max: 20 })), {
        minLength: 2,
        maxLength: 25,
      }),
      async (pairs) => {
        const column = pairs.map(([level]) => level)
        const y = pairs.map(([, value]) => value)
        const losses = Array.from({ length: 64 }, (_, set) => column.map((level) => ((set >> level) & 1) === 1))
          .filter(sides)
          .map((left) => splitLoss(y, left))
        const { margins } = await fitted(dataOf([column], y, [6]), { categorySmoothing: 0 })
        expect(lossOf(y, margins)).toBeCloseTo(
          Math.min(
            splitLoss(
              y,
              y.map(() => true),
            ),
            ...losses,
          ),
          6,
        )
      },
    ),
    { numRuns: 150 },
  ))

test('a monotone feature, other features beside it -> answers never move against it', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(1 as const, -1 as const),
      async (seed, direction) => {
        const random = (i: number, k: number): number =>
          Math.abs(Math.sin(seed * 12.9898 + i * 78.233 + k * 37.719) * 43758.5453) % 1
        const columns = [0, 1, 2].map((k) => Array.from({ length: 80 }, (_, i) => Math.floor(random(i, k) * 20)))
        const y = columns[0]!.map((value, i) => Math.sin(value) * 5 + value / 4 + columns[1]![i]! * random(i, 5))
        const hyper = { iterations: 15, learningRate: 0.5, leaves: 12, monotone: { a: direction } }
        const data = dataOf(columns, y)
        const { model } = await fitted({ ...data, X: { ...data.X, sources: ['a', 'b', 'c'] } }, hyper)
        const asked = [3, 11].flatMap((other) => Array.from({ length: 22 }, (_, value) => [value - 1, other, 7]))
        const { values } = gbdt.margins(model, {
          rows: asked.length,
          columns: 3,
          values: Float64Array.from(asked.flat()),
        })
        for (let i = 1; i < asked.length; i++)
          if (i % 22 > 0) expect(direction * (values[i]! - values[i - 1]!)).toBeGreaterThanOrEqual(0)
      },
    ),
    { numRuns: 40 },
  ))
