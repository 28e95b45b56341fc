import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { TrainingData } from '../../../../src/estimators/estimator.ts'
import { estimators, fitFully } from '../../../../src/estimators/list.ts'

type Figures = {
  readonly breastCancerLogLoss: {
    readonly histGradientBoosting: number
    readonly xgboost: number
    readonly randomForest: number
  }
  readonly syntheticMse: { readonly histGradientBoosting: number; readonly xgboost: number }
  readonly categoricalLogLoss: { readonly histGradientBoosting: number }
}

const read = <Value>(name: string): Value =>
  // Written by test/fixtures/peers/trees.py, which has these names.
  JSON.parse(readFileSync(new URL(`../../../fixtures/peers/${name}`, import.meta.url), 'utf8')) as Value

const figures = read<Figures>('trees.json')

/** The peers' hyperparameters. */
const same = { iterations: 100, learningRate: 0.1, leaves: 31, minRows: 20, l2: 0 }

const part = (rows: readonly (readonly number[])[], y: readonly number[], more: object = {}): TrainingData => ({
  X: { rows: rows.length, columns: rows[0]!.length, values: Float64Array.from(rows.flat()), ...more },
  y: Float64Array.from(y),
})

const fitAndAsk = async (name: 'gbdt' | 'forest', hyper: object, learned: TrainingData, held: TrainingData) => {
  const estimator = estimators[name]
  const { model } = await fitFully(estimator, estimator.hyper(hyper), learned, compute(1))
  return estimator.margins(model, held.X).values
}

const logLoss = (margins: Float64Array, y: Float64Array): number =>
  margins.reduce((sum, m, i) => sum + Math.log1p(Math.exp(y[i] === 1 ? -m : m)), 0) / y.length

/** As trees.py: lowbias32 of 0, 1, 2... */
const uniform = (count: number, stream: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => {
    let h = (i + stream * 10_000_000) >>> 0
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
  })

const breastCancerLoss = async (name: 'gbdt' | 'forest', hyper: object): Promise<number> => {
  const { X, y } = read<{ X: number[][]; y: number[] }>('breast-cancer.json')
  let sum = 0
  for (let fold = 0; fold < 5; fold++) {
    const rows = (held: boolean) => [...X.keys()].filter((i) => (i % 5 === fold) === held)
    const cut = (held: boolean) =>
      part(
        rows(held).map((i) => X[i]!),
        rows(held).map((i) => y[i]!),
      )
    const held = cut(true)
    sum += logLoss(await fitAndAsk(name, hyper, { ...cut(false), classes: 2 }, held), held.y) / 5
  }
  return sum
}

test('breast_cancer, 5 folds, the hyperparameters of scikit-learn -> at most 2 % above its log-loss', async () => {
  expect(await breastCancerLoss('gbdt', same)).toBeLessThan(1.02 * figures.breastCancerLogLoss.histGradientBoosting)
})

test('breast_cancer, 5 folds, the defaults -> a lower log-loss than both peers with theirs', async () => {
  const { histGradientBoosting, xgboost } = figures.breastCancerLogLoss
  expect(await breastCancerLoss('gbdt', {})).toBeLessThan(Math.min(histGradientBoosting, xgboost))
})

test('breast_cancer, 5 folds, a forest -> at most 15 % above scikit-learn', async () => {
  const loss = await breastCancerLoss('forest', {})
  expect(loss).toBeLessThan(1.15 * figures.breastCancerLogLoss.randomForest)
})

test('20,000 rows with missing values -> at most 2 % above the better squared error', async () => {
  const rows = 25_000
  const values = uniform(rows * 10, 1)
  const noise = uniform(rows, 2)
  const table = Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * 10, i * 10 + 10)))
  const y = table.map((x, i) => 10 * x[0]! * x[1]! + 20 * (x[2]! - 0.5) ** 2 + 10 * x[3]! + 5 * x[4]! + 2 * noise[i]!)
  for (const x of table) if (x[5]! < 0.1) x[3] = Number.NaN
  const held = part(table.slice(20_000), y.slice(20_000))
  const margins = await fitAndAsk('gbdt', same, part(table.slice(0, 20_000), y.slice(0, 20_000)), held)
  const error = margins.reduce((sum, m, i) => sum + (m - held.y[i]!) ** 2, 0) / margins.length
  const { histGradientBoosting, xgboost } = figures.syntheticMse
  expect(error).toBeLessThan(1.02 * Math.min(histGradientBoosting, xgboost))
})

test('two categories of 40 and 6 levels -> at most 2 % above scikit-learn with categorical features', async () => {
  const rows = 5000
  const values = uniform(rows * 2, 3)
  const effect = uniform(40, 4)
  const noise = uniform(rows, 5)
  const table = Array.from({ length: rows }, (_, i) => [
    Math.floor(values[2 * i]! * 40),
    Math.floor(values[2 * i + 1]! * 6),
  ])
  const y = table.map(([a, b], i) =>
    Number(effect[a!]! * 4 - 2 + (b === 2 ? 1.5 : 0) - 0.5 + (noise[i]! - 0.5) * 6 > 0),
  )
  const more = { levels: [40, 6] }
  const held = part(table.slice(4000), y.slice(4000), more)
  const learned = { ...part(table.slice(0, 4000), y.slice(0, 4000), more), classes: 2 }
  const loss = logLoss(await fitAndAsk('gbdt', same, learned, held), held.y)
  expect(loss).toBeLessThan(1.02 * figures.categoricalLogLoss.histGradientBoosting)
})
