import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnCodec } from '../../../src/dataset/column-codec.ts'
import type { Matrix } from '../../../src/estimators/estimator.ts'
import { partialDependence } from '../../../src/explain/partial-dependence.ts'
import { type AnswerRows, permutationImportance, seededOrders } from '../../../src/explain/permutation-importance.ts'
import { logLosses } from '../../../src/metrics/classification.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

type Case = {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly weights: readonly number[]
  readonly intercept: number
  readonly orders: readonly (readonly number[])[]
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

// permutation-importance.py beside it makes it.
const peer = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../fixtures/peers/permutation-importance.json`, 'utf8'),
) as Readonly<Record<'regression' | 'classes', Case>>

const column = (name: string, values: readonly number[]): Tensor => ({
  ...{ name, datatype: 'FP64', shape: [values.length, 1] },
  data: Float64Array.from(values),
})

const tensorsOf = ({ x }: Case): readonly Tensor[] =>
  x[0]!.map((_, j) =>
    column(
      `x${j}`,
      x.map((row) => row[j]!),
    ),
  )

const scoresOf = ({ weights, intercept }: Case, tensors: readonly Tensor[]): Float64Array =>
  Float64Array.from({ length: tensors[0]!.shape[0]! }, (_, row) =>
    weights.reduce((sum, weight, j) => sum + weight * Number(tensors[j]!.data[row]), intercept),
  )

const linear =
  (own: Case): AnswerRows =>
  async (tensors) => {
    const values = scoresOf(own, tensors)
    return { rows: values.length, columns: 1, values }
  }

const logistic =
  (own: Case): AnswerRows =>
  async (tensors) => {
    const yes = scoresOf(own, tensors).map((score) => 1 / (1 + Math.exp(-score)))
    return { rows: yes.length, columns: 2, values: Float64Array.from([...yes].flatMap((p) => [1 - p, p])) }
  }

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
const rmse =
  ({ y }: Case) =>
  ({ values }: Matrix) =>
    Math.sqrt(mean(values.map((value, row) => (value - y[row]!) ** 2)))

test.for([
  { name: 'regression', answer: linear, loss: rmse },
  {
    name: 'classes',
    answer: logistic,
    loss:
      ({ y }: Case) =>
      (m: Matrix) =>
        mean(logLosses(Float64Array.from(y), m)),
  },
] as const)("$name, in scikit-learn's row orders -> its importances", async ({ name, answer, loss }) => {
  const own = peer[name]
  const orders = (_: number, repeat: number) => Uint32Array.from(own.orders[repeat]!)
  const found = await permutationImportance(answer(own), tensorsOf(own), loss(own), { repeats: 3, orders })
  const byColumn = new Map(found.columns.map((one) => [one.column, one]))
  for (const [j, importance] of own.mean.entries()) {
    expect(byColumn.get(`x${j}`)?.importance).toBeCloseTo(importance, 9)
    expect(byColumn.get(`x${j}`)?.standardDeviation).toBeCloseTo(own.std[j]!, 9)
  }
  const sorted = found.columns.map(({ importance }) => importance)
  expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
})

test('a column that the model does not read -> no importance, and an interval of none', async () => {
  const own = { ...peer.regression, weights: [0, ...peer.regression.weights.slice(1)] }
  const orders = seededOrders(own.y.length, 3)
  const found = await permutationImportance(linear(own), tensorsOf(own), rmse(own), { repeats: 5, orders })
  expect(found.columns.find(({ column }) => column === 'x0')).toMatchObject({ importance: 0, low: 0, high: 0 })
})

test('seeded orders -> each a permutation, the same for the same seed, another for another column and repeat', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 20, max: 60 }), (seed, rows) => {
      const orders = seededOrders(rows, seed)
      const all = [orders(0, 0), orders(1, 0), orders(0, 1)]
      for (const order of all) expect([...order].sort((a, b) => a - b)).toEqual([...Array(rows).keys()])
      expect(seededOrders(rows, seed)(0, 0)).toEqual(all[0])
      expect(new Set(all.map(String)).size).toBe(3)
    }),
  )
})

const number: ColumnCodec = { name: 'a', missing: [], kind: 'numeric', datatype: 'FP32', decimal: '.' }
const category: ColumnCodec = {
  ...{ name: 'b', missing: [], kind: 'category', datatype: 'BYTES' },
  ...({ case: 'keep', numbers: 'keep' } as const),
}
const rows = [
  [0.5, 'x'],
  [2, 'y'],
  [-1, ''],
] as const
const table: readonly Tensor[] = [
  { ...column('a', []), datatype: 'FP32', shape: [3, 1], data: Float32Array.from(rows, ([a]) => a) },
  { name: 'b', datatype: 'BYTES', shape: [3, 1], data: rows.map(([, b]) => b) },
]
/** Two answers a row, with an interaction. */
const score = (a: number, b: string): readonly [number, number] => [a * (b === 'x' ? 2 : 1), b.length - a]
const answer: AnswerRows = async ([a, b]) => ({
  ...{ rows: a!.data.length, columns: 2 },
  values: Float64Array.from(
    Array.from(a!.data as Float32Array).flatMap((value, row) => score(value, String(b!.data[row]))),
  ),
})

test('partial dependence and single rows -> those of brute force, for numbers and for levels', async () => {
  const numbers = { name: 'a', kind: 'number', whole: false, min: -1, max: 2, points: [-1, 0.5, 2] } as const
  const levels = { name: 'b', kind: 'levels', ordered: false, levels: ['x', 'y'] } as const
  const common = { curves: 2, of: 1 }
  const ofNumber = await partialDependence(answer, table, { ...common, place: 0, range: numbers, column: number })
  const meanOver = (k: 0 | 1, of: (row: (typeof rows)[number]) => readonly [number, number]) =>
    rows.reduce((sum, row) => sum + of(row)[k], 0) / rows.length
  expect(ofNumber?.means).toEqual(
    ([0, 1] as const).map((k) => numbers.points.map((a) => meanOver(k, ([, b]) => score(a, b)))),
  )
  expect(ofNumber?.rows).toEqual(rows.slice(0, 2).map(([, b]) => numbers.points.map((a) => score(a, b)[1])))
  const ofLevel = await partialDependence(answer, table, { ...common, place: 1, range: levels, column: category })
  expect(ofLevel).toMatchObject({
    points: ['x', 'y'],
    means: ([0, 1] as const).map((k) => levels.levels.map((b) => meanOver(k, ([a]) => score(a, b)))),
  })
  const kept = { name: 'a', kind: 'kept', why: 'personal' } as const
  expect(await partialDependence(answer, table, { ...common, place: 0, range: kept, column: number })).toBeUndefined()
})
