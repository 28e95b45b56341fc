import { type Calibration, calibrationBins } from '../../metrics/calibration-bins.ts'
import { confusionMatrix } from '../../metrics/confusion.ts'
import { type CurvePoint, curvePoints } from '../../metrics/curves.ts'
import { type Judged, weightedMean } from '../../metrics/measure.ts'
import { type Residuals, residualsOf } from '../../metrics/residuals.ts'
import type { ConformalInterval } from './interval.ts'

/** What accuracy alone hides. */
export type ClassReport = {
  /** Weights of rows by true class (first index) and answered class. */
  readonly confusion: readonly (readonly number[])[]
  /** ROC and precision-recall points of the positive class; binary only. */
  readonly curve?: readonly CurvePoint[]
  /** Of the positive class when binary; else of the answered class: how often it is right. */
  readonly calibration: Calibration
}

export const classReport = (judged: Judged, weights: Float64Array): ClassReport => {
  const { truth, answers, labels, positive } = judged
  const { rows, columns, values } = answers
  const column = (at: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => at(row))
  const confusion = confusionMatrix(truth, labels, columns, weights)
  if (positive === undefined) {
    const said = column((row) => values[row * columns + labels[row]!]!)
    const came = column((row) => (labels[row] === truth[row] ? 1 : 0))
    return { confusion, calibration: calibrationBins(said, came, weights) }
  }
  const said = column((row) => values[row * columns + positive]!)
  const came = column((row) => (truth[row] === positive ? 1 : 0))
  return { confusion, curve: curvePoints(came, said, weights), calibration: calibrationBins(said, came, weights) }
}

export type ValueReport = {
  readonly residuals: Residuals
  /** Of a model that answers an interval: the share of rows within it, and its mean width. */
  readonly interval?: { readonly level: number; readonly coverage: number; readonly meanWidth: number }
}

export const valueReport = (
  { truth, answers }: Judged,
  weights: Float64Array,
  interval?: ConformalInterval,
  ends?: { readonly low: Float64Array; readonly high: Float64Array },
): ValueReport => {
  const residuals = residualsOf(truth, answers.values, weights)
  if (interval === undefined || ends === undefined) return { residuals }
  const { low, high } = ends
  const within = truth.map((y, i) => (low[i]! <= y && y <= high[i]! ? 1 : 0))
  const widths = low.map((end, i) => high[i]! - end)
  const { level } = interval
  return {
    residuals,
    interval: { level, coverage: weightedMean(within, weights), meanWidth: weightedMean(widths, weights) },
  }
}
