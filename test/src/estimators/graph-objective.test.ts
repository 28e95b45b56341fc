import { expect, test } from 'vitest'
import { compute } from '../../../adapters/sessions/compute.ts'
import { designOf } from '../../../src/estimators/design.ts'
import { openGraphObjective } from '../../../src/estimators/graph-objective.ts'
import { logLoss } from '../../../src/estimators/losses/log-loss.ts'
import { softmaxLoss } from '../../../src/estimators/losses/softmax-loss.ts'
import { rowLossOf, rowsObjective } from '../../../src/estimators/rows-objective.ts'
import { createRandom } from '../../../src/random.ts'

const columns = 5
const made = (rows: number, classes: number) => {
  const random = createRandom(rows)
  return {
    X: { rows, columns, values: Float64Array.from({ length: rows * columns }, () => random() * 6 - 1) },
    y: Float64Array.from({ length: rows }, () => Math.floor(random() * classes)),
    weights: Float64Array.from({ length: rows }, () => Math.floor(random() * 3)),
  }
}

// 1024 rows are a block: less than one, one and a part.
test.for([
  { rows: 40, classes: 2 },
  { rows: 40, classes: 4 },
  { rows: 1500, classes: 2 },
  { rows: 2500, classes: 3 },
])(
  '$rows rows, $classes classes -> loss and gradient of plain loops, of finite differences, on any threads',
  async ({ rows, classes }) => {
    const outputs = classes === 2 ? 1 : classes
    const design = designOf(made(rows, classes), 0.5)
    const random = createRandom(1)
    const point = Float64Array.from({ length: outputs * design.size }, () => random() - 0.5)
    const plain = rowsObjective(design, outputs, classes === 2 ? rowLossOf(logLoss) : softmaxLoss)
    const gradient = new Float64Array(point.length)
    const value = await plain(point, gradient)
    const answers = []
    for (const threads of [1, 2, 3]) {
      const opened = await openGraphObjective(design, outputs, { loss: 'log', classes }, compute(threads))
      const slopes = new Float64Array(point.length)
      answers.push({ value: await opened.objective(point, slopes), slopes })
      await opened.close()
    }
    expect(answers[1]).toStrictEqual(answers[0])
    expect(answers[2]).toStrictEqual(answers[0])
    expect(Math.abs(answers[0]!.value - value)).toBeLessThan(1e-12)
    const scratch = new Float64Array(point.length)
    for (let j = 0; j < point.length; j++) {
      expect(Math.abs(answers[0]!.slopes[j]! - gradient[j]!)).toBeLessThan(1e-12)
      const moved = async (by: number) => plain(point.with(j, point[j]! + by), scratch)
      const slope = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5
      expect(Math.abs(gradient[j]! - slope)).toBeLessThan(1e-8)
    }
  },
)
