import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compute } from '../../../adapters/sessions/compute.ts'
import { columnsToTensors } from '../../../src/dataset/codec.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'
import type { LinearModel } from '../../../src/estimators/estimator.ts'
import { estimators, fitFully } from '../../../src/estimators/list.ts'
import { type AskedClassWeight, planClassWeight } from '../../../src/run/class-weights.ts'
import { planTarget, type TargetPlan } from '../../../src/run/task.ts'
import { trainingDataOf } from '../../../src/run/trials/fit-trial.ts'

type Fit = {
  readonly target: 'two' | 'three'
  readonly classWeight: AskedClassWeight
  readonly weighted: boolean
  readonly theta: readonly (readonly number[])[]
}

/** scikit-learn 1.2.1: test/fixtures/peers/class-weight.py */
const peer: {
  readonly X: readonly (readonly number[])[]
  readonly weights: readonly number[]
  readonly y: Readonly<Record<Fit['target'], readonly number[]>>
  readonly fits: readonly Fit[]
} = JSON.parse(readFileSync(new URL('../../fixtures/peers/class-weight.json', import.meta.url), 'utf8'))

const names = ['a', 'b', 'c']
const columns = Object.fromEntries(names.map((name, j) => [name, peer.X.map((row) => String(row[j]))]))

test.for(peer.fits.map((fit) => [JSON.stringify(fit.classWeight), fit.target, fit.weighted, fit] as const))(
  'class weights %s, %s classes, row weights %s -> the coefficients of scikit-learn',
  async ([, , weighted, { target, classWeight, theta }]) => {
    const labels = peer.y[target].map(String)
    const table = { names: [...names, 't'], columns: [...Object.values(columns), labels] }
    const profile = profileTable(table, {})
    const codec = decideCodec(profile, 't')
    const task = target === 'two' ? 'binary' : 'multiclass'
    const plan = planTarget(profile.columns.at(-1)!, labels, { task })
    const spec = { codec, preprocess: 'none', plan, seed: 0, classWeight: planClassWeight(classWeight, plan) } as const
    const { data } = trainingDataOf(
      spec,
      { algorithm: 'logistic' },
      {
        tensors: columnsToTensors(codec, columns),
        y: Float64Array.from(peer.y[target]),
        ...(weighted && { weights: Float64Array.from(peer.weights) }),
      },
    )
    const { logistic } = estimators
    const { model } = await fitFully(logistic, logistic.hyper({ C: 1, tolerance: 1e-9 }), data, compute(1))
    const { weights, intercepts } = model as LinearModel // logistic answers no other
    const own = weights.map((row, k) => [...row, intercepts[k]!])
    expect(own).toEqual(theta.map((row) => row.map((value) => expect.closeTo(value, 5))))
  },
)

const plan: TargetPlan = { task: 'binary', classes: ['bad', 'good'], positive: 'bad', notices: [] }

test('labels that are not named -> weight 1', () => {
  expect(planClassWeight({ bad: 10 }, plan)).toEqual([10, 1])
})

test.for<[AskedClassWeight, TargetPlan, string]>([
  [{ odd: 2 }, plan, 'classWeight: expected labels among bad, good, got odd'],
  ['balanced', { task: 'regression', classes: null, notices: [] }, 'classWeight: expected none for regression'],
])('%j -> refused', ([asked, target, message]) => {
  expect(() => planClassWeight(asked, target)).toThrow(message)
})
