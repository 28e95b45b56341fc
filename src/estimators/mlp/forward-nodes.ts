import type { Graph } from '../../onnx/graph.ts'
import { type Activation, layersOf, type Shape } from './network.ts'

const operators: Readonly<Record<Activation, string>> = { relu: 'Relu', tanh: 'Tanh', logistic: 'Sigmoid' }

export type LayerNames = { readonly matrix: string; readonly bias: string }

/** One flat vector of parameters as the layers' matrices and intercepts. */
export const splitNodes = (graph: Graph, shape: Shape, parameters: string): readonly LayerNames[] => {
  const layers = layersOf(shape)
  const lengths = layers.flatMap(({ matrix, bias, end }) => [BigInt(bias - matrix), BigInt(end - bias)])
  const sizes = graph.constant('INT64', [lengths.length], BigInt64Array.from(lengths))
  const parts = graph.nodes('Split', [parameters, sizes], lengths.length, { axis: { int: 0 } })
  return layers.map(({ inputs, outputs }, l) => {
    const size = graph.constant('INT64', [2], BigInt64Array.of(BigInt(inputs), BigInt(outputs)))
    return { matrix: graph.node('Reshape', [parts[2 * l]!, size]), bias: parts[2 * l + 1]! }
  })
}

/** What goes into each layer, and the margins last: a(x W + b) for the hidden ones, x W + b for the outputs. */
export const forwardNodes = (
  graph: Graph,
  { activation }: Shape,
  layers: readonly LayerNames[],
  x: string,
): readonly string[] => {
  const values = [x]
  layers.forEach(({ matrix, bias }, l) => {
    const sum = graph.node('Gemm', [values[l]!, matrix, bias])
    values.push(l + 1 < layers.length ? graph.node(operators[activation], [sum]) : sum)
  })
  return values
}

/** The gradient before an activation from the one behind it; `value` is what the activation answered. */
export const backwardNode = (
  graph: Graph,
  activation: Activation,
  one: string,
  gradient: string,
  value: string,
): string => {
  const { node } = graph
  switch (activation) {
    case 'relu':
      return node('Mul', [gradient, node('Sign', [value])])
    case 'tanh':
      return node('Mul', [gradient, node('Sub', [one, node('Mul', [value, value])])])
    case 'logistic':
      return node('Mul', [gradient, node('Mul', [value, node('Sub', [one, value])])])
  }
}
