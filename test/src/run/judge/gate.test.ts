import { expect, test } from 'vitest'
import { createRandom } from '../../../../src/random.ts'
import type { Answers } from '../../../../src/run/answers.ts'
import { enoughTestRows, type GateInput, gate } from '../../../../src/run/judge/gate.ts'

const rows = 200
const random = createRandom(3)
const truth = Float64Array.from({ length: rows }, () => random() * 10)
const noise = Float64Array.from({ length: rows }, () => random() - 0.5)
const column = (values: Float64Array): Answers => ({ values: { rows: values.length, columns: 1, values } })
const pairs = (values: Float64Array): Answers => ({ values: { rows: values.length / 2, columns: 2, values } })
const off = (by: number) => column(truth.map((y, i) => y + by * noise[i]!))

const input = (change: Partial<GateInput>): GateInput => ({
  rule: 'auto',
  plan: { task: 'regression', classes: null },
  truth,
  candidate: off(1),
  train: { y: truth },
  seed: 1,
  rows: 'test',
  ...change,
})

const few = 30
const fewRows = {
  truth: truth.slice(0, few),
  candidate: column(truth.slice(0, few)),
  live: column(truth.slice(0, few)),
}

test.for<[string, Partial<GateInput>, 'passed' | 'rejected', RegExp]>([
  ['a first version that predicts well', {}, 'passed', /^better than the baseline/],
  [
    'a first version no better than the mean',
    { candidate: column(truth.map(() => 5)) },
    'rejected',
    /not shown to be better than the baseline/,
  ],
  ['a later version as good as live', { live: off(1) }, 'passed', /not worse than the live version/],
  [
    'as good as live under the rule better',
    { live: off(1), rule: 'better' },
    'rejected',
    /not shown to be better than/,
  ],
  [
    'better than live under the rule better',
    { live: off(2), rule: 'better' },
    'passed',
    /better than the live version/,
  ],
  ['worse than live', { live: off(0.5) }, 'rejected', /not shown to be not worse than/],
  ['a later version with too few rows', fewRows, 'rejected', /expected at least 50, got 30; train with more/],
  ['too few rows and no gate', { ...fewRows, rule: 'none' }, 'passed', /no gate was asked for/],
])('%s -> %s', ([, change, verdict, reason]) => {
  const result = gate(input(change))
  expect(result.verdict).toBe(verdict)
  expect(result.reason).toMatch(reason)
  expect(gate(input(change))).toEqual(result)
})

const binary = (classes: readonly [string, string]) => ({ task: 'binary', classes, positive: classes[1] }) as const

test('class priors as a candidate -> rejected, whatever their accuracy', () => {
  const rare = Float64Array.from({ length: 400 }, (_, i) => (i % 20 === 0 ? 1 : 0))
  const values = Float64Array.from({ length: 800 }, (_, at) => (at % 2 === 0 ? 0.95 : 0.05))
  const result = gate(input({ plan: binary(['no', 'yes']), truth: rare, train: { y: rare }, candidate: pairs(values) }))
  expect([result.verdict, result.metric]).toEqual(['rejected', 'logLoss'])
  // Entropy of .05: the loss of the priors.
  expect(result.against).toBeCloseTo(-(0.05 * Math.log(0.05) + 0.95 * Math.log(0.95)), 12)
})

test('a later version with few rows of a class -> what came, and how to go on', () => {
  const few = Float64Array.from({ length: 52 }, (_, i) => (i < 15 ? 1 : 0))
  const even = pairs(new Float64Array(104).fill(0.5))
  const { reason } = gate(input({ plan: binary(['silver', 'gold']), truth: few, candidate: even, live: even }))
  expect(reason).toBe(
    'too few test rows to compare with the live version: expected at least 50 and 20 of each class, got 52 and 15 of gold; train with more rows, or name gate none to promote without a comparison (logLoss on 52 test rows)',
  )
})

test.for<[number, number, boolean]>([
  [49, 24, false],
  [60, 19, false],
  [60, 20, true],
])('%i rows with %i of one class -> enough is %s', ([n, ones, enough]) => {
  expect(
    enoughTestRows(
      'binary',
      Float64Array.from({ length: n }, (_, i) => (i < ones ? 1 : 0)),
    ),
  ).toBe(enough)
})
