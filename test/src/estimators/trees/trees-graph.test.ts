import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { Features, TrainingData } from '../../../../src/estimators/estimator.ts'
import { estimators, fitFully } from '../../../../src/estimators/list.ts'
import { createGraph } from '../../../../src/onnx/graph.ts'
import { createRandom } from '../../../../src/random.ts'
import { runGraph } from '../../../fixtures/learning.ts'

const rows = 600
const levels = 12

/** Three numbers, the second with missing ones, and a category whose even levels stand apart; a few cells are missing. */
const made = (classes: number | undefined, wide: boolean): TrainingData => {
  const random = createRandom(3)
  const values = new Float64Array(rows * 4)
  const y = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const [a, b, c] = [random() * 8 - 4, random() * 5, random() * 2].map((v) => (wide ? v : Math.fround(v)))
    const level = Math.floor(random() * levels)
    values.set([a!, random() < 0.2 ? Number.NaN : b!, c!, random() < 0.1 ? Number.NaN : level], i * 4)
    const score = a! + (level % 2 === 0 ? 3 : 0) + Math.sin(b!) * 2 + random()
    y[i] =
      classes === undefined ? 100 * score : Math.max(0, Math.min(classes - 1, Math.floor((score + 4) / (12 / classes))))
  }
  const X = { rows, columns: 4, values, levels: [0, 0, 0, levels] }
  return { X, y, ...(classes !== undefined && { classes }) }
}

/** Every learned row, rows of missing values alone, and levels that were never seen, which a pipeline makes missing. */
const askedRows = ({ values }: Features): Features => {
  const more = Float64Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1e30, -1e30, 0, Number.NaN, 0, 0, 0, 11)
  return { rows: rows + 3, columns: 4, values: Float64Array.of(...values, ...more) }
}

const cases = (['gbdt', 'forest'] as const).flatMap((name) =>
  [undefined, 2, 3].flatMap((classes) => [true, false].map((wide) => ({ name, classes, wide }))),
)

test.for(cases)(
  '$name, $classes classes, wide $wide, missing and unseen values -> ONNX Runtime answers its margins',
  async ({ name, classes, wide }) => {
    const estimator = estimators[name]
    const data = made(classes, wide)
    const hyper = estimator.hyper({ iterations: 25 })
    const { model } = await fitFully(estimator, hyper, data, compute(1))
    const graph = createGraph('trees')
    const input = graph.input('x', wide ? 'FP64' : 'FP32', [-1, 4])
    const outputs = classes === 3 ? 3 : 1
    const margins = estimator.toGraph(model, graph, { name: input, columns: 4, wide })
    graph.output(margins, 'FP64', [-1, outputs])
    const asked = askedRows(data.X)
    const shape = [asked.rows, 4]
    const x = wide
      ? ({ name: 'x', datatype: 'FP64', shape, data: asked.values } as const)
      : ({ name: 'x', datatype: 'FP32', shape, data: Float32Array.from(asked.values) } as const)
    const [answer] = await runGraph(graph.toBytes(), [x])
    const expected = estimator.margins(model, asked).values
    const got = answer!.data as Float64Array // FP64, as declared
    // Sums of 25 float32 leaves of up to 1000; float64 ones are exact but for the order of sums.
    const tolerance = wide ? 1e-9 : classes === undefined ? 1e-3 : 1e-5
    let largest = 0
    expected.forEach((margin, at) => {
      largest = Math.max(largest, Math.abs(margin - got[at]!))
    })
    expect(got).toHaveLength(expected.length)
    expect(largest).toBeLessThan(tolerance)
  },
)
