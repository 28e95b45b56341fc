import { classificationMeasures } from '../metrics/classification.ts'
import { evenWeights, type Judged } from '../metrics/measure.ts'
import { regressionMeasures } from '../metrics/regression.ts'
import { outputDistance } from '../onnx/output-distance.ts'
import { type Interval, pairedInterval } from '../run/judge/bootstrap.ts'
import type { Tensor } from '../tensor/tensor.ts'

type PairedFigure = Interval & {
  readonly metric: 'logLoss' | 'rmse' | 'errorRate'
  /** Of the float graph. */
  readonly float: number
  /** Variant minus float; `low` and `high` are its 95 % interval. */
  readonly difference: number
}

/** How a variant's answers differ from the float graph's. */
export type Quality =
  /** On train rows whose truth is known. */
  | { readonly kind: 'labels'; readonly rows: number; readonly figures: readonly PairedFigure[] }
  /** On inputs made up: differences relative to the largest answer; absent where answers are not numbers and differ. */
  | { readonly kind: 'outputs'; readonly values: number; readonly largest?: number; readonly mean?: number }

/** Paired differences on rows with labels: more loss, and more wrong answers, are worse. */
export const labelledQuality = (float: Judged, variant: Judged, isClass: boolean, seed: number): Quality => {
  const weights = evenWeights(float.truth.length)
  const figure = (metric: PairedFigure['metric'], measure: (judged: Judged) => (drawn: Float64Array) => number) => {
    const [a, b] = [measure(variant), measure(float)]
    const difference = a(weights) - b(weights)
    const interval = pairedInterval(a, b, weights, seed) ?? { low: difference, high: difference }
    return { metric, float: b(weights), difference, ...interval }
  }
  const errorRate = (judged: Judged) => {
    const accuracy = classificationMeasures.accuracy(judged)
    return (drawn: Float64Array) => 1 - accuracy(drawn)
  }
  const figures = isClass
    ? [figure('logLoss', classificationMeasures.logLoss), figure('errorRate', errorRate)]
    : [figure('rmse', regressionMeasures.rmse)]
  return { kind: 'labels', rows: float.truth.length, figures }
}

/** The largest and the mean difference over several runs, the worst output of each. */
export const outputQuality = (
  float: readonly (readonly Tensor[])[],
  variant: readonly (readonly Tensor[])[],
): Quality => {
  const pairs = float.flatMap((outputs, run) => outputs.map((output, i) => outputDistance(output, variant[run]![i]!)))
  const values = pairs.reduce((sum, pair) => sum + pair.values, 0)
  if (!pairs.every(({ largest }) => Number.isFinite(largest))) return { kind: 'outputs', values }
  const worst = (name: 'largest' | 'mean'): number => Math.max(0, ...pairs.map((pair) => pair[name]))
  return { kind: 'outputs', values, largest: worst('largest'), mean: worst('mean') }
}
