import type { Graph } from '../../onnx/graph.ts'
import type { Features, GraphFeatures, Matrix } from '../estimator.ts'
import { packFloat32, unpackFloat32 } from '../packed.ts'
import { sigmoid } from '../sigmoid.ts'
import { forwardNodes } from './forward-nodes.ts'
import { float32Rows } from './net-table.ts'
import { type Activation, type Layer, layersOf, type Shape } from './network.ts'
import type { Unscaling } from './target-scale.ts'

/** A net, plain JSON: `parameters` are float32 in base64, layer by layer; margins are its outputs x scale + shift. */
export type MlpModel = Shape & Unscaling & { readonly parameters: string }

export const mlpModel = (shape: Shape, { scale, shift }: Unscaling, parameters: Float32Array): MlpModel => ({
  sizes: shape.sizes,
  activation: shape.activation,
  scale,
  shift,
  parameters: packFloat32(parameters),
})

const activate: Readonly<Record<Activation, (value: number) => number>> = {
  relu: (value) => Math.max(value, 0),
  tanh: Math.tanh,
  logistic: sigmoid,
}

/** Rows taken at a time, so that a wide sparse block is never spread out whole. */
const blockRows = 1024

/** Features rounded to float32 as the graph's are, sums in float64. X [n, p] -> [n, outputs]. */
export const mlpMargins = (model: MlpModel, X: Features): Matrix => {
  const parameters = unpackFloat32(model.parameters)
  const layers = layersOf(model)
  const columns = model.sizes.at(-1)!
  const values = new Float64Array(X.rows * columns)
  for (let start = 0; start < X.rows; start += blockRows) {
    const rows = Uint32Array.from({ length: Math.min(blockRows, X.rows - start) }, (_, i) => start + i)
    let block: ArrayLike<number> = float32Rows(X, rows)
    layers.forEach((layer, l) => {
      const sums = multiplied(block, rows.length, layer, parameters)
      block = l + 1 < layers.length ? sums.map(activate[model.activation]) : sums
    })
    for (let at = 0; at < rows.length * columns; at++) {
      values[start * columns + at] = block[at]! * model.scale + model.shift
    }
  }
  return { rows: X.rows, columns, values }
}

/** x W + b. */
const multiplied = (x: ArrayLike<number>, rows: number, layer: Layer, parameters: Float32Array): Float64Array => {
  const { inputs, outputs, matrix, bias, end } = layer
  const sums = new Float64Array(rows * outputs)
  for (let i = 0; i < rows; i++) {
    const row = sums.subarray(i * outputs, (i + 1) * outputs)
    row.set(parameters.subarray(bias, end))
    for (let j = 0; j < inputs; j++) {
      const value = x[i * inputs + j]!
      if (value === 0) continue
      const at = matrix + j * outputs
      for (let k = 0; k < outputs; k++) row[k]! += value * parameters[at + k]!
    }
  }
  return sums
}

/** The same in a graph, layers in float32: float64 [n, p] -> the name of float64 [n, outputs]. */
export const mlpNodes = (model: MlpModel, graph: Graph, features: GraphFeatures): string => {
  const parameters = unpackFloat32(model.parameters)
  const layers = layersOf(model).map(({ inputs, outputs, matrix, bias, end }) => ({
    matrix: graph.constant('FP32', [inputs, outputs], parameters.slice(matrix, bias)),
    bias: graph.constant('FP32', [outputs], parameters.slice(bias, end)),
  }))
  const x = features.wide
    ? graph.node('Cast', [features.name], { attributes: { to: { int: float32 } } })
    : features.name
  const margins = forwardNodes(graph, model, layers, x).at(-1)!
  const wide = graph.node('Cast', [margins], { attributes: { to: { int: float64 } } })
  if (model.scale === 1 && model.shift === 0) return wide
  const scaled = graph.node('Mul', [wide, graph.constant('FP64', [1], Float64Array.of(model.scale))])
  return graph.node('Add', [scaled, graph.constant('FP64', [1], Float64Array.of(model.shift))])
}

// TensorProto.DataType: https://onnx.ai/onnx/api/classes.html#tensorproto
const float32 = 1
const float64 = 11
