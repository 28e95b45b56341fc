import { describe, expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { TrainingData } from '../../../../src/estimators/estimator.ts'
import { fitFully } from '../../../../src/estimators/list.ts'
import { logLoss } from '../../../../src/estimators/losses/log-loss.ts'
import { softmaxLoss } from '../../../../src/estimators/losses/softmax-loss.ts'
import { mlp } from '../../../../src/estimators/mlp/mlp.ts'
import type { MlpModel } from '../../../../src/estimators/mlp/mlp-model.ts'
import { createGraph } from '../../../../src/onnx/graph.ts'
import { createRandom } from '../../../../src/random.ts'
import { runGraph } from '../../../fixtures/learning.ts'
import { peerFile, peerTable, rowsWhere, standardised, withTerms } from '../../../fixtures/peer-tables.ts'

const columns = 4
/** y bends with the first column and hangs on the product of two others: no linear model finds it. */
const made = (rows: number, classes?: number, seed = 5): TrainingData => {
  const random = createRandom(seed)
  const values = Float64Array.from({ length: rows * columns }, () => random() * 4 - 2)
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c] = values.subarray(i * columns)
    const score = Math.sin(2 * a!) + b! * c! + random() / 10
    return classes === undefined ? 1000 + 50 * score : Math.min(classes - 1, Math.max(0, Math.round(score + 0.5)))
  })
  return { X: { rows, columns, values }, y, ...(classes !== undefined && { classes }) }
}

const lossOf = (classes: number | undefined, margins: Float64Array, y: Float64Array): number => {
  if (classes === undefined)
    return Math.sqrt(y.reduce((sum, value, i) => sum + (margins[i]! - value) ** 2, 0) / y.length)
  const outputs = margins.length / y.length
  const row = (i: number) => margins.slice(i * outputs, (i + 1) * outputs)
  return (
    y.reduce(
      (sum, value, i) => sum + (classes === 2 ? logLoss.value(margins[i]!, value) : softmaxLoss(row(i), value)),
      0,
    ) / y.length
  )
}

type Peers = {
  readonly hyper: Readonly<Record<string, unknown>>
  readonly tables: readonly { readonly name: string; readonly losses: readonly number[] }[]
}
const peers = peerFile<Peers>('mlp.json')
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test.for(peers.tables)(
  'scikit-learn’s table $name -> a test loss among those of its nets',
  async ({ name, losses }) => {
    const data = peerTable(name)
    const train = rowsWhere(data, (row) => row % 4 !== 3)
    const held = rowsWhere(data, (row) => row % 4 === 3)
    const X = standardised(held.X, train.X)
    const found = []
    for (const seed of [1, 2, 3]) {
      const hyper = mlp.hyper({ ...peers.hyper, seed })
      const { model } = await fitFully(mlp, hyper, { ...data, ...train, X: standardised(train.X) }, compute(1))
      found.push(lossOf(data.classes, mlp.margins(model, X).values, held.y))
    }
    // 5 seeds of scikit-learn spread by 20 to 50 %: our mean of 3 is held to their worst.
    expect(mean(found)).toBeLessThan(Math.max(...losses) * 1.05)
  },
)

const forms = [
  { name: 'numbers', hyper: {}, data: made(300) },
  { name: 'counts', hyper: { loss: 'poisson' }, data: made(300) },
  { name: '2 classes', hyper: { activation: 'tanh' }, data: made(300, 2) },
  { name: '3 classes', hyper: { activation: 'logistic' }, data: made(300, 3) },
]

describe.for(forms)('$name', ({ hyper: given, data }) => {
  const hyper = mlp.hyper({ hidden: [16, 8], iterations: 30, batchSize: 16, patience: 4, learningRate: 0.01, ...given })
  const watched = { ...data, watch: made(100, data.classes, 6) }

  test('the exported graph -> margins of the trainer within float32, the same classes', async () => {
    const { model } = await fitFully(mlp, hyper, data, compute(1))
    const expected = mlp.margins(model, data.X)
    const graph = createGraph('net')
    const features = graph.input('features', 'FP64', [-1, columns])
    const margins = mlp.toGraph(model, graph, { name: features, columns, wide: true })
    graph.output(margins, 'FP64', [-1, expected.columns])
    const [found] = await runGraph(graph.toBytes(), [
      { name: 'features', datatype: 'FP64', shape: [data.X.rows, columns], data: data.X.values },
    ])
    const values = found!.data as Float64Array
    const { scale } = model
    expected.values.forEach((value, at) => {
      expect(Math.abs(values[at]! - value)).toBeLessThan(1e-5 * Math.max(1, scale))
      // A class changes with a margin's sign, or with its order among the others.
      if (expected.columns === 1 && data.classes === 2 && Math.abs(value) > 1e-5)
        expect(values[at]! > 0).toBe(value > 0)
    })
  })

  test('watched rows -> events tell their loss, the model is the best of the epochs, and patience ends the fit', async () => {
    const whole = await fitFully(mlp, { ...hyper, iterations: 200 }, watched, compute(1))
    const { best, iteration } = whole.state
    const told = whole.events.map(({ watchLoss }) => watchLoss!)
    expect(best!.loss).toBe(Math.min(...told.slice(1), best!.loss))
    if (iteration < 200) expect(iteration - best!.iterations).toBe(hyper.patience)
    // The same epochs without watching: the model of exactly that many.
    const refit = await fitFully(mlp, mlp.fixed(hyper, best!.iterations), data, compute(1))
    expect(whole.model).toStrictEqual(refit.model)
  })

  test('watched, paused after each epoch, through JSON, threads 1 and 2 in turn -> the bits of a fit without pause', async () => {
    const whole = await fitFully(mlp, hyper, watched, compute(1))
    let state = await mlp.open(hyper, watched, compute(1)).then(async (fitting) => {
      const first = await fitting.start()
      await fitting.close()
      return first
    })
    for (let threads = 1; state.status === 'fitting'; threads = 3 - threads) {
      const fitting = await mlp.open(hyper, watched, compute(threads))
      state = (await fitting.step(JSON.parse(JSON.stringify(state)), { iterations: 2 })).state
      await fitting.close()
    }
    expect(state).toStrictEqual(whole.state)
  })
})

test('rows of weight 0 -> the bits of a table without them', async () => {
  const data = made(120)
  const weights = Float64Array.from(data.y, (_, i) => (i % 3 === 0 ? 0 : 2))
  const hyper = mlp.hyper({ hidden: [8], iterations: 4 })
  const weighted = await fitFully(mlp, hyper, { ...data, weights }, compute(1))
  const without = await fitFully(mlp, hyper, { ...data, ...rowsWhere(data, (row) => row % 3 !== 0) }, compute(1))
  expect(weighted.model).toStrictEqual(without.model)
})

test('weighted rows and watched rows without weights -> trained, the watched ones all alike', async () => {
  const data = made(120)
  const weights = data.y.map((_, i) => 1 + (i % 2))
  const hyper = mlp.hyper({ hidden: [8], iterations: 3 })
  const plain = await fitFully(mlp, hyper, { ...data, weights, watch: made(40) }, compute(1))
  const ones = await fitFully(
    mlp,
    hyper,
    { ...data, weights, watch: { ...made(40), weights: new Float64Array(40).fill(3) } },
    compute(1),
  )
  expect(ones.state.best!.loss).toBeCloseTo(plain.state.best!.loss, 9)
})

test('another seed -> another net; XOR of two columns -> found', async () => {
  const data = made(400, 2)
  const y = data.y.map((_, i) => (data.X.values[i * columns]! * data.X.values[i * columns + 1]! > 0 ? 1 : 0))
  const netOf = (seed: number) => fitFully(mlp, mlp.hyper({ seed, iterations: 100 }), { ...data, y }, compute(1))
  const [one, two] = [await netOf(1), await netOf(2)]
  expect(one.model.parameters).not.toBe(two.model.parameters)
  expect(lossOf(2, mlp.margins(one.model, data.X).values, y)).toBeLessThan(0.1)
})

test('a constant target, in units of a million -> its value', async () => {
  const data = made(60)
  const { model } = await fitFully(mlp, mlp.hyper({ iterations: 2 }), { ...data, y: data.y.map(() => 3e6) }, compute(1))
  for (const value of mlp.margins(model, data.X).values) expect(Math.abs(value - 3e6)).toBeLessThan(5)
})

test('terms wider than fits -> BAD_TABLE that names the cells', async () => {
  const data = made(300)
  const { sparse } = withTerms(data.X, 1)
  const X = { ...data.X, columns: 0, values: new Float64Array(0), sparse: { ...sparse!, columns: 2 ** 20 } }
  const opened = mlp.open(mlp.hyper({}), { ...data, X }, compute(1))
  await expect(opened).rejects.toThrow(expect.objectContaining({ code: 'BAD_TABLE' }))
})

test('a step that is far too long -> BAD_RUN that names the learning rate', async () => {
  const hyper = mlp.hyper({ solver: 'sgd', learningRate: 1e30 })
  await expect(fitFully(mlp, hyper, made(200), compute(1))).rejects.toThrow(/lower parameters.mlp.learningRate/)
})

test('a checkpoint of 50-128-64-1 -> plain JSON of less than 400 KB', async () => {
  const X = { rows: 100, columns: 50, values: new Float64Array(5000).map((_, at) => Math.sin(at)) }
  const y = Float64Array.from({ length: 100 }, (_, i) => i)
  const hyper = mlp.hyper({ hidden: [128, 64], iterations: 1 })
  const { state, model } = await fitFully(mlp, hyper, { X, y, watch: { X, y } }, compute(1))
  expect(JSON.stringify(state).length).toBeLessThan(400_000)
  expect((model satisfies MlpModel).sizes).toEqual([50, 128, 64, 1])
})
