import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { inspectTable } from '../../../src/run/inspect.ts'
import { planRun } from '../../../src/run/plan-run.ts'
import { prepareTable } from '../../../src/run/prepared.ts'
import { parseRunRequest } from '../../../src/run/request.ts'
import type { Run } from '../../../src/run/run.ts'
import type { RunSpec } from '../../../src/run/spec.ts'

const rows = Array.from({ length: 120 }, (_, i) => i)
const table = {
  names: ['a', 'b', 'w', 'c', 'y'],
  columns: [
    rows.map((i) => String(((i * 37) % 101) / 50)),
    rows.map((i) => String(((i * 53) % 89) / 45)),
    rows.map((i) => String(1 + (i % 3))),
    rows.map((i) => ['u', 'v', 'x'][(i * 7) % 3]),
    rows.map((i) => ((i * 29) % 31 > 18 ? 'yes' : 'no')),
  ],
}

const specOf = (more: object): RunSpec => {
  const asked = { model: 'm', dataset: 'd', target: 'y', algorithms: ['logistic'] }
  const request = parseRunRequest({ ...asked, ...more })
  // What planRun reads of a run.
  const run = { request, model: 'm', dataset: 'd', datasetVersion: 1 } as Run
  return planRun(run, inspectTable(table, request))
}

/** Paths of the leaves that differ. */
const changes = (before: unknown, after: unknown, path: string): readonly string[] => {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const bothObjects = [before, after].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
  if (!bothObjects) return [path]
  const [own, other] = [before, after] as readonly Readonly<Record<string, unknown>>[]
  const names = new Set([...Object.keys(own!), ...Object.keys(other!)])
  return [...names].flatMap((name) => changes(own![name], other![name], path === '' ? name : `${path}.${name}`))
}

/** What follows from having other inputs: their codec, and the size that the cost model counts by. */
const inputs = ['codec.columns', 'refitMs', 'rungs', 'shape.features']

test.for<[object, readonly string[]]>([
  [{}, []],
  [{ split: { method: 'stratified' } }, ['split.method']],
  [{ split: { method: 'group', column: 'c' } }, [...inputs, 'split.columns', 'split.group', 'split.method']],
  [{ split: { method: 'random', key: 'c' } }, ['split.columns', 'split.key']],
  [{ gate: 'better' }, ['gate']],
  [{ columns: { b: { drop: true } } }, inputs],
  [{ weight: 'w' }, [...inputs, 'split.columns', 'weight']],
  [{ metric: 'rocAuc' }, ['choice.metric']],
  [{ threshold: 'f1' }, ['choice.threshold']],
  [{ classWeight: 'balanced' }, ['choice.classWeights', 'classWeight']],
  [{ parameters: { logistic: { C: 0.5 } } }, ['trials']],
  [{ promote: false }, ['promote']],
])('%j -> the spec changes in %j and in nothing else', ([more, expected]) => {
  expect(changes(specOf({}), specOf(more), '').toSorted()).toEqual(expected.toSorted())
})

test.for<[object, string]>([
  [{ target: 'a', metric: 'rocAuc' }, 'metric: expected one of rmse'],
  [
    { target: 'a', algorithms: ['logistic'] },
    'algorithms logistic: expected task binary or multiclass, got regression; the values of target a make it regression: leave algorithms out, or name task binary or multiclass if they are meant so',
  ],
  [{ target: 'a', threshold: 'f1' }, 'threshold: expected none for regression'],
  [{ target: 'a', positive: 1 }, 'positive: expected none for regression'],
  [
    { target: 'c', positive: 'u' },
    'positive: expected none for multiclass, got u; the values of target c make it multiclass: leave positive out, or take a target of two classes',
  ],
  [{ target: 'c', task: 'multiclass', positive: 'u' }, 'positive: expected none for multiclass, got u'],
  [
    { interval: 0.9 },
    'interval: expected none for binary, got 0.9; the values of target y make it binary: leave interval out, or name task regression if they are meant so',
  ],
  [{ task: 'regression' }, 'expected numbers, got category; name a target of numbers, or leave the task out'],
  [{ task: 'multiclass' }, 'expected more than 2 classes, got 2; name another task, or leave it out'],
])('%j, where the task is inferred -> refused as where it is named', ([more, message]) => {
  expect(() => specOf({ algorithms: ['gbdt'], ...more })).toThrow(
    expect.objectContaining({ code: 'BAD_RUN', message: expect.stringContaining(message) }),
  )
})

test('a parameter that is set -> the trial has it, and its others are the defaults', () => {
  const [trial] = specOf({}).trials
  const hyper = { ...(trial!.hyper as object), C: 0.5 }
  expect(specOf({ parameters: { logistic: { C: 0.5 } } }).trials).toEqual([{ ...trial, hyper }])
})

test('a target of prices -> told as what it looks like, not class by class', () => {
  const priced = { ...table, columns: [...table.columns.slice(0, 4), rows.map((i) => `$${i}.50`)] }
  const request = parseRunRequest({ model: 'm', dataset: 'd', target: 'y' })
  const run = { request, model: 'm', dataset: 'd', datasetVersion: 1 } as Run
  const spec = planRun(run, inspectTable(priced, request))
  const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()
  expect(() => prepareTable(sha256)(priced, spec)).toThrow(
    /expected at least 2 train rows of each class to learn from, got of .*column y: taken as text: \$0\.50 looks like a number with \$/,
  )
})
