import type { Graph } from '../onnx/graph.ts'
import type { Features, GraphFeatures, LinearModel, Matrix } from './estimator.ts'
import { termsMargin } from './terms.ts'

/** X W' + b: X [n, p], its terms behind the dense columns -> [n, outputs]. */
export const margins = ({ weights, intercepts }: LinearModel, X: Features): Matrix => {
  const columns = weights.length
  const values = new Float64Array(X.rows * columns)
  for (let k = 0; k < columns; k++) {
    const w = Float64Array.from(weights[k]!)
    for (let i = 0; i < X.rows; i++) {
      let margin = 0
      for (let j = 0; j < X.columns; j++) margin += X.values[i * X.columns + j]! * w[j]!
      if (X.sparse !== undefined) margin += termsMargin(X.sparse, i, w, X.columns)
      values[i * columns + k] = margin + intercepts[k]!
    }
  }
  return { rows: X.rows, columns, values }
}

/** theta [outputs][features, intercept] as a model. */
export const linearModel = (theta: Float64Array, outputs: number): LinearModel => {
  const stride = theta.length / outputs
  const rows = Array.from({ length: outputs }, (_, k) => Array.from(theta.subarray(k * stride, (k + 1) * stride)))
  return { weights: rows.map((row) => row.slice(0, -1)), intercepts: rows.map((row) => row.at(-1)!) }
}

/** The same in a graph: `features` float64 [n, p] -> the name of float64 [n, outputs]. */
export const marginNodes = ({ weights, intercepts }: LinearModel, graph: Graph, features: GraphFeatures): string => {
  const outputs = weights.length
  const p = weights[0]!.length
  const transposed = Float64Array.from(
    { length: p * outputs },
    (_, at) => weights[at % outputs]![Math.floor(at / outputs)]!,
  )
  // Of one feature a product by rows: ONNX Runtime 1.30 fuses a scalar Div before MatMul as a float32 factor (6e-9 off).
  const operator = p === 1 ? 'Mul' : 'MatMul'
  const product = graph.node(operator, [features.name, graph.constant('FP64', [p, outputs], transposed)])
  return graph.node('Add', [product, graph.constant('FP64', [1, outputs], Float64Array.from(intercepts))])
}
