import { expect, test } from 'vitest'
import { judge } from '../../cli/evaluation.ts'
import { runRequest } from '../../cli/run-request.ts'

const least = { target: 'y', name: 'm', algo: 'auto', promote: true, ensemble: true }
const body = { model: 'm', dataset: 'm', target: 'y' }

test.for([
  { given: 'the least', options: {}, added: {} },
  { given: 'a dataset of its own', options: { dataset: 'd' }, added: { dataset: 'd' } },
  { given: 'algorithms', options: { algo: 'linear,logistic' }, added: { algorithms: ['linear', 'logistic'] } },
  {
    given: 'columns',
    options: { drop: ['a'], type: [['b', 'date']] as const, dateFormat: [['b', 'dmy']] as const },
    added: { columns: { a: { drop: true }, b: { kind: 'date', format: 'dmy' } } },
  },
  { given: 'a split by time', options: { split: 'time:a:b' }, added: { split: { method: 'time', column: 'a:b' } } },
  { given: 'a key of rows', options: { splitKey: 'id' }, added: { split: { key: 'id' } } },
  {
    given: 'hyperparameters',
    options: {
      set: [
        ['linear.iterations', '1000'],
        ['linear.solver', 'gradient-descent'],
        ['linear.intercept', 'false'],
      ] as const,
    },
    added: { parameters: { linear: { iterations: 1000, solver: 'gradient-descent', intercept: false } } },
  },
  {
    given: 'limits',
    options: { maxLatency: 2.5, maxSize: 100 },
    added: { limits: { latencyMs: 2.5, sizeBytes: 102_400 } },
  },
  { given: 'balanced classes', options: { classWeight: ['balanced'] }, added: { classWeight: 'balanced' } },
  {
    given: 'weights of classes',
    options: { classWeight: ['bad=10', 'a=b=0.5'] },
    added: { classWeight: { bad: 10, 'a=b': 0.5 } },
  },
  { given: '--no-ensemble', options: { ensemble: false }, added: { ensemble: false } },
  { given: 'an interval', options: { interval: 0.9 }, added: { interval: 0.9 } },
  { given: '--no-promote', options: { promote: false }, added: { promote: false } },
  {
    given: 'an engine and a gap',
    options: { engine: 'batch', gap: '7d' },
    added: { engine: 'batch', split: { gap: '7d' } },
  },
])('$given -> a run that says no more', ({ options, added }) => {
  expect(runRequest({ ...least, ...options })).toEqual({ ...body, ...added })
})

test('a hyperparameter without its algorithm -> exit code 2', () => {
  expect(() => runRequest({ ...least, set: [['iterations', '5']] })).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('numbers -> R2 as 1 - SS_res / SS_tot', () => {
  // sklearn.metrics.r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]) = 0.948608137 (its own documentation).
  expect(judge(['3', '-0.5', '2', '7'], [2.5, 0, 2, 8], 'y').r2).toBeCloseTo(0.948608137, 9)
})

test('labels -> accuracy over the classes that the model knows', () => {
  const answer = (label: string, yes: number) => ({ label, probabilities: { no: 1 - yes, yes } })
  expect(judge(['yes', 'no', 'no'], [answer('yes', 0.9), answer('yes', 0.6), answer('no', 0.1)], 'y')).toMatchObject({
    accuracy: 2 / 3,
    rocAuc: 1,
  })
  expect(() => judge(['maybe'], [answer('yes', 0.9)], 'y')).toThrow('row 1, column y: expected no, yes, got maybe')
})

test('the class that is positive -> average precision and ROC AUC of it', () => {
  const answer = (no: number) => ({ label: 'no', probabilities: { no, yes: 1 - no } })
  const answers = [answer(0.9), answer(0.8), answer(0.7), answer(0.6)]
  const truth = ['yes', 'no', 'no', 'no']
  // sklearn.metrics.average_precision_score([0, 1, 1, 1], [.9, .8, .7, .6]) and of [1, 0, 0, 0], [.1, .2, .3, .4]
  expect(judge(truth, answers, 'y', { positive: 'no' }).averagePrecision).toBeCloseTo(0.6388888888888888, 9)
  expect(judge(truth, answers, 'y').averagePrecision).toBeCloseTo(0.25, 9)
})

test.for([{ split: 'group:' }, { split: 'time:' }])('$split without a column -> exit code 2', (options) => {
  expect(() => runRequest({ ...least, ...options })).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining('expected a column after the colon') }),
  )
})

test('a pushed classifier with a plain array of probabilities -> not judged, as no class is named', () => {
  // What a pushed model answers is not what PredictionBody, the answer of a trained one, says.
  const answers = [{ label: 1, probabilities: [0.2, 0.8] }] as unknown as Parameters<typeof judge>[1]
  expect(() => judge(['1'], answers, 'y')).toThrow(/expected a number or a label with probabilities by class/)
})
