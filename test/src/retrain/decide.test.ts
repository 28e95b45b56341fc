import { expect, test } from 'vitest'
import { decide, type Facts, type Verdict } from '../../../src/retrain/decide.ts'

const ready: Facts = { enabled: true, fresh: false, datasetVersion: 3 }
const made: Facts = { ...ready, outcome: { kind: 'version', datasetVersion: 3 } }
const start = { kind: 'start', datasetVersion: 3 } as const
const skip = (word: string, why: RegExp) => ({ kind: 'skip', skip: word, why: expect.stringMatching(why) })

test.for<[string, Facts, Verdict | ReturnType<typeof skip>]>([
  ['a new version', made, start],
  ['a schedule on the latest version', ready, start],
  ['the same failed before: no open one is known', { ...ready }, start],
  ['a disabled trigger', { ...made, enabled: false }, skip('disabled', /disabled/)],
  ['a refused file', { ...made, outcome: { kind: 'refused', why: 'line 3' } }, skip('file refused', /^line 3$/)],
  [
    'a refused file of a disabled trigger: the file is named',
    { ...ready, enabled: false, outcome: { kind: 'refused', why: 'line 3' } },
    skip('file refused', /^line 3$/),
  ],
  ['an earlier write after a later one', { ...ready, outcome: { kind: 'superseded' } }, skip('superseded', /later/)],
  [
    'the bytes of the latest version',
    { ...ready, outcome: { kind: 'same', datasetVersion: 2 } },
    skip('same content', /2/),
  ],
  ['a dataset without versions', { enabled: true, fresh: false }, skip('no dataset version', /no version/)],
  ['columns that do not fit', { ...made, misfit: 'target: y' }, skip('does not fit', /^target: y$/)],
  ['a run under way', { ...ready, same: { id: 'r1', state: 'running' } }, skip('run is open', /r1.*running/)],
  [
    'a run that waits, asked afresh',
    { ...ready, fresh: true, same: { id: 'r1', state: 'queued' } },
    skip('run is open', /queued/),
  ],
  ['a run that succeeded', { ...ready, same: { id: 'r1', state: 'succeeded' } }, skip('run has succeeded', /r1/)],
  ['a run that succeeded, asked afresh', { ...ready, fresh: true, same: { id: 'r1', state: 'succeeded' } }, start],
])('%s -> its verdict', ([, facts, verdict]) => {
  expect(decide(facts)).toEqual(verdict)
})
