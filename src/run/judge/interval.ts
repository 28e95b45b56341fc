import { evenWeights } from '../../metrics/measure.ts'
import type { Graph } from '../../onnx/graph.ts'

/**
 * A conformal interval around predictions f: [f + low s, f + high s], where s is 1, or sqrt(f) of counts, whose spread
 * grows with them. Plain JSON.
 */
export type ConformalInterval = {
  /** The share of rows that it is to hold, such as 0.9. */
  readonly level: number
  readonly low: number
  readonly high: number
  readonly spread: 'constant' | 'root'
}

/**
 * From residuals of rows that the model has not seen (split conformal, Vovk 2005; the residuals of all folds together,
 * as CV+ of Barber et al. 2021 without its fold models): each end leaves out half of 1 - level, with the finite-sample
 * step (n + 1). Holds on average over rows, not for each kind of row. Undefined when n is too small for the level.
 */
export const conformalInterval = (
  truth: Float64Array,
  predicted: Float64Array,
  level: number,
  spread: ConformalInterval['spread'] = 'constant',
  weights = evenWeights(truth.length),
): ConformalInterval | undefined => {
  const scale = scaleOf(spread)
  const residuals = truth.map((y, i) => (y - predicted[i]!) / scale(predicted[i]!))
  const share = 1 - (1 - level) / 2
  const high = upperQuantile(residuals, weights, share)
  const low = upperQuantile(
    residuals.map((residual) => -residual),
    weights,
    share,
  )
  return high === undefined || low === undefined ? undefined : { level, low: -low, high, spread }
}

/** The rows that a level needs: (n + 1) (1 - level) / 2 >= 1. Rounding must not ask for one more. */
export const leastRowsFor = (level: number): number => Math.ceil(2 / (1 - level) - 1 - 1e-9)

/** Keeps a prediction of 0 from having no spread. */
const leastCount = 1e-9

const scaleOf = (spread: ConformalInterval['spread']) => (prediction: number) =>
  spread === 'root' ? Math.sqrt(Math.max(prediction, leastCount)) : 1

/** predictions [n] -> both ends [n]. */
export const intervalEnds = ({ low, high, spread }: ConformalInterval, predictions: Float64Array) => {
  const scale = scaleOf(spread)
  return {
    low: predictions.map((f) => f + low * scale(f)),
    high: predictions.map((f) => f + high * scale(f)),
  }
}

/** The same in a graph: float64 [n] -> the names of two float64 [n]. */
export const intervalNodes = ({ low, high, spread }: ConformalInterval, graph: Graph, predictions: string) => {
  const scalar = (value: number) => graph.constant('FP64', [], Float64Array.of(value))
  const scale =
    spread === 'root' ? graph.node('Sqrt', [graph.node('Max', [predictions, scalar(leastCount)])]) : undefined
  const end = (by: number, name: string): string => {
    const step = scale === undefined ? scalar(by) : graph.node('Mul', [scale, scalar(by)])
    return graph.node('Add', [predictions, step], { output: graph.freeName(name) })
  }
  return { low: end(low, 'interval_low'), high: end(high, 'interval_high') }
}

/** The ceil((n + 1) share)-th smallest value; with weights of mean 1, where their sum reaches (n + 1) share. */
const upperQuantile = (values: Float64Array, weights: Float64Array, share: number): number | undefined => {
  const n = values.length
  const mean = weights.reduce((sum, w) => sum + w, 0) / n
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  const wanted = (n + 1) * share
  let reached = 0
  for (const row of order) {
    reached += weights[row]! / mean
    // Sums of thirds and tenths round: an index that is whole must not be passed over for its last bit.
    if (reached >= wanted - 1e-9 * n) return values[row]!
  }
  return undefined
}
