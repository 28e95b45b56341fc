import { describe, expect, test } from 'vitest'
import { compute as computeOf } from '../../../adapters/sessions/compute.ts'
import type { Estimator, LinearModel, TrainingData } from '../../../src/estimators/estimator.ts'
import { estimators, fitFully } from '../../../src/estimators/list.ts'
import { createRandom } from '../../../src/random.ts'
import { withTerms } from '../../fixtures/peer-tables.ts'

const compute = computeOf(1)
const fitWhole = (estimator: Estimator, hyper: unknown, data: TrainingData) => fitFully(estimator, hyper, data, compute)

const rows = 60
const columns = 4

/** Made-up rows; the first class or value hangs on the first two features. */
const made = (classes: number | undefined, seed = 7): TrainingData => {
  const random = createRandom(seed)
  const values = Float64Array.from({ length: rows * columns }, () => random() * 4 - 2)
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const score = values[i * columns]! - 2 * values[i * columns + 1]! + random()
    return classes === undefined ? score : i < classes ? i : Math.min(classes - 1, Math.max(0, Math.floor(score + 1)))
  })
  return { X: { rows, columns, values }, y, ...(classes !== undefined && { classes }) }
}

const cases: readonly { name: string; estimator: Estimator; hyper: unknown; data: TrainingData }[] = [
  { name: 'linear, closed form', estimator: estimators.linear, hyper: {}, data: made(undefined) },
  {
    name: 'linear, gradient descent',
    estimator: estimators.linear,
    hyper: { solver: 'gradient-descent', learningRate: 0.001, iterations: 40 },
    data: made(undefined),
  },
  { name: 'logistic, 2 classes', estimator: estimators.logistic, hyper: {}, data: made(2) },
  { name: 'logistic, 3 classes', estimator: estimators.logistic, hyper: {}, data: made(3) },
  ...['absolute', 'huber', 'quantile'].map((loss) => ({
    name: `linear, ${loss} loss`,
    estimator: estimators.linear,
    hyper: { loss, ridge: 0.1 },
    data: made(undefined),
  })),
  // One batch of all rows without a penalty: weighted rows are repeated rows.
  ...[undefined, 2, 3].map((classes) => ({
    name: `mlp, ${classes ?? 'no'} classes`,
    estimator: estimators.mlp,
    hyper: { hidden: [8], iterations: 6, batchSize: 1000, alpha: 0, learningRate: 0.01 },
    data: made(classes),
  })),
  {
    name: 'gbdt, regression',
    estimator: estimators.gbdt,
    hyper: { iterations: 12, minRows: 1 },
    data: made(undefined),
  },
  {
    name: 'gbdt, samples of rows and columns',
    estimator: estimators.gbdt,
    hyper: { iterations: 12, minRows: 2, rows: 0.7, columns: 0.5 },
    data: made(undefined),
  },
  {
    name: 'gbdt, huber',
    estimator: estimators.gbdt,
    hyper: { iterations: 12, minRows: 1, loss: 'huber' },
    data: made(undefined),
  },
  { name: 'gbdt, 2 classes', estimator: estimators.gbdt, hyper: { iterations: 12, minRows: 1 }, data: made(2) },
  { name: 'gbdt, 3 classes', estimator: estimators.gbdt, hyper: { iterations: 9, minRows: 1 }, data: made(3) },
  { name: 'forest, regression', estimator: estimators.forest, hyper: { iterations: 9 }, data: made(undefined) },
  { name: 'forest, 2 classes', estimator: estimators.forest, hyper: { iterations: 9 }, data: made(2) },
  { name: 'forest, 3 classes', estimator: estimators.forest, hyper: { iterations: 9 }, data: made(3) },
]

/** Estimators that draw rows by their number: a row of weight 2 is not two rows to them. */
const draws = ({ name }: Estimator, hyper: unknown): boolean =>
  name === 'forest' || ((hyper as { rows?: number }).rows ?? 1) < 1

const marginsOf = (estimator: Estimator, model: unknown, data: TrainingData): readonly number[] =>
  Array.from(estimator.margins(model, data.X).values)

const subset = (data: TrainingData, keep: readonly number[]): TrainingData => ({
  ...data,
  X: {
    rows: keep.length,
    columns,
    values: Float64Array.from(keep.flatMap((i) => [...data.X.values.subarray(i * columns, (i + 1) * columns)])),
  },
  y: Float64Array.from(keep, (i) => data.y[i]!),
})

const everyRow = Array.from({ length: rows }, (_, i) => i)

describe.for(cases)('$name', ({ estimator, hyper: given, data }) => {
  const hyper = estimator.hyper(given)

  test('the same data twice, another fit between -> the same bits', async () => {
    const first = await fitWhole(estimator, hyper, data)
    await fitWhole(estimator, hyper, made(data.classes, 8))
    expect(await fitWhole(estimator, hyper, data)).toStrictEqual(first)
  })

  test('paused after each iteration and through JSON -> the bits of a fit without pause', async () => {
    let fitting = await estimator.open(hyper, data, compute)
    let state = await fitting.start()
    const losses: number[] = []
    while (state.status === 'fitting') {
      const step = await fitting.step(JSON.parse(JSON.stringify(state)), { iterations: 1 })
      losses.push(...step.events.map((event) => event.loss))
      state = step.state
      await fitting.close()
      fitting = await estimator.open(hyper, data, compute)
    }
    await fitting.close()
    const whole = await fitWhole(estimator, hyper, data)
    expect(estimator.model(state)).toStrictEqual(whole.model)
    expect(losses).toStrictEqual(whole.events.map((event) => event.loss))
  })

  test('stop asked for at once -> one iteration, then more work', async () => {
    const fitting = await estimator.open(hyper, data, compute)
    const { state } = await fitting.step(await fitting.start(), { iterations: 9, stop: () => true })
    expect(state.iteration).toBe(1)
    await fitting.close()
  })

  test('constant and doubled columns -> a finite model', async () => {
    const copy = data.X.values.slice()
    for (let i = 0; i < rows; i++) {
      copy[i * columns + 2] = 0.1
      copy[i * columns + 3] = copy[i * columns]!
    }
    const { model } = await fitWhole(estimator, hyper, { ...data, X: { rows, columns, values: copy } })
    expect(marginsOf(estimator, model, data).every(Number.isFinite)).toBe(true)
  })

  test('whole weights -> the fit of repeated rows', async (context) => {
    if (draws(estimator, hyper)) context.skip('rows are drawn by their number')
    const weights = Float64Array.from(everyRow, (i) => i % 3)
    const repeated = subset(
      data,
      everyRow.flatMap((i) => new Array<number>(i % 3).fill(i)),
    )
    // Gradient descent must not diverge on the larger sum; the others have their own tolerance.
    const weighted = marginsOf(estimator, (await fitWhole(estimator, hyper, { ...data, weights })).model, data)
    const expected = marginsOf(estimator, (await fitWhole(estimator, hyper, repeated)).model, data)
    // Of two features that divide the learned rows alike trees may take either; other rows then differ.
    const outputs = expected.length / rows
    weighted.forEach((value, at) => {
      if (Math.floor(at / outputs) % 3 > 0) expect(value).toBeCloseTo(expected[at]!, 4)
    })
  })

  test.for([
    { what: 'no rows', change: (d: TrainingData) => subset(d, []) },
    {
      what: 'an infinite feature',
      change: (d: TrainingData) => ({ ...d, X: { ...d.X, values: d.X.values.with(5, Number.POSITIVE_INFINITY) } }),
    },
    {
      what: 'a missing feature',
      change: (d: TrainingData) => ({ ...d, X: { ...d.X, values: d.X.values.map(() => Number.NaN) } }),
      allowed: 'trees',
    },
    { what: 'a target that is not finite', change: (d: TrainingData) => ({ ...d, y: d.y.with(0, Number.NaN) }) },
    { what: 'a negative weight', change: (d: TrainingData) => ({ ...d, weights: d.y.map(() => -1) }) },
    { what: 'too few targets', change: (d: TrainingData) => ({ ...d, y: d.y.subarray(1) }) },
  ] as const)('$what -> BAD_TABLE', async ({ change, ...row }, context) => {
    if ('allowed' in row && row.allowed === estimator.form) context.skip('trees learn where missing values go')
    const opened = estimator.open(hyper, change(data), compute)
    await expect(opened).rejects.toThrow(expect.objectContaining({ code: 'BAD_TABLE' }))
  })

  test('one row -> a finite model, or a refusal of one class', async () => {
    const one = subset(data, [0])
    if (data.classes === undefined)
      expect(marginsOf(estimator, (await fitWhole(estimator, hyper, one)).model, data).every(Number.isFinite)).toBe(
        true,
      )
    else await expect(estimator.open(hyper, one, compute)).rejects.toThrow(/expected rows of at least 2 classes, got 1/)
  })

  test('an unknown hyperparameter -> BAD_RUN', () => {
    expect(() => estimator.hyper({ dept: 3 })).toThrow(expect.objectContaining({ code: 'BAD_RUN' }))
  })
})

// A dense copy of a block of terms must give the same model, and the same margins.
test.for(cases)(
  '$name, two columns as terms -> the margins of the dense table',
  async ({ estimator, hyper: given, data }) => {
    const X = withTerms(data.X, 2)
    const hyper = estimator.hyper(given)
    const expected = marginsOf(estimator, (await fitWhole(estimator, hyper, data)).model, data)
    const terms = { ...data, X }
    const found = marginsOf(estimator, (await fitWhole(estimator, hyper, terms)).model, terms)
    // Corners are rounded off over terms: within a hundredth of a target of deviation 3.
    const digits = ['absolute', 'quantile'].includes(String((given as { loss?: string }).loss)) ? 1 : 4
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, digits)
    })
  },
)

test('numpy lstsq on a small table -> the same coefficients', async () => {
  // y = 3 + 2 a - b exactly.
  const values = Float64Array.of(1, 2, 2, 1, 4, 3, 3, 7, 6, 5)
  const y = Float64Array.of(3, 6, 8, 2, 10)
  const table = { X: { rows: 5, columns: 2, values }, y }
  const fitted = await fitWhole(estimators.linear, estimators.linear.hyper({}), table)
  const model = fitted.model as LinearModel
  expect(model.weights[0]![0]).toBeCloseTo(2, 12)
  expect(model.weights[0]![1]).toBeCloseTo(-1, 12)
  expect(model.intercepts[0]).toBeCloseTo(3, 12)
})

test('a learning rate that diverges -> BAD_RUN that names it', async () => {
  const hyper = estimators.linear.hyper({ solver: 'gradient-descent', learningRate: 10 })
  await expect(fitWhole(estimators.linear, hyper, made(undefined))).rejects.toThrow(
    /lower parameters.linear.learningRate \(10\)/,
  )
})
