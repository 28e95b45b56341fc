import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { release } from '../../../src/release.ts'
import {
  budgetMsOf,
  checkRunColumns,
  parseRunRequest,
  samenessText,
  thresholdRuleOf,
} from '../../../src/run/request.ts'
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

test.for<[string, object, string]>([
  ['auto beside another', { algorithms: ['auto', 'gbdt'] }, 'algorithms: expected auto alone'],
  ['an algorithm twice', { algorithms: ['gbdt', 'gbdt'] }, 'algorithms: expected auto alone or each algorithm once'],
  ['no algorithm', { algorithms: [] }, 'algorithms: expected at least one'],
  [
    'parameters of another',
    { algorithms: ['gbdt'], parameters: { mlp: {} } },
    'parameters.mlp: expected parameters of gbdt',
  ],
  ['a budget without a unit', { budget: '5' }, 'budget: expected a duration such as 5m'],
  ['a threshold in words', { threshold: 'best' }, 'threshold: expected f1, or cost:FP,FN'],
  ['a threshold for numbers', { task: 'regression', threshold: 'f1' }, 'threshold: expected none for regression'],
  ['an interval for classes', { task: 'binary', interval: 0.9 }, 'interval: expected none for binary'],
  ['an interval of all', { interval: 1 }, 'interval: expected less than 1, got 1'],
  [
    'an interval for an algorithm of classes',
    { algorithms: ['logistic'], interval: 0.9 },
    'algorithms logistic: expected what regression has, as the other fields ask for, got logistic of binary or multiclass',
  ],
  [
    'a threshold beside a metric of numbers',
    { threshold: 'f1', metric: 'rmse' },
    'metric: expected what binary has, as the other fields ask for, got rmse of regression',
  ],
  [
    'algorithms of no common task',
    { algorithms: ['logistic', 'linear'] },
    'algorithms linear: expected what binary or multiclass has',
  ],
  ['an algorithm of another task', { task: 'regression', algorithms: ['logistic'] }, 'expected task binary or multi'],
  ['a metric of another task', { task: 'regression', metric: 'rocAuc' }, 'metric: expected one of rmse'],
  ['an unknown metric', { metric: 'auc' }, 'metric: expected one of rmse, mae, '],
  [
    'a misspelt algorithm',
    { parameters: { gbtd: {} } },
    'parameters: unknown member gbtd; expected linear, logistic, mlp, gbdt, forest',
  ],
  ['a misspelt member', { sede: 1 }, 'body: unknown member sede; expected model, dataset, datasetVersion, target, '],
  [
    'a misspelt parameter',
    { parameters: { gbdt: { lerningRate: 0.1 } } },
    'parameters.gbdt: unknown member lerningRate; expected iterations, learningRate, ',
  ],
  [
    'a split by time without a column',
    { split: { method: 'time' } },
    'split.column: expected the column of a split by time',
  ],
  ['a column of a random split', { split: { column: 'x' } }, 'split.column: expected none for random'],
  [
    'a gap between groups',
    { split: { method: 'group', column: 'x', gap: '7d' } },
    'split.gap: expected none for group',
  ],
  ['a key of groups', { split: { method: 'group', column: 'x', key: 'y' } }, 'split.key: expected none for group'],
  ['a limit of nothing', { limits: { latencyMs: 0 } }, 'limits.latencyMs: '],
])('%s -> BAD_RUN that names the field', ([, more, message]) => {
  expect(() => parseRunRequest({ ...body, ...more })).toThrow(
    expect.objectContaining({ code: 'BAD_RUN', message: expect.stringContaining(message) }),
  )
})

test.for<[string, string, number]>([
  ['milliseconds', '250ms', 250],
  ['seconds', '90s', 90_000],
  ['minutes', '5m', 300_000],
  ['hours', '2h', 7_200_000],
  ['days', '7d', 604_800_000],
])('a budget in %s -> milliseconds', ([, budget, ms]) => {
  expect(budgetMsOf(parseRunRequest({ ...body, budget }))).toBe(ms)
})

test('a threshold by cost -> the costs of a false positive and of a false negative', () => {
  expect(thresholdRuleOf(parseRunRequest({ ...body, threshold: 'cost:1,7.5' }))).toEqual({
    kind: 'cost',
    costs: [1, 7.5],
  })
  expect(thresholdRuleOf(parseRunRequest({ ...body, threshold: 'f1' }))).toEqual({ kind: 'f1' })
})

test.for<[string, object, string, string]>([
  ['a weight', { weight: 'w' }, 'UNKNOWN_COLUMN', 'weight: expected one of x, y, got w'],
  [
    'the moment of a split',
    { split: { method: 'time', column: 't' } },
    'UNKNOWN_COLUMN',
    'split.column: expected one of',
  ],
  ['the target as weight', { weight: 'y' }, 'BAD_RUN', 'weight: expected another column'],
  ['nothing beside target and weight', { weight: 'x' }, 'BAD_RUN', 'columns: expected at least one beside y'],
])('%s that the table lacks -> refused before it is read', ([, more, code, message]) => {
  expect(() => checkRunColumns(parseRunRequest({ ...body, ...more }), ['x', 'y'])).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  )
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
