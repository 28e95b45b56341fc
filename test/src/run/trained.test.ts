import { expect, test } from 'vitest'
import { compute } from '../../../adapters/sessions/compute.ts'
import { toPredictions } from '../../../src/call/predictions.ts'
import { predictionColumns } from '../../../src/csv/answer-columns.ts'
import { columnsToTensors } from '../../../src/dataset/codec.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'
import { estimators, fitFully } from '../../../src/estimators/list.ts'
import { labelsOf } from '../../../src/metrics/metric.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { parseManifest } from '../../../src/registry/manifest.ts'
import { requireManifestFits } from '../../../src/registry/manifest-fits.ts'
import { exportModel } from '../../../src/run/export.ts'
import { intervalEnds } from '../../../src/run/judge/interval.ts'
import { encodeTarget, planTarget } from '../../../src/run/task.ts'
import { type Member, predictTrained, type TrainedModel, trainedUntilOf } from '../../../src/run/trained.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { fitPipeline } from '../../../src/transformers/pipeline.ts'
import { byName, readTable, runGraph } from '../../fixtures/learning.ts'

/** Members of one estimator with other hyperparameters, two on all rows and one on the first half. */
const membersOn = async (set: string, target: string, algorithm: 'linear' | 'logistic', hypers: readonly object[]) => {
  const table = readTable(`${set}.train.csv`)
  const profile = profileTable(table)
  const codec = decideCodec(profile, target)
  const column = profile.columns.find(({ name }) => name === target)!
  const cells = byName(table)
  const plan = planTarget(column, cells[target]!)
  const { rows, y } = encodeTarget(column, plan, cells[target]!)
  const memberOf = async (given: object, kept: Uint32Array, weight: number, k: number): Promise<Member> => {
    const part = Object.fromEntries(
      Object.entries(cells).map(([name, own]) => [name, Array.from(kept, (row) => own[rows[row]!])]),
    )
    const tensors = columnsToTensors(codec, part)
    const own = Float64Array.from(kept, (row) => y[row]!)
    const options = { preprocess: 'auto', form: 'scaled', seed: 0, terms: 'sparse' } as const
    const hyper = estimators[algorithm].hyper(given)
    const classes = plan.classes ? { classes: plan.classes.length } : {}
    const { pipeline, X } = fitPipeline(codec, { ...options, ...classes }, { tensors, y: own })
    const data = { X, y: own, ...classes }
    const { model } = await fitFully(estimators[algorithm], hyper, data, compute(1))
    const link = plan.classes === null ? 'identity' : plan.classes.length === 2 ? 'logit' : 'softmax'
    return { trialId: `t${k}`, algorithm, hyper, pipeline, model, weight, link }
  }
  const all = Uint32Array.from(y.keys())
  const weights = [0.5, 0.3, 0.2]
  const members = []
  for (const [k, given] of hypers.entries())
    members.push(await memberOf(given, k === 2 ? all.slice(0, all.length >> 1) : all, weights[k]!, k))
  const tests = columnsToTensors(codec, byName(readTable(`${set}.test.csv`)))
  return { codec, plan, target: { name: target, kind: column.codec!.kind }, members, tests, percall: '0.1.0' }
}

const numbers = (outputs: readonly Tensor[], name: string): Float64Array =>
  outputs.find((output) => output.name === name)!.data as Float64Array // FP64 by the export's contract

const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!) / Math.max(1, Math.abs(value))), 0)

test.for([
  { set: 'penguins', target: 'species' },
  { set: 'lending_club', target: 'Class' },
])('$set: three members, a calibrator -> the exported graph says what predictTrained says', async ({ set, target }) => {
  const hypers = [{ iterations: 5 }, { C: 0.01, iterations: 5 }, { iterations: 5 }]
  const { members, tests, ...fitted } = await membersOn(set, target, 'logistic', hypers)
  const curve = { at: [-6, -1, 0.5, 3], value: [-4, -1.5, 0.2, 2] }
  const logs = { at: [-9, -2, -0.1, 0], value: [-6, -2.5, -0.2, -0.01] }
  const calibrator =
    set === 'penguins'
      ? ({ kind: 'isotonic', curves: [logs, logs, logs] } as const)
      : ({ kind: 'isotonic', curves: [curve] } as const)
  const binary = set === 'lending_club' ? { threshold: 0.83 } : {}
  const trained: TrainedModel = JSON.parse(JSON.stringify({ members, calibrator, ...binary, curve: [], fitMs: 0 }))
  const { bytes, manifest } = exportModel({ ...fitted, trained })
  expect(exportModel({ ...fitted, trained }).bytes).toEqual(bytes)
  const outputs = await runGraph(bytes, tests)
  const own = predictTrained(trained, tests)
  expect(largestDifference(own.values, numbers(outputs, 'probabilities'))).toBeLessThan(1e-12)
  const positive = set === 'lending_club' ? manifest.classes!.indexOf(manifest.positive!) : undefined
  const labels = labelsOf(own, positive, manifest.threshold)
  toPredictions(manifest, outputs).forEach((prediction, row) => {
    expect(prediction).toMatchObject({ label: manifest.classes![labels[row]!] })
  })
  // One set of inputs; the two members of one pipeline share its nodes.
  const { signature } = inspectOnnx(bytes)
  expect(signature.inputs.map(({ name }) => name)).toEqual(fitted.codec.columns.map(({ name }) => name))
})

test('cars: three members, an interval -> the graph, the answers and the CSV have its ends', async () => {
  const hypers = [{}, { ridge: 10 }, {}]
  const { members, tests, ...fitted } = await membersOn('cars', 'Miles_per_Gallon', 'linear', hypers)
  const interval = { level: 0.9, low: -5.5, high: 6.25, spread: 'constant' } as const
  const times = trainedUntilOf(Float64Array.of(5, 1_700_000_000, 7))
  const trained: TrainedModel = { members, interval, curve: [], fitMs: 0, ...times }
  const { bytes, manifest } = exportModel({ ...fitted, trained })
  const outputs = await runGraph(bytes, tests)
  const own = predictTrained(trained, tests)
  expect(largestDifference(own.values, numbers(outputs, 'prediction'))).toBeLessThan(1e-12)
  const ends = intervalEnds(interval, own.values)
  expect(largestDifference(ends.low, numbers(outputs, 'interval_low'))).toBeLessThan(1e-12)
  expect(largestDifference(ends.high, numbers(outputs, 'interval_high'))).toBeLessThan(1e-12)
  expect(manifest.trainedUntil).toBe(1_700_000_000)
  expect(manifest.outputs).toEqual({
    prediction: 'prediction',
    interval: { low: 'interval_low', high: 'interval_high', level: 0.9 },
  })
  const read = parseManifest(JSON.parse(JSON.stringify(manifest)))
  expect(read).toEqual(manifest)
  expect(() => requireManifestFits(read, inspectOnnx(bytes).signature)).not.toThrow()
  const [first] = toPredictions(manifest, outputs)
  expect(first).toEqual({
    prediction: expect.closeTo(own.values[0]!, 10),
    interval: {
      low: expect.closeTo(own.values[0]! - 5.5, 10),
      high: expect.closeTo(own.values[0]! + 6.25, 10),
      level: 0.9,
    },
  })
  const columns = predictionColumns(manifest, outputs)
  expect(columns.map(({ name }) => name)).toEqual(['prediction', 'interval_low', 'interval_high'])
  expect(columns.map(({ cells }) => Number(cells[0]))).toEqual([
    numbers(outputs, 'prediction')[0],
    numbers(outputs, 'interval_low')[0],
    numbers(outputs, 'interval_high')[0],
  ])
})

test('a manifest whose interval names no output -> BAD_MANIFEST', async () => {
  const { members, tests: _, ...fitted } = await membersOn('cars', 'Miles_per_Gallon', 'linear', [{}])
  const { bytes, manifest } = exportModel({ ...fitted, trained: { members, curve: [], fitMs: 0 } })
  const interval = { low: 'lowest', high: 'interval_high', level: 0.9 }
  const wrong = { ...manifest, outputs: { prediction: 'prediction', interval } }
  expect(() => requireManifestFits(parseManifest(wrong), inspectOnnx(bytes).signature)).toThrow(
    expect.objectContaining({ code: 'BAD_MANIFEST', message: expect.stringContaining('outputs.interval.low') }),
  )
})
