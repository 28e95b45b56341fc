import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { calibrationBins } from '../../../src/metrics/calibration-bins.ts'
import { classificationMetrics } from '../../../src/metrics/classification.ts'
import { confusionMatrix } from '../../../src/metrics/confusion.ts'
import { evenWeights } from '../../../src/metrics/measure.ts'
import { cumulative } from '../../../src/metrics/ranking.ts'
import { regressionMetrics } from '../../../src/metrics/regression.ts'
import { fitCalibrator } from '../../../src/run/blend/fit-calibrator.ts'
import { isotonicBlocks } from '../../../src/run/blend/isotonic.ts'

type Figures = Readonly<Record<string, number | null>>
type Case = { readonly weights: number[] | null; readonly figures: Figures }
type Classes = Case & {
  readonly truth: number[]
  readonly probabilities: number[]
  readonly labels: number[]
  readonly positive: number | null
  readonly classes: number
  readonly confusion: number[][]
}
type Values = Case & { readonly truth: number[]; readonly predicted: number[]; readonly quantile: number }

// Written by test/fixtures/peers/metrics.py with scikit-learn 1.2.1.
const peer = JSON.parse(readFileSync(new URL('../../fixtures/peers/metrics.json', import.meta.url), 'utf8'))

const casesOf = <One>(group: string): readonly (readonly [string, One])[] => Object.entries(peer[group])
const weightsOf = ({ weights }: { readonly weights: number[] | null }, rows: number): Float64Array =>
  weights === null ? evenWeights(rows) : Float64Array.from(weights)

/** Sums in another order. */
const relative = 1e-12

const expectFigures = (found: Readonly<Record<string, number>>, figures: Figures): void => {
  for (const [name, expected] of Object.entries(figures)) {
    if (expected === null) expect(Number.isFinite(found[name]), name).toBe(false)
    else expect(Math.abs(found[name]! - expected), name).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(expected)))
  }
}

describe('as scikit-learn', () => {
  test.for(casesOf<Classes>('classes'))('%s -> its classification metrics', ([, one]) => {
    const rows = one.truth.length
    const [truth, labels, weights] = [Float64Array.from(one.truth), Float64Array.from(one.labels), weightsOf(one, rows)]
    const answers = { rows, columns: one.classes, values: Float64Array.from(one.probabilities) }
    const positive = one.positive ?? undefined
    expectFigures({ ...classificationMetrics(truth, answers, labels, positive, weights) }, one.figures)
    expect(confusionMatrix(truth, labels, one.classes, weights)).toEqual(one.confusion)
  })

  test.for(casesOf<Values>('values'))('%s -> its regression metrics', ([, one]) => {
    const { truth, predicted, quantile } = one
    const weights = weightsOf(one, truth.length)
    const metrics = regressionMetrics(Float64Array.from(truth), Float64Array.from(predicted), weights, quantile)
    expectFigures({ ...metrics }, one.figures)
  })

  type Curve = { truth: number[]; scores: number[]; weights: number[] | null } & Record<
    'roc' | 'precisionRecall' | 'calibration',
    number[][]
  >

  test.for(casesOf<Curve>('curves'))('curves with %s -> its ROC and precision-recall points and bins', ([, one]) => {
    const [truth, scores] = [Float64Array.from(one.truth), Float64Array.from(one.scores)]
    const sums = cumulative(truth, scores, weightsOf(one, truth.length))
    const { positives, others } = sums.at(-1)!
    sums.forEach((above, i) => {
      expect(above.others / others).toBeCloseTo(one.roc[i]![0]!, 12)
      expect(above.positives / positives).toBeCloseTo(one.roc[i]![1]!, 12)
    })
    // scikit-learn ends where every positive is found; ours goes on to the last row.
    one.precisionRecall.forEach(([threshold, precision, recall], i) => {
      expect(sums[i]!.score).toBe(threshold)
      expect(sums[i]!.positives / (sums[i]!.positives + sums[i]!.others)).toBeCloseTo(precision!, 12)
      expect(sums[i]!.positives / positives).toBeCloseTo(recall!, 12)
    })
    if (one.calibration === null) return
    const { bins } = calibrationBins(scores, truth)
    expect(bins).toHaveLength(one.calibration.length)
    bins.forEach(({ said, came }, i) => {
      expect(said).toBeCloseTo(one.calibration[i]![0]!, 12)
      expect(came).toBeCloseTo(one.calibration[i]![1]!, 12)
    })
  })

  type Fit = { x: number[]; y: number[]; weights: number[] | null }

  test.for(casesOf<Fit & { fitted: number[] }>('isotonic'))('isotonic with %s -> its fitted values', ([, one]) => {
    const x = Float64Array.from(one.x)
    const blocks = isotonicBlocks(x, Float64Array.from(one.y), weightsOf(one, x.length))
    x.forEach((place, i) => {
      expect(blocks.find(({ to }) => place <= to)!.value).toBeCloseTo(one.fitted[i]!, 10)
    })
  })

  test.for(casesOf<Fit & { slope: number; offset: number }>('platt'))(
    'Platt, %s -> its slope and offset',
    ([, one]) => {
      const rows = one.x.length
      const margins = { rows, columns: 1, values: Float64Array.from(one.x) }
      const y = Float64Array.from(one.y)
      const fitted = fitCalibrator('platt', { margins, y, weights: weightsOf(one, rows), link: 'logit' })
      // Its minimiser stops at a gradient of 1e-5.
      expect(fitted).toEqual({
        kind: 'platt',
        slope: expect.closeTo(one.slope, 4),
        offset: expect.closeTo(one.offset, 4),
      })
    },
  )
})
