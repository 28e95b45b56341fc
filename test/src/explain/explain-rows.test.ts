import { expect, test } from 'vitest'
import { runGraph } from '../../../adapters/runs/run-graph.ts'
import type { Matrix } from '../../../src/estimators/estimator.ts'
import { estimators } from '../../../src/estimators/list.ts'
import type { ForestModel } from '../../../src/estimators/trees/forest-margins.ts'
import { treeSums } from '../../../src/estimators/trees/model.ts'
import { explainRows } from '../../../src/explain/explain-rows.ts'
import type { Explanation, Method, OutputSpace, RunRows } from '../../../src/explain/explanation.ts'
import { predictTrained, type TrainedModel } from '../../../src/run/trained.ts'
import type { Algorithm } from '../../../src/task.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { applyPipeline } from '../../../src/transformers/pipeline.ts'
import { trainOn } from '../../fixtures/learning.ts'
import { shapley } from './brute-force.ts'
import { blend, cars, columnGame, columnOfMatrix, hyperOf, loans, penguins, tensorsOf, versionOf } from './explained.ts'

const equalWeights = (rows: number): Float64Array => new Float64Array(rows).fill(1 / rows)

/** Of the penguins, two species in turn. */
const asked = [0, 200, 57]
const others = [3, 20, 41, 90, 111, 150]

type Case = {
  readonly algorithm: Algorithm
  readonly table: typeof cars
  readonly target: string
  readonly method: Method
  readonly output: OutputSpace
  /** What is explained of a row, in float64. */
  readonly explained: (trained: TrainedModel, tensors: readonly Tensor[]) => Matrix
}

const marginsOf = ({ members }: TrainedModel, tensors: readonly Tensor[]): Matrix => {
  const { algorithm, model, pipeline } = members[0]!
  return estimators[algorithm].margins(model, applyPipeline(pipeline, tensors))
}

/** Shares of a forest before they are clipped. */
const shares = ({ members }: TrainedModel, tensors: readonly Tensor[]): Matrix => {
  const { model, pipeline } = members[0]!
  const own = model as ForestModel // of a member of that algorithm
  const sums = treeSums(own, applyPipeline(pipeline, tensors))
  const each = own.trees.length / own.base.length
  return { ...sums, values: sums.values.map((sum, at) => sum / each + own.base[at % own.base.length]!) }
}

const cases: readonly Case[] = [
  ...(['linear', 'gbdt', 'forest', 'mlp'] as const).map((algorithm) => ({
    ...{ algorithm, table: cars, target: 'Miles_per_Gallon', output: 'value' as const, explained: predictTrained },
    method: (
      { linear: 'linear', gbdt: 'tree-interventional', forest: 'tree-interventional', mlp: 'permutation' } as const
    )[algorithm],
  })),
  {
    algorithm: 'logistic',
    table: penguins,
    target: 'species',
    method: 'linear',
    output: 'margin',
    explained: marginsOf,
  },
  {
    algorithm: 'gbdt',
    table: penguins,
    target: 'species',
    method: 'tree-interventional',
    output: 'margin',
    explained: marginsOf,
  },
  {
    algorithm: 'forest',
    table: penguins,
    target: 'species',
    method: 'tree-interventional',
    output: 'probability',
    explained: shares,
  },
]

/** Largest difference from the values of all subsets, of the largest value. */
const offBy = (explanation: Explanation, row: number, expected: readonly number[]): number => {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  const own = explanation.rows[row]!.contributions.map(({ contribution }) => contribution)
  return own.reduce((off, value, j) => Math.max(off, Math.abs(value - expected[j]!)), 0) / largest
}

test.for(cases)(
  'given $algorithm of $target, contributions of raw columns are those of all their subsets, by $method',
  async ({ algorithm, table, target, method, output, explained }) => {
    const { fitted, predict } = await trainOn(table, { target, algorithm, hyper: hyperOf[algorithm] })
    const { trained } = fitted
    const { manifest, explain } = versionOf(fitted, trained, tensorsOf(fitted, table, others))
    const inputs = tensorsOf(manifest, table, asked)
    const tensors = tensorsOf(manifest, table, others)
    const explanation = await explain({ inputs, background: tensors })
    expect(explanation).toMatchObject({ method, output, columns: 'column', background: { kind: 'request', rows: 6 } })
    for (const [row, own] of explanation.rows.entries()) {
      const k = own.class === undefined ? 0 : manifest.classes!.indexOf(own.class)
      const game = columnGame(inputs, row, { tensors, weights: equalWeights(6) }, (masked) =>
        columnOfMatrix(explained(trained, masked), k),
      )
      // The net runs in float32 on either side, and adds up there in another order.
      expect(offBy(explanation, row, shapley(manifest.codec.columns.length, game))).toBeLessThan(
        method === 'permutation' ? 1e-4 : 1e-6,
      )
      expect(own.additivityError).toBeLessThan(1e-9 * (1 + Math.abs(own.prediction)))
      expect(Math.abs(own.answer - columnOfMatrix(predict(inputs), k)[row]!)).toBeLessThan(
        1e-4 * (1 + Math.abs(own.answer)),
      )
    }
  },
)

test("given trees and a linear model blended, values are those of all subsets of the blend, on the version's own background", async () => {
  const of = { table: cars, target: 'Miles_per_Gallon' }
  const { trained, manifest, explain, explainer } = await blend(
    [
      ['gbdt', 0.5],
      ['forest', 0.2],
      ['linear', 0.3],
    ],
    of,
  )
  const inputs = tensorsOf(manifest, cars, [57])
  const explanation = await explain({ inputs, interactions: true })
  const { rows } = explanation.background
  expect(explanation).toMatchObject({ method: 'tree-interventional', output: 'value', background: { kind: 'version' } })
  expect(rows).toBe(explainer.background.weights.length)
  for (const [row, own] of explanation.rows.entries()) {
    const game = columnGame(inputs, row, explainer.background, (masked) => predictTrained(trained, masked).values)
    expect(offBy(explanation, row, shapley(manifest.codec.columns.length, game))).toBeLessThan(1e-6)
    expect(Math.abs(game(0) - own.baseValue)).toBeLessThan(1e-9)
    // Rows of interactions are the contributions.
    for (const [i, line] of own.interactions!.entries())
      expect(line.reduce((sum, value) => sum + value, 0)).toBeCloseTo(own.contributions[i]!.contribution, 9)
  }
})

test('given a model of trees, permutation over all subsets answers what the trees do, on the same background', async () => {
  const { manifest, explain } = await blend([['gbdt', 1]], { table: cars, target: 'Miles_per_Gallon' })
  const inputs = tensorsOf(manifest, cars, asked)
  const byTrees = await explain({ inputs })
  const byAsking = await explain({ inputs, method: 'permutation', budget: 128 * 50 })
  expect(byAsking).toMatchObject({ method: 'permutation', background: byTrees.background })
  byAsking.rows.forEach((row, at) => {
    const expected = byTrees.rows[at]!.contributions.map(({ contribution }) => contribution)
    // The graph's leaves are float32.
    expect(offBy(byAsking, at, expected)).toBeLessThan(1e-5)
    expect(Math.abs(row.baseValue - byTrees.rows[at]!.baseValue)).toBeLessThan(1e-4)
  })
})

test('given members whose values are of different kinds, the served answer is explained by permutation', async () => {
  const { manifest, explain, explainer } = await blend(
    [
      ['logistic', 0.5],
      ['forest', 0.5],
    ],
    { table: loans, target: 'Class' },
  )
  expect(explainer.members).toHaveLength(2)
  const explanation = await explain({ inputs: tensorsOf(manifest, loans, [3]), budget: 5000 })
  expect(explanation).toMatchObject({ method: 'permutation', output: 'probability' })
  const [row] = explanation.rows
  expect(row!.prediction).toBe(row!.answer)
  expect(row!.additivityError).toBeLessThan(1e-9)
  for (const { standardError } of row!.contributions) expect(standardError).toBeGreaterThanOrEqual(0)
  const { members } = (
    await blend(
      [
        ['gbdt', 0.5],
        ['mlp', 0.5],
      ],
      { table: loans, target: 'Class' },
    )
  ).explainer
  expect(members).toHaveLength(0)
})

test('given one-hot, date and text columns, their features add up on the raw column', async () => {
  const columns = { Name: { kind: 'text' } } as const
  const { fitted } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'linear', columns })
  const { explain, manifest } = versionOf(fitted, fitted.trained, tensorsOf(fitted, cars, others))
  const kinds = new Map(manifest.codec.columns.map(({ name, kind }) => [name, kind]))
  const { rows } = await explain({ inputs: tensorsOf(manifest, cars, asked) })
  const seen = new Set<string>()
  for (const { contributions } of rows)
    for (const { name, contribution, parts } of contributions) {
      if (parts === undefined || parts.length === 20) continue
      // A number has two where it may be missing.
      if (kinds.get(name) !== 'integer') seen.add(kinds.get(name)!)
      expect(parts.reduce((sum, part) => sum + part.contribution, 0)).toBeCloseTo(contribution, 9)
      for (const { feature } of parts) expect(feature.startsWith(name)).toBe(true)
    }
  expect([...seen].sort()).toEqual(['category', 'date', 'text'])
})

test('given path-dependent values, features of a column are summed, and each row adds up', async () => {
  const { fitted } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'gbdt', hyper: hyperOf.gbdt })
  const { explain, manifest } = versionOf(fitted, fitted.trained, tensorsOf(fitted, cars, others))
  const explanation = await explain({
    inputs: tensorsOf(manifest, cars, asked),
    method: 'tree-path-dependent',
    interactions: true,
  })
  expect(explanation).toMatchObject({ columns: 'sum', background: { kind: 'cover', rows: cars.columns[0]!.length } })
  for (const row of explanation.rows) {
    expect(row.additivityError).toBeLessThan(1e-9)
    for (const { contribution, parts = [] } of row.contributions)
      if (parts.length > 0) expect(parts.reduce((sum, part) => sum + part.contribution, 0)).toBeCloseTo(contribution, 9)
    row.interactions!.forEach((line, i) => {
      expect(line.reduce((sum, value) => sum + value, 0)).toBeCloseTo(row.contributions[i]!.contribution, 9)
    })
  }
})

test('given a row, its cells are told as their owner writes them', async () => {
  const { fitted } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'linear' })
  const { explain, manifest } = versionOf(fitted, fitted.trained, tensorsOf(fitted, cars, others))
  const { rows } = await explain({ inputs: tensorsOf(manifest, cars, [0]) })
  const cells = Object.fromEntries(rows[0]!.contributions.map(({ name, value }) => [name, value]))
  expect(cells).toMatchObject({ Cylinders: 8, Horsepower: 165, Year: '1970-01-01', Origin: 'USA' })
})

test('given what a model has no explanation for, a refusal that says what it has', async () => {
  const { fitted } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'linear' })
  const { explain, manifest } = versionOf(fitted, fitted.trained, tensorsOf(fitted, cars, others))
  const inputs = tensorsOf(manifest, cars, [0])
  await expect(explain({ inputs, method: 'tree-path-dependent' })).rejects.toThrow(
    /^method: expected linear or permutation for this model, got tree-path-dependent$/,
  )
  await expect(explain({ inputs, method: 'permutation', budget: 60 })).rejects.toThrow(
    /^budget: expected at least 84 model rows for each explained row \(2 x 7 columns x 6 background rows\), got 60; raise the budget/,
  )
  await expect(explain({ inputs, class: 'good' })).rejects.toThrow(/^class good: expected none/)
  await expect(explain({ inputs, background: inputs.slice(1) })).rejects.toThrow(
    /^background, input Cylinders: expected FP32 \[n,1\], got none$/,
  )
  await expect(explain({ inputs, method: 'permutation', interactions: true })).rejects.toThrow(/^interactions:/)
})

test('given more rows than are explained at once, parts ask for their own answers, and rows are those of one call', async () => {
  const { fitted } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'linear' })
  const { explain, manifest, bytes, model } = versionOf(fitted, fitted.trained, tensorsOf(fitted, cars, others))
  const places = Array.from({ length: 230 }, (_, at) => at)
  const asked: number[] = []
  const runRows: RunRows = (inputs, outputs) => {
    asked.push(inputs[0]!.shape[0]!)
    return runGraph(1)(bytes, inputs, outputs)
  }
  const explanation = await explainRows({ runRows })(model, { inputs: tensorsOf(manifest, cars, places) })
  expect(asked).toEqual([100, 100, 30])
  expect(explanation).toMatchObject({ method: 'linear', modelRows: 230 })
  expect(explanation.rows).toHaveLength(230)
  const [alone] = (await explain({ inputs: tensorsOf(manifest, cars, [229]) })).rows
  expect(explanation.rows[229]).toEqual(alone)
})

test('given more rows or pairs than one call may ask for, a refusal that says how many it takes', async () => {
  const { fitted } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'linear' })
  const { explain, manifest } = versionOf(fitted, fitted.trained, tensorsOf(fitted, cars, others))
  const many = (rows: number) => tensorsOf(manifest, cars, new Array<number>(rows).fill(0))
  await expect(explain({ inputs: many(100_001) })).rejects.toThrow(
    /^rows: expected at most 100000 .*, got 100001; send/,
  )
  await expect(explain({ inputs: many(20_409), interactions: true })).rejects.toThrow(
    /^interactions: expected at most 20408 rows of 7 columns, got 20409/,
  )
})
