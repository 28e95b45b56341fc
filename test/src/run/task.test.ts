import { expect, test } from 'vitest'
import { toPredictions } from '../../../src/call/predictions.ts'
import type { Cell } from '../../../src/dataset/codec.ts'
import { rowsToTensors } from '../../../src/dataset/codec.ts'
import { profileTable } from '../../../src/dataset/profile.ts'
import { encodeTarget, planTarget } from '../../../src/run/task.ts'
import { runGraph, trainOn } from '../../fixtures/learning.ts'

const profiled = (cells: readonly Cell[]) => profileTable({ names: ['t'], columns: [cells] }).columns[0]!
const counted = (n: number) => Array.from({ length: n }, (_, i) => String(i))

test.for<[readonly Cell[], string, unknown]>([
  [['b', 'a', 'a', null], 'binary', ['a', 'b']],
  [['true', 'false'], 'binary', [false, true]],
  [['3.5', '1.5', '1.5'], 'binary', [1.5, 3.5]],
  [['10', '2', '1.0'], 'multiclass', [1, 2, 10]],
  [['a', 'b', 'c'], 'multiclass', ['a', 'b', 'c']],
  [counted(21), 'regression', null],
  [['1.5', '2.5', '3.5'], 'regression', null],
])('%j -> %s', ([cells, task, classes]) => {
  const plan = planTarget(profiled(cells), cells)
  expect([plan.task, plan.classes]).toEqual([task, classes])
})

test('few whole numbers -> classes with a notice; the task given -> regression', () => {
  const cells = ['1', '2', '3']
  expect(planTarget(profiled(cells), cells).notices[0]).toMatch(/3 distinct whole numbers are taken as classes/)
  expect(planTarget(profiled(cells), cells, { task: 'regression' })).toEqual({
    task: 'regression',
    classes: null,
    notices: [],
  })
})

test.for<[number, string, string]>([
  [
    4,
    'regression',
    'target t: 4 distinct whole numbers are taken as a quantity, for they hardly repeat; name the task',
  ],
  [7, 'regression', '(--task multiclass)'],
  [8, 'multiclass', '(--task regression)'],
])('4 whole numbers in %d rows -> %s, with a notice that names the other task', ([rows, task, said]) => {
  const plan = planTarget(profiled(counted(4)), counted(4), { rows })
  expect(plan.task).toBe(task)
  expect(plan.notices).toEqual([expect.stringContaining(said)])
})

test.for<[readonly Cell[], object, string]>([
  [['1', 1], {}, 'target t: expected one type for each label, got 1 as string and as number'],
  [['a', 'a'], {}, 'target t: expected at least 2 distinct values, got 1'],
  [['a', 'b', 'c'], { task: 'binary' }, 'task binary, target t: expected 2 classes, got 3'],
  [['a', 'b'], { task: 'regression' }, 'task regression, target t: expected numbers, got category'],
  [['a', 'b'], { positive: 'c' }, 'positive, target t: expected one of a, b, got c'],
])('%j with %j -> refused', ([cells, given, message]) => {
  expect(() => planTarget(profiled(cells), cells, given)).toThrow(message)
})

test('rows without a target -> dropped and counted', () => {
  const cells = ['b', '', 'a', null]
  const target = profiled(cells)
  const { rows, y, dropped } = encodeTarget(target, planTarget(target, cells), cells)
  expect([rows, y, dropped]).toEqual([Uint32Array.of(0, 2), Float64Array.of(1, 0), 2])
})

test.for<[string, readonly string[], unknown, string]>([
  ['whole numbers', ['0', '1', '7'], 7, 'INT64'],
  ['decimals', ['0.1', '2.5'], 2.5, 'BYTES'],
  ['true and false', ['false', 'true'], true, 'BYTES'],
  ['text, one of it odd', ['Rīga', '__proto__'], 'Rīga', 'BYTES'],
])('a target of %s, a feature named label -> the label in its own JSON type', async ([, labels, highest, datatype]) => {
  const y = Array.from({ length: 30 }, (_, i) => labels[i % labels.length]!)
  const x = y.map((label, i) =>
    String(labels.indexOf(label) * 10 + (i % 5) + (typeof highest === 'string' ? -(labels.indexOf(label) * 20) : 0)),
  )
  const { bytes, manifest } = await trainOn(
    { names: ['label', 't'], columns: [x, y] },
    { target: 't', algorithm: 'logistic' },
  )
  const outputs = await runGraph(bytes, rowsToTensors(manifest.codec, [{ label: 25 }], { unknown: 'refuse' }))
  expect(outputs.find((output) => output.name === 'label_1')?.datatype).toBe(datatype)
  const [prediction] = toPredictions(manifest, outputs)
  expect(prediction).toMatchObject({ label: highest })
  if (typeof prediction !== 'object' || prediction === null || !('label' in prediction))
    throw new Error('expected a label')
  expect(Object.keys(prediction.probabilities).sort()).toEqual(labels.toSorted())
  const sum = Object.values(prediction.probabilities).reduce<number>((total, p) => total + Number(p), 0)
  expect(sum).toBeCloseTo(1, 12)
})
