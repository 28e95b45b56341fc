import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { LabelledData, TrainingData } from '../../../../src/estimators/estimator.ts'
import { gbdt } from '../../../../src/estimators/gbdt.ts'
import { fitFully } from '../../../../src/estimators/list.ts'
import { rowLoss } from '../../../../src/estimators/trees/losses.ts'
import { createRandom } from '../../../../src/random.ts'

/** y = e^(x0 / 2) with skewed noise, always above 0; the other columns say nothing. */
const made = (rows: number, seed: number): LabelledData => {
  const random = createRandom(seed)
  const values = Float64Array.from({ length: rows * 5 }, () => random() * 4)
  const y = Float64Array.from({ length: rows }, (_, i) => Math.exp(values[i * 5]! / 2) * (0.5 + random() ** 3 * 3))
  return { X: { rows, columns: 5, values }, y }
}

const learned = made(400, 1)
const watch = made(200, 2)

test('watched rows -> ends by its patience, answers the model of least watched loss, pauses change no bit', async () => {
  const data: TrainingData = { ...learned, watch }
  const hyper = gbdt.hyper({ iterations: 400, learningRate: 0.3, patience: 7 })
  const { model, state, events } = await fitFully(gbdt, hyper, data, compute(1))
  const best = state.best!
  expect(state.iteration).toBe(best.iterations + 7)
  expect(model.trees).toHaveLength(best.iterations)
  // The loss before iteration i is that of i trees.
  const losses = events.map((event) => event.watchLoss!)
  expect(Math.min(...losses)).toBe(best.loss)
  expect(losses.indexOf(best.loss)).toBe(best.iterations)
  const margins = gbdt.margins(model, watch.X).values
  const loss = margins.reduce((sum, m, i) => sum + (m - watch.y[i]!) ** 2, 0) / margins.length
  expect(loss).toBeCloseTo(best.loss, 9)

  let paused = await (await gbdt.open(hyper, data, compute(1))).start()
  while (paused.status === 'fitting') {
    const fitting = await gbdt.open(hyper, data, compute(1))
    paused = (await fitting.step(JSON.parse(JSON.stringify(paused)), { iterations: 3 })).state
    await fitting.close()
  }
  expect(paused).toStrictEqual(state)
  const again = await fitFully(gbdt, gbdt.fixed(hyper, best.iterations), learned, compute(1))
  expect(again.model).toStrictEqual(model)
})

test.for([
  { loss: { name: 'squared' }, others: ['absolute', 'quantile'] },
  { loss: { name: 'absolute' }, others: ['squared', 'quantile'] },
  { loss: { name: 'huber', delta: 1 }, others: ['quantile'] },
  { loss: { name: 'quantile', share: 0.9 }, others: ['squared', 'absolute'] },
  { loss: { name: 'poisson' }, others: ['absolute', 'quantile'] },
] as const)(
  'loss $loss.name -> less of it on other rows than with losses of another kind',
  async ({ loss, others }) => {
    const heldLoss = async (fitted: string): Promise<number> => {
      const more = { ...(fitted === 'quantile' && { quantile: 0.9 }), ...(fitted === 'huber' && { delta: 1 }) }
      const hyper = gbdt.hyper({ loss: fitted, iterations: 60, ...more })
      const { model } = await fitFully(gbdt, hyper, made(3000, 1), compute(1))
      const own = rowLoss(loss).loss
      // Between values and logarithms, as the loss takes its margins.
      const toMargin = (m: number): number => {
        const value = gbdt.link(hyper) === 'log' ? Math.exp(m) : m
        return loss.name === 'poisson' ? Math.log(Math.max(value, 1e-3)) : value
      }
      return gbdt.margins(model, watch.X).values.reduce((sum, m, i) => sum + own(toMargin(m), watch.y[i]!), 0)
    }
    const best = await heldLoss(loss.name)
    for (const other of others) expect(best).toBeLessThan(await heldLoss(other))
  },
)

test('loss quantile 0.9 -> 90 % of other rows lie below, within 6 points', async () => {
  const hyper = gbdt.hyper({ loss: 'quantile', quantile: 0.9, iterations: 60 })
  const { model } = await fitFully(gbdt, hyper, made(3000, 5), compute(1))
  const margins = gbdt.margins(model, watch.X).values
  const below = margins.filter((m, i) => watch.y[i]! <= m).length / margins.length
  expect(Math.abs(below - 0.9)).toBeLessThan(0.06)
})

test.for([
  { what: 'loss log, a target of 0', hyper: { loss: 'log' }, code: 'BAD_TABLE', change: { y: learned.y.with(3, 0) } },
  {
    what: 'loss poisson, a negative target',
    hyper: { loss: 'poisson' },
    code: 'BAD_TABLE',
    change: { y: learned.y.with(3, -1) },
  },
  {
    what: 'a loss for classes',
    hyper: { loss: 'squared' },
    code: 'BAD_RUN',
    change: { classes: 2, y: learned.y.map((_, i) => i % 2) },
  },
  { what: 'monotone in a column that is not there', hyper: { monotone: { b: 1 } }, code: 'BAD_RUN', change: {} },
  {
    what: 'monotone with quantiles',
    hyper: { monotone: { a: 1 }, loss: 'quantile' },
    code: 'BAD_RUN',
    change: {},
  },
])('$what -> $code', async ({ hyper, code, change }) => {
  const opened = gbdt.open(gbdt.hyper(hyper), { ...learned, ...change }, compute(1))
  await expect(opened).rejects.toThrow(expect.objectContaining({ code }))
})
