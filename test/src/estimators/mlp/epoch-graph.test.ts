import { describe, expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { NetLoss } from '../../../../src/estimators/losses/loss-nodes.ts'
import { epochGraph, type Training } from '../../../../src/estimators/mlp/epoch-graph.ts'
import { activations, parameterCount } from '../../../../src/estimators/mlp/network.ts'
import { createRandom } from '../../../../src/random.ts'
import { type BatchRow, plainEpoch, plainGradient, plainLoss } from './plain-net.ts'

const rows = 22
const columns = 3
const batchRows = 8
const batches = 3
const rate = 0.05

const losses: readonly NetLoss[] = [
  ...(['squared', 'absolute', 'huber', 'quantile', 'poisson'] as const).map((loss) => ({
    ...{ loss, delta: 0.6, quantile: 0.8 },
  })),
  { loss: 'log', classes: 2 },
  { loss: 'log', classes: 4 },
]
const nameOf = (loss: NetLoss): string => (loss.loss === 'log' ? `log, ${loss.classes} classes` : loss.loss)

const cases = [
  ...losses.map((loss) => ({ name: `${nameOf(loss)}, tanh, adam`, loss, activation: 'tanh', solver: 'adam' }) as const),
  ...activations.map(
    (activation) => ({ name: `squared, ${activation}, sgd`, loss: losses[0]!, activation, solver: 'sgd' }) as const,
  ),
]

const types = { FP32: Float32Array, FP64: Float64Array } as const

describe.for(cases)('$name', ({ loss, activation, solver }) => {
  const outputs = loss.loss === 'log' && loss.classes > 2 ? loss.classes : 1
  const shape = { sizes: [columns, 5, 4, outputs], activation }
  const training: Training = { shape, loss, solver, momentum: 0.9, alpha: 0.01 }
  const random = createRandom(3)
  const table: readonly BatchRow[] = Array.from({ length: rows }, () => ({
    x: Array.from({ length: columns }, () => random() * 4 - 2),
    y: loss.loss === 'log' ? Math.floor(random() * loss.classes) : random() * 3,
    weight: 0.5 + random(),
  }))
  const start = Float64Array.from({ length: parameterCount(shape) }, () => random() * 1.2 - 0.6)
  const order = Array.from({ length: rows }, (_, i) => (i * 7) % rows)
  const counts = [8, 8, 6]

  const run = async (datatype: 'FP32' | 'FP64', threads: number, rates: readonly number[], momentum = 0.9) => {
    const { bytes, outputs: results } = epochGraph({ ...training, momentum }, { rows, batchRows, batches }, datatype)
    const opened = await compute(threads).openGraph(bytes)
    const tensor = (name: string, tensorShape: readonly number[], values: readonly number[] | Float64Array) => ({
      ...{ name, datatype, shape: tensorShape, data: types[datatype].from(values) },
    })
    const zeros = new Float64Array(start.length)
    const filled = Int32Array.from({ length: batches * batchRows }, (_, at) => order[at] ?? rows)
    const answer = await opened.run(
      [
        tensor('x', [rows + 1, columns], [...table.flatMap(({ x }) => x), ...new Array<number>(columns).fill(0)]),
        tensor('y', [rows + 1, 1], [...table.map(({ y }) => y), 0]),
        tensor('weight', [rows + 1, 1], [...table.map(({ weight }) => weight), 0]),
        ...['parameters', 'first', 'second'].map((name, k) => tensor(name, [start.length], k === 0 ? start : zeros)),
        { name: 'order', datatype: 'INT32', shape: [batches, batchRows], data: filled },
        tensor(
          'share',
          [batches],
          counts.map((count) => 1 / count),
        ),
        tensor('rate', [batches], rates),
      ],
      results,
    )
    await opened.close()
    return {
      parameters: Float64Array.from(answer[0]!.data as Float64Array),
      losses: Float64Array.from(answer[3]!.data as Float64Array),
    }
  }

  const adamRates = counts.map((_, s) => (rate * Math.sqrt(1 - 0.999 ** (s + 1))) / (1 - 0.9 ** (s + 1)))
  const rates = solver === 'adam' ? adamRates : counts.map(() => rate)
  const batchesOf = counts.map((count, s) => Array.from({ length: count }, (_, i) => table[order[s * batchRows + i]!]!))

  test.for([
    { datatype: 'FP64', tolerance: 1e-12 },
    { datatype: 'FP32', tolerance: 1e-5 },
  ] as const)(
    '$datatype -> parameters and losses of plain loops, the last batch not full',
    async ({ datatype, tolerance }) => {
      const found = await run(datatype, 1, rates)
      const expected = plainEpoch(training, start, batchesOf, rate)
      found.losses.forEach((value, s) => {
        expect(Math.abs(value - expected.losses[s]!)).toBeLessThan(tolerance)
      })
      found.parameters.forEach((value, at) => {
        expect(Math.abs(value - expected.parameters[at]!)).toBeLessThan(tolerance)
      })
    },
  )

  test('1 and 2 threads -> the same bits', async () => {
    expect(await run('FP32', 2, rates)).toStrictEqual(await run('FP32', 1, rates))
  })

  test('one step of plain descent -> the gradient of finite differences', async () => {
    const batch = batchesOf[0]!
    const gradient = plainGradient(training, start, batch)
    if (solver === 'sgd') {
      const { parameters } = await run('FP64', 1, [1, 0, 0], 0)
      gradient.forEach((slope, at) => {
        expect(Math.abs(start[at]! - parameters[at]! - slope)).toBeLessThan(1e-12)
      })
    }
    for (let at = 0; at < start.length; at++) {
      const moved = (by: number) => plainLoss(training, start.with(at, start[at]! + by), batch)
      expect(Math.abs(gradient[at]! - (moved(1e-6) - moved(-1e-6)) / 2e-6)).toBeLessThan(1e-6)
    }
  })
})
