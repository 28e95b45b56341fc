import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { release } from '../../../src/release.ts'
import { parseRunRequest, samenessText } from '../../../src/run/request.ts'
import { executionName, parseExecutionName, runId } from '../../../src/run/run-id.ts'

const body = { model: 'm', dataset: 'd', target: 'y' }
const same = (more: object, version = 1): string => samenessText(parseRunRequest({ ...body, ...more }), version, '1')

test.for<[string, object]>([
  ['defaults spelled out', { gate: 'auto', seed: 0, algorithms: ['auto'], split: { method: 'random' } }],
  ['members in another order', { target: 'y', dataset: 'd', model: 'm' }],
  ['fresh', { fresh: true }],
  ['an engine', { engine: 'lambda' }],
])('%s -> the same run', ([, more]) => {
  expect(same(more)).toBe(same({}))
})

test.for<[string, string]>([
  ['another seed', same({ seed: 1 })],
  ['a dropped column', same({ columns: { a: { drop: true } } })],
  ['no promotion', same({ promote: false })],
  ['a later dataset version', same({}, 2)],
])('%s -> another run', ([, text]) => {
  expect(text).not.toBe(same({}))
})

test('ids of runs -> sort by their time, and are read back from an execution', () => {
  const random = Uint8Array.from({ length: 10 }, (_, i) => 255 - i)
  const times = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48]
  const ids = times.map((ms) => runId(ms, random))
  expect([...ids].sort()).toEqual(ids)
  expect(parseExecutionName(executionName(ids[4]!, 3))).toEqual({ runId: ids[4], attempt: 3 })
  expect(parseExecutionName('some-other-machine')).toBeUndefined()
})

test('the release that models carry -> that of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  expect(release).toBe(version)
})
