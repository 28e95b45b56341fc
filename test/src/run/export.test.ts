import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runGraph as runGraphOfService } from '../../../adapters/runs/run-graph.ts'
import { toPredictions } from '../../../src/call/predictions.ts'
import { csvColumns } from '../../../src/csv/csv-instances.ts'
import { readCsvTable } from '../../../src/csv/csv-table.ts'
import { columnsToTensors, rowsToTensors } from '../../../src/dataset/codec.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'
import type { LinearModel } from '../../../src/estimators/estimator.ts'
import { classificationMetrics } from '../../../src/metrics/classification.ts'
import { regressionMetrics } from '../../../src/metrics/regression.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { encodeTarget } from '../../../src/run/task.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { byName, readTable, runGraph, trainOn } from '../../fixtures/learning.ts'

const reference = JSON.parse(readFileSync(new URL('../../fixtures/data/reference.json', import.meta.url), 'utf8')).sets

/** The reference's preprocessing: impute, standardise, one-hot. */
const plain = { steps: { indicators: false, clip: false, cycles: false, rare: false } }

const numbers = (outputs: readonly Tensor[], name: string): Float64Array =>
  outputs.find((output) => output.name === name)!.data as Float64Array // FP64 by the export's contract

test('the worked example -> theta and prediction to the last digits, from the exported graph', async () => {
  const table = {
    names: ['x1', 'x2', 'y'],
    columns: [
      ['1', '2', '3', '4'],
      ['2', '3', '4', '5'],
      ['1', '2', '3', '4'],
    ],
  }
  const hyper = { solver: 'gradient-descent', learningRate: 0.01, iterations: 1000, intercept: false, init: 0 }
  const { bytes, manifest, fitted, events } = await trainOn(table, {
    target: 'y',
    algorithm: 'linear',
    preprocess: 'none',
    task: 'regression',
    hyper,
  })
  expect((fitted.model as LinearModel).weights[0]![0]).toBeCloseTo(0.9410554331051668, 14)
  expect((fitted.model as LinearModel).weights[0]![1]).toBeCloseTo(0.04385656447325404, 14)
  expect(events).toHaveLength(1000)
  const outputs = await runGraph(bytes, rowsToTensors(manifest.codec, [{ x1: 5, x2: 6 }], { unknown: 'refuse' }))
  const [prediction] = toPredictions(manifest, outputs)
  expect(Math.abs(Number(prediction) - 4.968416552365358)).toBeLessThan(1e-12)
})

test("one column, of numbers that float32 cannot hold -> the graph has the trainer's float64", async () => {
  const x = Array.from({ length: 100 }, (_, i) => String(i))
  const { bytes, manifest, predict } = await trainOn(
    { names: ['x', 'y'], columns: [x, x.map((text) => String(2 * Number(text) + 0.5))] },
    { target: 'y', algorithm: 'linear' },
  )
  const tensors = columnsToTensors(manifest.codec, { x })
  const predicted = numbers(await runGraph(bytes, tensors), 'prediction')
  predict(tensors).values.forEach((value, row) => {
    expect(Math.abs(value - predicted[row]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)))
  })
})

test('cars, linear, all rows -> scikit-learn 1.2.1 on the test file', async () => {
  const { bytes, manifest, fitted, predict, target } = await trainOn(readTable('cars.train.csv'), {
    target: 'Miles_per_Gallon',
    algorithm: 'linear',
    pipeline: plain,
  })
  const table = byName(readTable('cars.test.csv'))
  const tensors = columnsToTensors(manifest.codec, table)
  const predicted = numbers(await runGraph(bytes, tensors), 'prediction')
  const own = predict(tensors).values
  own.forEach((value, row) => {
    expect(Math.abs(value - predicted[row]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)))
  })
  const { rows, y } = encodeTarget(target, fitted.plan, table.Miles_per_Gallon!)
  const { r2, rmse, mae } = regressionMetrics(
    y,
    Float64Array.from(rows, (row) => predicted[row]!),
  )
  expect(r2).toBeCloseTo(reference.cars.models.linear.r2, 4)
  expect(rmse).toBeCloseTo(reference.cars.models.linear.rmse, 3)
  expect(mae).toBeCloseTo(reference.cars.models.linear.mae, 3)
})

test.for([
  { set: 'penguins', target: 'species', places: 4 },
  { set: 'lending_club', target: 'Class', places: 4 },
])('$set, logistic -> scikit-learn 1.2.1 on the test file', async ({ set, target: name, places }) => {
  const { bytes, manifest, fitted, predict, target } = await trainOn(readTable(`${set}.train.csv`), {
    target: name,
    algorithm: 'logistic',
    pipeline: plain,
  })
  const table = byName(readTable(`${set}.test.csv`))
  const tensors = columnsToTensors(manifest.codec, table)
  const outputs = await runGraph(bytes, tensors)
  const values = numbers(outputs, 'probabilities')
  const own = predict(tensors)
  own.values.forEach((value, at) => {
    expect(Math.abs(value - values[at]!)).toBeLessThan(1e-12)
  })
  const { y } = encodeTarget(target, fitted.plan, table[name]!)
  const labels = toPredictions(manifest, outputs).map((prediction) => {
    if (typeof prediction !== 'object' || prediction === null || !('label' in prediction))
      throw new Error('expected a label')
    return manifest.classes!.indexOf(prediction.label)
  })
  const positive = set === 'lending_club' ? manifest.classes!.indexOf('bad') : undefined
  const metrics = classificationMetrics(y, { ...own, values }, Float64Array.from(labels), positive)
  const figures = reference[set].models.logistic
  expect(manifest.classes).toEqual(reference[set].classes)
  expect(metrics.logLoss).toBeCloseTo(figures.logloss, places)
  expect(metrics.accuracy).toBeCloseTo(figures.accuracy, 5)
  expect(metrics.balancedAccuracy).toBeCloseTo(figures.balanced_accuracy, 5)
  expect(metrics.macroF1).toBeCloseTo(figures.macro_f1, 5)
  if (figures.roc_auc !== undefined) expect(metrics.rocAuc).toBeCloseTo(figures.roc_auc, 3)
})

/** Texts, an ordinal and odd cells, which the tables above have not. */
const reviews = () => {
  const words = ['good', 'bad', 'Rīga', 'e\u0301te\u0301', '🙂', 'NA', 'slow-ish', '\ud83d', '3.5', '']
  const cell = (row: number): string =>
    Array.from({ length: row % 6 }, (_, k) => words[(row * 7 + k * k) % 10]).join(' ')
  const rows = [...Array(240).keys()]
  return {
    names: ['note', 'code', 'size', 'when', 'y'],
    columns: [
      rows.map((row) => (row % 17 === 0 ? '' : cell(row))),
      rows.map((row) => `${words[row % 10]}${row % 13}`),
      rows.map((row) => ['S', 'M', 'L', ''][row % 4]!),
      rows.map((row) => (row % 9 === 0 ? '' : `19${60 + (row % 30)}-0${1 + (row % 9)}-11T0${row % 10}:30:00`)),
      rows.map((row) => String((row % 4) + (cell(row).includes('good') ? 2 : 0))),
    ],
  }
}
const reviewColumns = {
  note: { kind: 'text' },
  code: { kind: 'text' },
  size: { kind: 'ordinal', format: 'S<M<L' },
} as const

test('texts and ordinals -> the exported graph answers as the trainer, also in parts of rowsPerRun', async () => {
  const table = reviews()
  const { bytes, manifest, predict } = await trainOn(table, {
    target: 'y',
    algorithm: 'linear',
    task: 'regression',
    hyper: { ridge: 1 },
    columns: reviewColumns,
  })
  expect(manifest.codec.columns.map(({ kind }) => kind)).toEqual(['text', 'text', 'ordinal', 'date'])
  expect(manifest.rowsPerRun).toBe(Math.floor(2 ** 26 / 64_000))
  const tensors = columnsToTensors(manifest.codec, byName(table))
  const own = predict(tensors).values
  for (const most of [1000, 100]) {
    const [output] = await runGraphOfService(2)(bytes, tensors, ['prediction'], most)
    own.forEach((value, row) => {
      expect(Math.abs(value - Number(output!.data[row]))).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)))
    })
  }
})

test('every training row of texts and ordinals sent back as CSV and as JSON -> bit-equal tensors', async () => {
  const table = reviews()
  const codec = decideCodec(profileTable(table, reviewColumns), 'y')
  const trained = columnsToTensors(codec, byName(table))
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
  const lines = table.columns[0]!.map((_, row) => table.columns.map((column) => quoted(column[row]!.toWellFormed())))
  const csv = readCsvTable([table.names, ...lines].map((cells) => cells.join(',')).join('\r\n'))
  const names = codec.columns.map(({ name }) => name)
  expect(columnsToTensors(codec, csvColumns(csv, names, 'ignore'))).toStrictEqual(trained)
  const rows = table.columns[0]!.map((_, row) =>
    Object.fromEntries(table.names.map((name, place) => [name, table.columns[place]![row] || null])),
  )
  expect(rowsToTensors(codec, JSON.parse(JSON.stringify(rows)), { unknown: 'ignore' })).toStrictEqual(trained)
})

test('the same training twice -> the same bytes, and the signature of the codec', async () => {
  const recipe = { target: 'species', algorithm: 'logistic' } as const
  const table = readTable('penguins.train.csv')
  const { bytes, manifest } = await trainOn(table, recipe)
  expect((await trainOn(table, recipe)).bytes).toEqual(bytes)
  const { signature, opsets } = inspectOnnx(bytes)
  expect(opsets).toEqual({ '': 21, 'ai.onnx.ml': 5 })
  expect(signature.inputs).toEqual(
    manifest.codec.columns.map(({ name, datatype }) => ({ name, datatype, shape: [-1, 1] })),
  )
  expect(signature.outputs).toEqual([
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, 3] },
  ])
})
