import { expect, test } from 'vitest'
import { explainRows } from '../../../src/explain/explain-rows.ts'
import type { ExplainedModel, RunRows } from '../../../src/explain/explanation.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const modelOf = (width: number): ExplainedModel => ({
  signature: {
    inputs: [{ name: 'x', datatype: 'FP64', shape: [-1, width] }],
    outputs: [{ name: 'y', datatype: 'FP64', shape: [-1] }],
  },
})

const rowsOf = (rows: readonly (readonly number[])[]): readonly Tensor[] => [
  { name: 'x', datatype: 'FP64', shape: [rows.length, rows[0]!.length], data: Float64Array.from(rows.flat()) },
]

/** Answers each row by `answer`. */
const runs =
  (answer: (row: Float64Array) => number): RunRows =>
  async ([x]) => {
    const [rows = 0, width = 0] = x!.shape
    const values = x!.data as Float64Array
    const data = Float64Array.from({ length: rows }, (_, row) =>
      answer(values.subarray(row * width, (row + 1) * width)),
    )
    return [{ name: 'y', datatype: 'FP64', shape: [rows], data }]
  }

const sum = (row: Float64Array): number => row.reduce((total, value) => total + value, 0)

test('given rows of which a mix with the background has no finite answer, a refusal that names the row', async () => {
  // Finite for the rows and for zeros, but not where only one value is zero.
  const answer = (row: Float64Array): number => ((row[0] === 0) === (row[1] === 0) ? sum(row) : Number.NaN)
  const inputs = rowsOf([
    [0, 0],
    [1, 2],
  ])
  await expect(explainRows({ runRows: runs(answer) })(modelOf(2), { inputs })).rejects.toThrow(
    /^background: expected finite answers for it with values of row 1, got NaN; send background rows/,
  )
})

test('given a wide model, masks are bounded whatever the budget, and a refusal says what fits', async () => {
  const explain = explainRows({ runRows: runs(sum) })
  const wide = (width: number) => [new Array<number>(width).fill(1)]
  const background = (rows: number) => rowsOf(new Array(rows).fill(wide(1000)[0]))
  const budget = 1_000_000
  await expect(
    explain(modelOf(1000), { inputs: rowsOf(wide(1000)), background: background(17), budget }),
  ).rejects.toThrow(
    /^budget: expected at least 34000 model rows for each explained row \(2 x 1000 columns x 17 background rows\), got 32000; send at most 16 background rows/,
  )
  await expect(explain(modelOf(4001), { inputs: rowsOf(wide(4001)), budget })).rejects.toThrow(
    /^budget: .*; rows of so many columns cannot be explained by permutation: at most 7998 are run for each$/,
  )
  await expect(explain(modelOf(1000), { inputs: rowsOf(wide(1000)), budget: 1999 })).rejects.toThrow(
    /^budget: expected at least 2000 model rows .*, got 1999; raise the budget, or send fewer background rows$/,
  )
})

test('a float32 input of a pushed model -> its value as it was written', async () => {
  const model: ExplainedModel = {
    signature: {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'FP64', shape: [-1] }],
    },
  }
  const x: Tensor = { name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(11.47, 24_947) }
  const answer: RunRows = async ([own]) => {
    const rows = own!.shape[0]!
    return [{ name: 'y', datatype: 'FP64', shape: [rows], data: new Float64Array(rows).fill(1) }]
  }
  const { rows } = await explainRows({ runRows: answer })(model, { inputs: [x] })
  expect(rows[0]!.contributions.map(({ value }) => value)).toEqual([11.47, 24_947])
})

test.for([
  { given: 'room for one pair of orders', budget: 12, error: null },
  { given: 'room for two', budget: 22, error: expect.any(Number) },
  { given: 'room for all columns', budget: 64, error: undefined },
])('$given -> an error that is $error, whatever the values', async ({ budget, error }) => {
  const inputs = rowsOf([[1, 2, 3, 4, 5, 6]])
  const { rows } = await explainRows({ runRows: runs(sum) })(modelOf(6), { inputs, budget })
  expect(rows[0]!.contributions.map(({ standardError }) => standardError)).toEqual(new Array(6).fill(error))
})
