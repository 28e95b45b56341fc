import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import { profileTable, type Table } from '../../../../src/dataset/profile.ts'
import { estimators, fitFully } from '../../../../src/estimators/list.ts'
import { createRandom } from '../../../../src/random.ts'
import { chooseCalibrator } from '../../../../src/run/blend/choose-calibrator.ts'
import { applyLink } from '../../../../src/run/blend/link.ts'
import { inspectTable } from '../../../../src/run/inspect.ts'
import { incomparable, judge, needsOutOfFold } from '../../../../src/run/judge/judge.ts'
import { planRun } from '../../../../src/run/plan-run.ts'
import { prepareTable, trainRows } from '../../../../src/run/prepared.ts'
import { parseRunRequest } from '../../../../src/run/request.ts'
import type { Run } from '../../../../src/run/run.ts'
import type { RunSpec } from '../../../../src/run/spec.ts'
import { trainingDataOf } from '../../../../src/run/trials/fit-trial.ts'
import { foldParts } from '../../../../src/run/trials/folds.ts'
import { takeRows } from '../../../../src/run/trials/trial-parts.ts'
import { applyPipeline } from '../../../../src/transformers/pipeline.ts'

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()

const specOf = (table: Table, more: object = {}): RunSpec => {
  const request = parseRunRequest({ model: 'm', dataset: 'd', target: 'y', ...more })
  const run: Run = {
    id: 'r',
    model: 'm',
    dataset: 'd',
    datasetVersion: 1,
    target: 'y',
    request,
    same: '',
    state: 'running',
    attempt: 1,
    events: 0,
    createdAtMs: 0,
  }
  return planRun(run, inspectTable(table, request))
}

/** A category of 1,000 levels and a target that does not depend on it. */
const noise = (rows: number): Table => {
  const random = createRandom(7)
  const draw = (levels: number) => Array.from({ length: rows }, () => `l${Math.floor(random() * levels)}`)
  return { names: ['c', 'y'], columns: [draw(1000), draw(2)] }
}

const noAnswers = (columns: number) => ({ values: { rows: 0, columns, values: new Float64Array() } })

const linearTable = (rows: number): Table => {
  const x = Array.from({ length: rows }, (_, i) => String(Math.sin(i * 7)))
  return { names: ['x', 'y'], columns: [x, x.map((text) => String(2 * Number(text) + 0.5))] }
}

test('few rows of a plain line -> passed on out-of-fold predictions, each row judged once', () => {
  const table = linearTable(30)
  const spec = specOf(table)
  const prepared = prepareTable(sha256)(table, spec)
  const { y: truth } = trainRows(prepared)
  const outOfFold = { truth, values: { rows: truth.length, columns: 1, values: truth.map((y) => y + 1e-10) } }
  const verdict = judge(spec, prepared, { judged: noAnswers(1), outOfFold }, { kind: 'none' })
  expect(verdict.verdict).toBe('passed')
  expect(verdict.reason).toContain(`rmse on ${trainRows(prepared).y.length} out-of-fold rows`)
  expect(verdict.loss).toBeLessThan(1e-9)
})

test('labels by chance, a category of 1,000 levels -> rejected on out-of-fold predictions', async () => {
  const table = noise(150)
  const spec = specOf(table, { columns: { c: { kind: 'category' } }, split: { method: 'none' } })
  // The profile takes a column of mostly distinct texts for an identifier unless its kind is given.
  expect(profileTable(table).columns[0]!.leftOut).toBe('identifier')
  const prepared = prepareTable(sha256)(table, spec)
  const hyper = estimators.logistic.hyper({})
  const train = trainRows(prepared)
  const margins = new Float64Array(train.y.length)
  for (const { learn, held } of foldParts(train, spec.split)) {
    const { pipeline, data } = trainingDataOf(spec, { algorithm: 'logistic' }, takeRows(train, learn))
    const { model } = await fitFully(estimators.logistic, hyper, data, compute(1))
    const { values } = estimators.logistic.margins(model, applyPipeline(pipeline, takeRows(train, held).tensors))
    held.forEach((row, at) => {
      margins[row] = values[at]!
    })
  }
  const all = { rows: margins.length, columns: 1, values: margins }
  const outOfFold = { truth: train.y, values: applyLink('logit', all) }
  expect(needsOutOfFold(spec, prepared, { kind: 'none' })).toBe(true)
  const verdict = judge(spec, prepared, { judged: noAnswers(2), outOfFold }, { kind: 'none' })
  expect(verdict.verdict).toBe('rejected')
  expect(verdict.reason).toMatch(/^not shown to be better than the baseline: .* \(logLoss on 150 out-of-fold rows\)$/)
})

test('a first version with too few rows and nothing out of fold -> rejected, and why', () => {
  const table = linearTable(30)
  const spec = specOf(table)
  const prepared = prepareTable(sha256)(table, spec)
  const { verdict, reason } = judge(spec, prepared, { judged: noAnswers(1) }, { kind: 'none' })
  expect([verdict, reason]).toEqual([
    'rejected',
    'too few test rows, and no out-of-fold predictions of the train rows to judge',
  ])
})

const rareTable = (isYes: (row: number) => boolean): Table => {
  const rows = Array.from({ length: 300 }, (_, row) => row)
  const column = (step: number) => rows.map((row) => String(Math.sin(row * step)))
  return {
    names: ['a', 'b', 'g', 'y'],
    columns: [column(7), column(11), rows.map((row) => `g${row % 30}`), rows.map((row) => (isYes(row) ? 'yes' : 'no'))],
  }
}

test('one row of a class -> refused before anything is fitted', () => {
  const table = rareTable((row) => row === 3)
  const spec = specOf(table, { split: { method: 'none' } })
  expect(() => prepareTable(sha256)(table, spec)).toThrow(
    expect.objectContaining({
      code: 'BAD_TABLE',
      message: expect.stringContaining('of each class to learn from, got of "yes" 1 (1 with the test rows); add rows'),
    }),
  )
})

test('three labels that are misspelt once each -> all named at once', () => {
  const table = rareTable((row) => row % 2 === 0)
  const labels = Array.from({ length: 300 }, (_, row) => ['yess', 'ja', 'Yes'][row - 10] ?? ['yes', 'no'][row % 2]!)
  const odd = { ...table, columns: [...table.columns.slice(0, 3), labels] }
  const spec = specOf(odd, { split: { method: 'none' } })
  expect(() => prepareTable(sha256)(odd, spec)).toThrow(
    /got of "Yes" 1 \(1 with the test rows\), "ja" 1 .*, "yess" 1 .*mend what is misspelt/,
  )
})

test('all rows of a class in one fold -> neither calibrated nor passed on the out-of-fold rows of the other', () => {
  const options = { split: { method: 'group', column: 'g' } }
  // A group of the train part.
  const plain = rareTable((row) => row % 2 === 0)
  const { test: sides } = prepareTable(sha256)(plain, specOf(plain, options))
  const group = sides.indexOf(0) % 30
  const table = rareTable((row) => row % 30 === group)
  const spec = specOf(table, options)
  const prepared = prepareTable(sha256)(table, spec)
  const train = trainRows(prepared)
  const learns = foldParts(train, spec.split).filter(
    ({ learn }) => new Set(Array.from(learn, (row) => train.y[row])).size > 1,
  )
  const truth = Float64Array.from(learns.flatMap(({ held }) => Array.from(held, (row) => train.y[row]!)))
  expect(learns).toHaveLength(4)
  expect(new Set(truth)).toEqual(new Set([0]))
  const margins = { rows: truth.length, columns: 1, values: truth.map((_, row) => -2 - (row % 3)) }
  const weights = truth.map(() => 1)
  for (const required of [false, true])
    expect(chooseCalibrator({ margins, y: truth, weights, link: 'logit' }, 1, required).calibrator).toBeUndefined()
  const outOfFold = { truth, values: applyLink('logit', margins) }
  const verdict = judge(spec, prepared, { judged: noAnswers(2), outOfFold }, { kind: 'none' })
  expect(verdict.verdict).toBe('rejected')
  expect(verdict.reason).toContain(`all ${truth.length} out-of-fold rows are of class no`)
})

test.for<[string, object, string | undefined]>([
  ['the same target and task', {}, undefined],
  ['another target', { target: { name: 'z', kind: 'numeric' } }, 'm/1 predicts z'],
  ['another task', { task: 'binary', classes: [0, 1] }, 'm/1 is a binary model'],
])('a live version with %s -> comparable or why not', ([, more, reason]) => {
  const spec = specOf(linearTable(30))
  const manifest = {
    schema: 1,
    percall: '0.1.0',
    task: 'regression',
    target: { name: 'y', kind: 'numeric' },
    codec: spec.codec,
    outputs: { prediction: 'prediction' },
    ...more,
  } as NonNullable<Parameters<typeof incomparable>[2]> // the members of a manifest
  expect(incomparable(spec, 'm/1', manifest)).toBe(reason)
})

test.for<[string, number | undefined, string | undefined]>([
  ['before the test rows', 999, undefined],
  [
    'into the test rows',
    1000,
    'm/1 was trained on rows up to 1970-01-01T00:16:40Z, and the test rows begin on 1970-01-01T00:16:40Z',
  ],
  ['nobody knows how far', undefined, 'm/1 does not say up to what time its rows went, as a time split needs'],
])('a time split, live trained %s -> comparable or why not', ([, trainedUntil, reason]) => {
  const table = linearTable(30)
  const spec = specOf(table)
  const prepared = prepareTable(sha256)(table, spec)
  const times = prepared.test.reduce(
    (all, isTest, row) => all.with(row, isTest === 1 ? 1000 + row : row),
    new Float64Array(30),
  )
  const first = prepared.test.indexOf(1)
  times[first] = 1000
  const manifest = {
    schema: 1,
    percall: '0.1.0',
    task: 'regression',
    target: { name: 'y', kind: 'numeric' },
    codec: spec.codec,
    outputs: { prediction: 'prediction' },
    ...(trainedUntil !== undefined && { trainedUntil }),
  } as const
  expect(incomparable(spec, 'm/1', manifest, { ...prepared, times })).toBe(reason)
})
