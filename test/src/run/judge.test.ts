import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { compute } from '../../../adapters/compute.ts'
import { profileTable, type Table } from '../../../src/dataset/profile.ts'
import { createRandom } from '../../../src/random.ts'
import { inspectTable } from '../../../src/run/inspect.ts'
import { incomparable, judge } from '../../../src/run/judge.ts'
import { prepareTable, trainRows } from '../../../src/run/prepared.ts'
import { parseRunRequest } from '../../../src/run/request.ts'
import type { Run } from '../../../src/run/run.ts'
import { planRun, type RunSpec } from '../../../src/run/spec.ts'

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

const linearTable = (rows: number): Table => {
  const x = Array.from({ length: rows }, (_, i) => String(Math.sin(i * 7)))
  return { names: ['x', 'y'], columns: [x, x.map((text) => String(2 * Number(text) + 0.5))] }
}

test('few rows of a plain line -> passed on out-of-fold predictions, each row judged once', async () => {
  const table = linearTable(30)
  const spec = specOf(table)
  const prepared = prepareTable(sha256)(table, spec)
  const none = { rows: 0, columns: 1, values: new Float64Array() }
  const verdict = await judge(spec, 't1', prepared, none, { kind: 'none' }, compute(1))
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
  const verdict = await judge(
    spec,
    't1',
    prepared,
    { rows: 0, columns: 2, values: new Float64Array() },
    { kind: 'none' },
    compute(1),
  )
  expect(verdict.verdict).toBe('rejected')
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
