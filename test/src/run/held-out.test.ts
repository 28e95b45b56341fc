import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Table } from '../../../src/dataset/profile.ts'
import type { Split } from '../../../src/dataset/split.ts'
import { type HeldOut, heldOutBy } from '../../../src/run/held-out.ts'
import { inspectTable } from '../../../src/run/inspect.ts'
import { incomparable } from '../../../src/run/judge/judge.ts'
import { planRun } from '../../../src/run/plan-run.ts'
import { prepareTable } from '../../../src/run/prepared.ts'
import { parseRunRequest } from '../../../src/run/request.ts'
import type { Run } from '../../../src/run/run.ts'
import type { RunSpec } from '../../../src/run/spec.ts'

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()

const rows = Array.from({ length: 400 }, (_, i) => i)
const cellsOf: Readonly<Record<string, (i: number) => string>> = {
  x: (i) => String(((i * 37) % 401) / 7),
  id: (i) => `nr-${i}`,
  noise: (i) => String((i * 7919) % 1009),
  y: (i) => String(((i * 37) % 401) / 3),
}
const tableOf = (names: readonly string[]): Table => ({
  names: [...names, 'y'],
  columns: [...names, 'y'].map((name) => rows.map(cellsOf[name]!)),
})

const planned = (table: Table, more: object = {}, heldOut?: HeldOut): RunSpec => {
  const request = parseRunRequest({ model: 'm', dataset: 'd', target: 'y', ...more })
  // What planRun reads of a run.
  const run = { request, model: 'm', dataset: 'd', datasetVersion: 1 } as Run
  return planRun(run, { ...inspectTable(table, request), ...(heldOut && { heldOut }) })
}

const sides = (table: Table, spec: RunSpec): readonly number[] => [...prepareTable(sha256)(table, spec).test]

test.for([
  { given: 'a new column', before: ['x', 'id'], after: ['noise', 'x', 'id'], method: 'random', same: true },
  { given: 'a new column, stratified', before: ['x'], after: ['x', 'noise'], method: 'stratified', same: true },
  { given: 'a column less', before: ['x', 'id'], after: ['x'], method: 'random', same: false },
])('$given -> each row on its side: $same', ({ before, after, method, same }) => {
  const first = planned(tableOf(before), { split: { method } })
  const heldOut = heldOutBy(first.split)
  const later = planned(tableOf(after), { split: { method } }, heldOut)
  const seen = sides(tableOf(before), first)
  expect(seen).toContain(1)
  if (same) expect(sides(tableOf(after), later)).toEqual(seen)
  else expect(sides(tableOf(after), later)).not.toEqual(seen)
  // Without the first one's columns every row is drawn again.
  expect(sides(tableOf(after), planned(tableOf(after), { split: { method } }))).not.toEqual(seen)
})

test.for<[string, HeldOut | undefined, Split, string | undefined]>([
  ['does not say', undefined, { method: 'random', columns: ['x'] }, undefined],
  ['by fewer columns', { columns: ['x'] }, { method: 'random', columns: ['x', 'more'] }, undefined],
  [
    'by a column that is gone',
    { columns: ['x', 'id'] },
    { method: 'random', columns: ['x'] },
    'm/1 may have learned from these test rows: its own were chosen by columns of which id is not in this file; add it',
  ],
  ['by the same column', { key: 'id' }, { method: 'group', group: 'id' }, undefined],
  [
    'by another column',
    { key: 'id' },
    { method: 'random', columns: ['x'] },
    'm/1 may have learned from these test rows: its own were chosen by the column id; split by it again',
  ],
  [
    'by content',
    { columns: ['x'] },
    { method: 'random', key: 'id' },
    'm/1 may have learned from these test rows: its own were chosen by the content of rows, not by id',
  ],
  [
    'none held out',
    { none: true },
    { method: 'random', columns: ['x'] },
    'm/1 has learned from all its rows (split none), so from test rows too',
  ],
  ['none held out, and none now', { none: true }, { method: 'none' }, undefined],
])("the live version's test rows: %s -> comparable or why not", ([, heldOut, split, reason]) => {
  const spec = planned(tableOf(['x']))
  const manifest = {
    schema: 1,
    percall: '0.1.0',
    task: 'regression',
    target: { name: 'y', kind: 'numeric' },
    codec: spec.codec,
    outputs: { prediction: 'prediction' },
    ...(heldOut && { heldOut }),
  } as const
  expect(incomparable({ ...spec, split }, 'm/1', manifest)).toBe(reason)
})
