import type { Matrix } from '../../estimators/estimator.ts'
import { softmaxInPlace } from '../../estimators/sigmoid.ts'
import type { Graph } from '../../onnx/graph.ts'
import { type Curve, curveNodes, curveValues } from './curve.ts'

/** Margins -> margins that say probabilities better, before the link of classes. Plain JSON. */
export type Calibrator =
  /** scale m; scale is 1 / temperature (Guo et al. 2017). */
  | { readonly kind: 'temperature'; readonly scale: number }
  /** slope m + offset, of two classes (Platt 1999). */
  | { readonly kind: 'platt'; readonly slope: number; readonly offset: number }
  /** Of two classes one curve, log odds to log odds; of K one each, from its log probability to the calibrated one's. */
  | { readonly kind: 'isotonic'; readonly curves: readonly Curve[] }

/** margins [n, 1] log odds or [n, K] softmax scores -> the same shape. */
export const calibrate = (calibrator: Calibrator, margins: Matrix): Matrix => {
  switch (calibrator.kind) {
    case 'temperature':
      return { ...margins, values: margins.values.map((m) => m * calibrator.scale) }
    case 'platt':
      return { ...margins, values: margins.values.map((m) => m * calibrator.slope + calibrator.offset) }
    case 'isotonic':
      return byCurves(calibrator.curves, margins)
  }
}

const byCurves = (curves: readonly Curve[], margins: Matrix): Matrix => {
  if (margins.columns === 1) return { ...margins, values: curveValues(curves[0]!, margins.values) }
  const { rows, columns } = margins
  const logs = logSoftmax(margins)
  const values = new Float64Array(rows * columns)
  curves.forEach((curve, k) => {
    const own = Float64Array.from({ length: rows }, (_, i) => logs[i * columns + k]!)
    curveValues(curve, own).forEach((value, i) => {
      values[i * columns + k] = value
    })
  })
  return { rows, columns, values }
}

/** log p_k = m_k - max - log sum exp(m - max) */
export const logSoftmax = ({ rows, columns, values }: Matrix): Float64Array => {
  const logs = values.slice()
  for (let i = 0; i < rows; i++) {
    const { largest, sum } = softmaxInPlace(values.slice(i * columns, (i + 1) * columns))
    for (let k = 0; k < columns; k++) logs[i * columns + k]! -= largest + Math.log(sum)
  }
  return logs
}

/** The same in a graph: float64 [n, outputs] -> float64 [n, outputs]. */
export const calibratorNodes = (calibrator: Calibrator, graph: Graph, margins: string): string => {
  const scalar = (value: number) => graph.constant('FP64', [1, 1], Float64Array.of(value))
  switch (calibrator.kind) {
    case 'temperature':
      return graph.node('Mul', [margins, scalar(calibrator.scale)])
    case 'platt':
      return graph.node('Add', [graph.node('Mul', [margins, scalar(calibrator.slope)]), scalar(calibrator.offset)])
    case 'isotonic': {
      const [only, ...others] = calibrator.curves
      if (others.length === 0) return curveNodes(only!, graph, margins)
      const logs = graph.node('LogSoftmax', [margins], { attributes: { axis: { int: 1 } } })
      const columns = calibrator.curves.map((curve, k) => {
        const place = graph.constant('INT64', [1], BigInt64Array.of(BigInt(k)))
        return curveNodes(curve, graph, graph.node('Gather', [logs, place], { attributes: { axis: { int: 1 } } }))
      })
      return graph.node('Concat', columns, { attributes: { axis: { int: 1 } } })
    }
  }
}
