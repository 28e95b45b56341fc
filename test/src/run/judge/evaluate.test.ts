import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { runGraph as runPort } from '../../../../adapters/runs/run-graph.ts'
import type { Table } from '../../../../src/dataset/profile.ts'
import { answerNames } from '../../../../src/run/answers.ts'
import { exportModel } from '../../../../src/run/export.ts'
import { inspectTable } from '../../../../src/run/inspect.ts'
import { type ModelCard, modelCard } from '../../../../src/run/judge/card.ts'
import { evaluate, judgedRows } from '../../../../src/run/judge/evaluate.ts'
import { judgeRun } from '../../../../src/run/judge/judge-run.ts'
import { planRun } from '../../../../src/run/plan-run.ts'
import { prepareTable, trainRows } from '../../../../src/run/prepared.ts'
import { parseRunRequest } from '../../../../src/run/request.ts'
import type { Run } from '../../../../src/run/run.ts'
import { fittedModel } from '../../../../src/run/spec.ts'
import { predictTrained, type TrainedModel } from '../../../../src/run/trained.ts'
import type { Algorithm } from '../../../../src/task.ts'
import { readTable, trainOn } from '../../../fixtures/learning.ts'

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()

/** A run over a table up to its exported graph; the model has learned from all rows. */
const runOn = async (
  table: Table,
  target: string,
  algorithm: Algorithm,
  more: object = {},
  change: Partial<TrainedModel> = {},
) => {
  const request = parseRunRequest({ model: 'm', dataset: 'd', target, ...more })
  const fixed = { id: 'r1', model: 'm', dataset: 'd', datasetVersion: 3, target, request, same: '', events: 0 }
  const run: Run = { ...fixed, state: 'running', attempt: 1, createdAtMs: 0 }
  const inspected = inspectTable(table, request)
  const spec = planRun(run, inspected)
  const prepared = prepareTable(sha256)(table, spec)
  const { fitted } = await trainOn(table, {
    target,
    algorithm,
    hyper: algorithm === 'logistic' ? { iterations: 30 } : {},
  })
  const trained = { ...fitted.trained, ...change }
  const { bytes, manifest } = exportModel(fittedModel(spec, trained))
  const judged = judgedRows(prepared)
  const outputs = await runPort(1)(bytes, judged.part.tensors, answerNames(manifest))
  return { spec, prepared, trained, bytes, manifest, judged, outputs, profile: inspected.profile }
}

const penguins = await runOn(readTable('penguins.train.csv'), 'species', 'logistic')
const cars = await runOn(
  readTable('cars.train.csv'),
  'Miles_per_Gallon',
  'linear',
  {},
  { interval: { level: 0.9, low: -5.5, high: 5.5, spread: 'constant' } },
)

const evaluationOf = ({ spec, manifest, trained, judged, outputs, bytes }: typeof cars, personal: string[] = []) =>
  evaluate({ ...spec, personal }, manifest, trained, judged, outputs, bytes.length)

test('the manifest of a run -> how its target was read', () => {
  expect(penguins.manifest.target.codec).toEqual(penguins.spec.target.codec)
  expect(cars.manifest.target.codec).toMatchObject({ kind: 'numeric', decimal: '.' })
})

test('penguins -> metrics in their intervals, confusion of the test rows, calibration, parity, the same twice', () => {
  const evaluation = evaluationOf(penguins)
  const rows = penguins.judged.part.y.length
  expect(evaluation).toMatchObject({ on: 'test', rows, parity: { labelsDiffer: 0 } })
  expect(evaluation.parity.largestDifference).toBeLessThan(1e-12)
  expect(Object.keys(evaluation.metrics).sort()).toEqual(
    ['accuracy', 'averagePrecision', 'balancedAccuracy', 'brier', 'logLoss', 'macroF1', 'rocAuc'].sort(),
  )
  for (const [name, { low, high }] of Object.entries(evaluation.intervals)) {
    expect(low, name).toBeLessThanOrEqual(evaluation.metrics[name]!)
    expect(high, name).toBeGreaterThanOrEqual(evaluation.metrics[name]!)
  }
  expect(evaluation.classes?.confusion.flat().reduce((sum, n) => sum + n, 0)).toBe(rows)
  expect(evaluation.classes?.calibration.bins.reduce((sum, { weight }) => sum + weight, 0)).toBe(rows)
  expect(evaluation.segments.worst.every(({ rows: count }) => count >= 20)).toBe(true)
  expect(evaluationOf(penguins)).toEqual(evaluation)
})

test('cars with an interval -> residuals, coverage near its level, no metric that is not defined', () => {
  const { metrics, values, segments } = evaluationOf(cars)
  expect(Object.keys(metrics).sort()).toEqual([
    'mae',
    'mape',
    'meanPoissonDeviance',
    'medianAbsoluteError',
    'r2',
    'rmse',
  ])
  expect(values?.residuals.quantiles.map(({ value }) => value)).toEqual(
    values?.residuals.quantiles.map(({ value }) => value).toSorted((a, b) => a - b),
  )
  expect(values?.interval?.coverage).toBeGreaterThan(0.8)
  expect(values?.interval?.meanWidth).toBeCloseTo(11, 10)
  expect(segments.worst.some(({ column }) => column === 'Origin')).toBe(true)
  expect(evaluationOf(cars, ['Origin']).segments.worst.some(({ column }) => column === 'Origin')).toBe(false)
})

test('no split -> figures marked as of training rows, in the card too', async () => {
  const run = await runOn(readTable('cars.train.csv'), 'Miles_per_Gallon', 'linear', {
    split: { method: 'none' },
    gate: 'none',
  })
  const evaluation = evaluationOf(run)
  expect([evaluation.on, evaluation.rows]).toEqual(['training', run.prepared.y.length])
})

test('a graph that says a probability off by 1e-5 -> INTERNAL', () => {
  const outputs = penguins.outputs.map((output) => {
    if (output.name !== 'probabilities') return output
    const data = Float64Array.from(output.data as Float64Array) // FP64 by the export's contract
    data[0]! += 1e-5
    return { ...output, data }
  })
  const message = expect.stringContaining("expected the trainer's answers within 0.000001, got ")
  expect(() => evaluationOf({ ...penguins, outputs })).toThrow(expect.objectContaining({ code: 'INTERNAL', message }))
})

test('a graph that answers another class far from a tie -> INTERNAL', () => {
  const outputs = penguins.outputs.map((output) => {
    if (output.name !== 'label') return output
    const data = [...(output.data as readonly string[])]
    data[0] = data[0] === 'Adelie' ? 'Gentoo' : 'Adelie'
    return { ...output, data }
  })
  expect(() => evaluationOf({ ...penguins, outputs })).toThrow(
    /export, row 0: expected class \d as the trainer, got \d/,
  )
})

const judgementOf = (run: typeof cars) =>
  judgeRun({
    runGraph: runPort(1),
    findLive: async () => undefined,
    readDataset: async () => readTable('cars.train.csv'),
    // Stands for margins of trials: penguins have fewer than 20 test rows of one species.
    outOfFold: async () => ({
      values: predictTrained(run.trained, trainRows(run.prepared).tensors),
      truth: trainRows(run.prepared).y,
    }),
  })(run)

const cardOf = async (run: typeof cars, more: Partial<Parameters<typeof modelCard>[0]> = {}): Promise<ModelCard> =>
  modelCard({
    runId: 'r1',
    ...run,
    evaluation: evaluationOf(run),
    judgement: await judgementOf(run),
    specDigest: 'ab'.repeat(32),
    ...more,
  })

test('cars -> the gate passes against the mean, in one sentence', async () => {
  const { verdict, reason } = await judgementOf(cars)
  expect(verdict).toBe('passed')
  expect(reason).toMatch(
    /^better than the baseline: [\d.]+ against [\d.]+, difference -[\d.]+ to -[\d.]+ \(rmse on \d+ test rows\)$/,
  )
})

test('a card -> plain JSON with lineage, limits, personal columns flagged and their ranges left out', async () => {
  const card = await cardOf(cars, { personal: ['Horsepower'], testUses: 21 })
  expect(JSON.parse(JSON.stringify(card))).toEqual(card)
  expect(card.lineage).toMatchObject({ dataset: 'd', datasetVersion: 3, seed: 0, specDigest: 'ab'.repeat(32) })
  expect(card.columns.find(({ name }) => name === 'Horsepower')).toMatchObject({ personal: true })
  const horsepower = card.data.profile?.columns.find(({ name }) => name === 'Horsepower')
  expect(horsepower).toMatchObject({ personal: true })
  expect(horsepower).not.toHaveProperty('range')
  expect(card.notices.at(-1)).toMatch(/^the test rows of d were used by 21 runs, more than 20/)
  expect((await cardOf(cars, { testUses: 20 })).notices).toEqual([])
  expect(card.limits.length).toBeGreaterThan(3)
})
