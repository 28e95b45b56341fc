import { describe, expect, test } from 'vitest'
import { logLosses } from '../../../../src/metrics/classification.ts'
import { evenWeights, weightedMean } from '../../../../src/metrics/measure.ts'
import { createGraph } from '../../../../src/onnx/graph.ts'
import { type Calibrator, calibrate, calibratorNodes } from '../../../../src/run/blend/calibrator.ts'
import { chooseCalibrator } from '../../../../src/run/blend/choose-calibrator.ts'
import { type CalibrationData, fitCalibrator } from '../../../../src/run/blend/fit-calibrator.ts'
import { applyLink } from '../../../../src/run/blend/link.ts'
import { column, drawnOdds, drawnScores } from '../../../fixtures/draws.ts'
import { runGraph } from '../../../fixtures/learning.ts'

const binary = (rows: number, seed: number, twist: (m: number) => number = (m) => m): CalibrationData => {
  const { odds, y } = drawnOdds(rows, seed)
  return { margins: column(odds.map(twist)), y, weights: evenWeights(rows), link: 'logit' }
}

const several = (rows: number, seed: number, scale = 1): CalibrationData => {
  const { scores, y } = drawnScores(rows, 3, seed)
  const margins = column(
    scores.map((m) => m * scale),
    3,
  )
  return { margins, y, weights: evenWeights(rows), link: 'softmax' }
}

const lossOf = ({ margins, y, weights, link }: CalibrationData, calibrator?: Calibrator): number =>
  weightedMean(logLosses(y, applyLink(link, calibrator ? calibrate(calibrator, margins) : margins)), weights)

test('margins three times too sure -> a temperature of 3 in two and in three classes', () => {
  const two = fitCalibrator(
    'temperature',
    binary(20_000, 1, (m) => 3 * m),
  )
  const three = fitCalibrator('temperature', several(20_000, 2, 3))
  // The standard error of the scale on 20,000 rows is about 0.005.
  for (const found of [two, three]) expect(found).toEqual({ kind: 'temperature', scale: expect.closeTo(1 / 3, 1) })
  expect(two?.kind === 'temperature' && Math.abs(3 * two.scale - 1)).toBeLessThan(0.06)
})

describe('chosen by cross-fitted log-loss', () => {
  test.for<[string, Calibrator['kind'] | undefined, CalibrationData]>([
    ['margins that say what comes', undefined, binary(600, 3)],
    ['margins that say what comes, many rows', undefined, binary(8000, 4)],
    ['three classes that say what comes', undefined, several(900, 5)],
    ['three times too sure, few rows', 'temperature', binary(600, 6, (m) => 3 * m)],
    ['shifted by 2, few rows', 'platt', binary(600, 7, (m) => m + 2)],
    ['twisted, many rows', 'isotonic', binary(8000, 8, (m) => Math.sign(m) * m * m + 1)],
    ['three classes too sure, few rows', 'temperature', several(900, 9, 3)],
    ['three classes too sure, many rows', 'isotonic', several(9000, 10, 3)],
  ])('%s -> %s', ([, kind, data]) => {
    const { calibrator, logLoss } = chooseCalibrator(data, 1)
    expect(calibrator?.kind).toBe(kind)
    if (calibrator === undefined) return
    expect(logLoss.after).toBeLessThan(logLoss.before)
    expect(chooseCalibrator(data, 1)).toEqual({ calibrator, logLoss })
  })

  test('class weights, margins that say what comes -> calibrated whatever the loss says', () => {
    expect(chooseCalibrator(binary(600, 3), 1, true).calibrator).toBeDefined()
  })

  test('one class only -> no calibrator', () => {
    const { margins, weights } = binary(50, 11)
    const data = { margins, weights, y: new Float64Array(50), link: 'logit' } as const
    expect(chooseCalibrator(data, 1, true).calibrator).toBeUndefined()
  })

  test('what is kept -> a lower loss on rows that it has not seen', () => {
    const twist = (m: number) => Math.sign(m) * m * m + 1
    const { calibrator } = chooseCalibrator(binary(8000, 8, twist), 1)
    const fresh = binary(8000, 80, twist)
    expect(lossOf(fresh, calibrator)).toBeLessThan(lossOf(fresh) - 0.05)
    // Undoing the twist exactly is the best that any calibrator can do.
    expect(lossOf(fresh, calibrator)).toBeLessThan(lossOf(binary(8000, 80)) + 0.005)
  })
})

test.for<[string, Calibrator['kind'], CalibrationData]>([
  ['two classes', 'temperature', binary(500, 12)],
  ['two classes', 'platt', binary(500, 13)],
  ['two classes', 'isotonic', binary(2000, 14)],
  ['three classes', 'temperature', several(500, 15)],
  ['three classes', 'isotonic', several(2000, 16)],
])("%s, %s -> the graph on ONNX Runtime has the trainer's margins", async ([, kind, data]) => {
  const calibrator = JSON.parse(JSON.stringify(fitCalibrator(kind, data))) as Calibrator
  const { columns } = data.margins
  const far = Float64Array.from({ length: columns * 4 }, (_, at) => (at % 2 === 0 ? 1e6 : -1e6) * (1 + at))
  const margins = column(Float64Array.from([...data.margins.values, ...far]), columns)
  const graph = createGraph('test')
  graph.input('margins', 'FP64', [-1, columns])
  graph.output(calibratorNodes(calibrator, graph, 'margins'), 'FP64', [-1, columns])
  const feed = { name: 'margins', datatype: 'FP64', shape: [margins.rows, columns], data: margins.values } as const
  const [output] = await runGraph(graph.toBytes(), [feed])
  const own = calibrate(calibrator, margins).values
  const answered = output!.data as Float64Array // FP64 by the graph's output
  own.forEach((value, at) => {
    expect(Math.abs(value - answered[at]!)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)))
  })
})
