import { expect, test } from 'vitest'
import { compute } from '../../../adapters/sessions/compute.ts'
import type { Estimator, LinearModel } from '../../../src/estimators/estimator.ts'
import { estimators, fitFully } from '../../../src/estimators/list.ts'
import { quantile } from '../../../src/estimators/losses/quantile.ts'
import { createRandom } from '../../../src/random.ts'
import { peerFile, peerTable, standardised, withTerms } from '../../fixtures/peer-tables.ts'

type Target = 'y' | 'counts' | 'labels' | 'three'

type Peers = {
  readonly shipped: Readonly<Record<string, { readonly theta: readonly number[][]; readonly loss: number }>>
  readonly table: { readonly columns: number; readonly values: number[]; readonly weights: number[] } & Readonly<
    Record<Target, number[]>
  >
  readonly losses: readonly {
    readonly name: string
    readonly hyper: Readonly<Record<string, unknown>>
    readonly target: Target
    readonly weighted: boolean
    readonly theta: readonly number[][]
  }[]
}

const { shipped, table, losses } = peerFile<Peers>('linear.json')
const classesOf: Readonly<Record<Target, number | undefined>> = {
  ...{ y: undefined, counts: undefined, labels: 2, three: 3 },
}

/** [outputs][features, intercept]. */
const thetaOf = (model: unknown): number[][] => {
  const { weights, intercepts } = model as LinearModel // linear and logistic answer no other
  return weights.map((row, k) => [...row, intercepts[k]!])
}

const trained = async (estimator: Estimator, hyper: unknown, data: Parameters<Estimator['open']>[1]) =>
  (await fitFully(estimator, estimator.hyper(hyper), data, compute(1))).model

const largestDifference = (a: readonly number[][], b: readonly number[][]): number =>
  Math.max(...a.flatMap((row, k) => row.map((value, j) => Math.abs(value - b[k]![j]!))))

const dense = { rows: table.y.length, columns: table.columns, values: Float64Array.from(table.values) }
const forms = [
  { form: 'dense', X: dense },
  { form: 'two columns as terms', X: withTerms(dense, 2) },
]
const dataOf = (X: Parameters<Estimator['open']>[1]['X'], target: Target, weighted: boolean) => ({
  X,
  y: Float64Array.from(table[target]),
  ...(weighted && { weights: Float64Array.from(table.weights) }),
  ...(classesOf[target] !== undefined && { classes: classesOf[target] }),
})

/** Both stop where a gradient is small: 6 digits of coefficients up to 5. */
const tolerance = 5e-7

const cornered = (hyper: Readonly<Record<string, unknown>>): boolean =>
  hyper.loss === 'quantile' || hyper.loss === 'absolute'

test.for(
  losses
    .flatMap((peer) => forms.map((form) => ({ ...peer, ...form })))
    .filter(({ X, hyper }) => !('sparse' in X && cornered(hyper))),
)('$name, weighted $weighted, $form -> the coefficients of scikit-learn to 6 digits', async (peer) => {
  const isLogistic = peer.target === 'labels' || peer.target === 'three'
  const hyper = isLogistic ? { ...peer.hyper, tolerance: 1e-7 } : peer.hyper
  const model = await trained(
    estimators[isLogistic ? 'logistic' : 'linear'],
    hyper,
    dataOf(peer.X, peer.target, peer.weighted),
  )
  expect(largestDifference(thetaOf(model), peer.theta)).toBeLessThan(tolerance)
})

test.for(losses.filter(({ hyper, weighted }) => hyper.loss === 'quantile' && !weighted))(
  '$name over terms -> the loss of the exact fit within a thousandth: corners are rounded off',
  async ({ hyper, theta }) => {
    const share = Number(hyper.quantile)
    const y = Float64Array.from(table.y)
    const mean = (at: readonly number[]) =>
      y.reduce((sum, target, i) => {
        let margin = at[4]!
        for (let j = 0; j < 4; j++) margin += table.values[i * 4 + j]! * at[j]!
        return sum + quantile(share).value(margin, target) / y.length
      }, 0)
    const model = await trained(estimators.linear, hyper, dataOf(withTerms(dense, 2), 'y', false))
    expect(mean(thetaOf(model)[0]!) / mean(theta[0]!)).toBeLessThan(1.001)
  },
)

test.for(Object.keys(shipped))('scikit-learn’s table %s -> its coefficients to 6 digits', async (name) => {
  const data = peerTable(name)
  const isLogistic = data.classes !== undefined
  const estimator = estimators[isLogistic ? 'logistic' : 'linear']
  const model = await trained(estimator, isLogistic ? { tolerance: 1e-7 } : {}, { ...data, X: standardised(data.X) })
  expect(largestDifference(thetaOf(model), shipped[name]!.theta)).toBeLessThan(2e-6)
})

test('columns in units from 1e-6 to 1e6 -> the predictions of the same columns in one unit', async () => {
  const units = [1e-6, 1, 1e3, 1e6]
  const values = dense.values.map((value, at) => value * units[at % 4]!)
  for (const hyper of [{ loss: 'huber' }, { loss: 'quantile' }, { loss: 'poisson' }]) {
    const target = hyper.loss === 'poisson' ? 'counts' : 'y'
    const plain = await trained(estimators.linear, hyper, dataOf(dense, target, false))
    const scaled = await trained(estimators.linear, hyper, dataOf({ ...dense, values }, target, false))
    const back = thetaOf(scaled).map((row) => row.map((value, j) => value * (units[j] ?? 1)))
    expect(largestDifference(back, thetaOf(plain))).toBeLessThan(1e-5)
  }
})

test('20 columns that are 0 but for 10 of 12,000 rows -> the optimum in a few passes', async () => {
  const random = createRandom(4)
  const rows = 12_000
  const columns = 23
  // Few of these rows are among those from which the curvature is guessed; taken for flat they need 349 passes.
  const values = Float64Array.from({ length: rows * columns }, (_, at) => {
    const column = at % columns
    return column < 3 ? random() * 2 - 1 : Number(Math.floor(at / columns) % 1200 === column * 7 + 1)
  })
  const y = Float64Array.from({ length: rows }, (_, i) => Number(values[i * columns]! + random() > 0.5))
  const { logistic } = estimators
  const data = { X: { rows, columns, values }, y, classes: 2 }
  const { state } = await fitFully(logistic, logistic.hyper({ C: 1e3 }), data, compute(1))
  expect(state.iteration).toBeLessThan(60)
})

test('20,000 terms, 5 classes -> most training rows named rightly, a checkpoint of a few MB', async () => {
  const random = createRandom(11)
  const rows = 600
  const columns = 20_000
  const termsPerRow = 30
  const y = Float64Array.from({ length: rows }, (_, i) => i % 5)
  const places = Uint32Array.from({ length: rows * termsPerRow }, (_, at) => {
    // Every third term comes from the class's own 100.
    const own = y[Math.floor(at / termsPerRow)]! * 100
    return at % 3 === 0 ? own + Math.floor(random() * 100) : 500 + Math.floor(random() * (columns - 500))
  })
  const starts = Uint32Array.from({ length: rows + 1 }, (_, i) => i * termsPerRow)
  const values = new Float64Array(places.length).fill(1 / Math.sqrt(termsPerRow))
  const sparse = { rows, columns, starts, places, values }
  const data = { X: { rows, columns: 0, values: new Float64Array(0), sparse }, y, classes: 5 }
  const { logistic } = estimators
  const fitted = await fitFully(logistic, logistic.hyper({}), data, compute(1))
  const scores = logistic.margins(fitted.model, data.X)
  const right = y.filter((label, i) => {
    const row = Array.from(scores.values.subarray(i * 5, (i + 1) * 5))
    return row.indexOf(Math.max(...row)) === label
  })
  expect(right.length / rows).toBeGreaterThan(0.95)
  expect(JSON.stringify(fitted.state).length).toBeLessThan(25e6)
})

test.for([
  {
    what: 'a loss beside gradient descent',
    hyper: { solver: 'gradient-descent', loss: 'huber' },
    says: /expected squared/,
  },
  { what: 'an unknown loss', hyper: { loss: 'cubic' }, says: /parameters.linear.loss/ },
  { what: 'quantile 1', hyper: { loss: 'quantile', quantile: 1 }, says: /parameters.linear.quantile/ },
])('$what -> BAD_RUN', ({ hyper, says }) => {
  expect(() => estimators.linear.hyper(hyper)).toThrow(
    expect.objectContaining({ code: 'BAD_RUN', message: expect.stringMatching(says) }),
  )
})

test('a negative count -> BAD_TABLE', async () => {
  const { linear } = estimators
  const opened = linear.open(linear.hyper({ loss: 'poisson' }), dataOf(dense, 'y', false), compute(1))
  await expect(opened).rejects.toThrow(/expected a number of at least 0 for the poisson loss/)
})

// A ridge has one optimum, where the slopes of the loss are 0: it needs no peer.
test.for([
  { rows: 30, columns: 80, weighted: false, intercept: true },
  { rows: 30, columns: 80, weighted: true, intercept: true },
  { rows: 30, columns: 80, weighted: true, intercept: false },
  { rows: 30, columns: 30, weighted: true, intercept: true },
  { rows: 80, columns: 30, weighted: true, intercept: true },
])('ridge, %o -> every slope of its loss is 0', async ({ rows, columns, weighted, intercept }) => {
  const random = createRandom(3)
  const draw = (count: number): Float64Array => Float64Array.from({ length: count }, () => random() * 4 - 1)
  const X = { rows, columns, values: draw(rows * columns) }
  const [y, ridge] = [draw(rows), 0.7]
  const weights = draw(rows).map((value) => (weighted ? value + 1 : 1))
  const model = await trained(estimators.linear, { ridge, intercept }, { X, y, weights })
  const [theta] = thetaOf(model)
  const rest = y.map((value, i) =>
    theta!.slice(0, columns).reduce((left, b, j) => left - b * X.values[i * columns + j]!, value - theta![columns]!),
  )
  const slopes = Array.from({ length: columns }, (_, j) =>
    rest.reduce((sum, left, i) => sum - weights[i]! * left * X.values[i * columns + j]!, ridge * theta![j]!),
  )
  if (intercept) slopes.push(rest.reduce((sum, left, i) => sum + weights[i]! * left, 0))
  else expect(theta![columns]).toBe(0)
  expect(Math.max(...slopes.map(Math.abs))).toBeLessThan(1e-9)
})
