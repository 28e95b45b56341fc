import { createGraph, type Graph } from '../../onnx/graph.ts'
import { lossNodes, type NetLoss, type Scalar } from '../losses/loss-nodes.ts'
import { backwardNode, forwardNodes, splitNodes } from './forward-nodes.ts'
import { layersOf, parameterCount, type Shape } from './network.ts'

/** Moments decay by these; epsilon keeps the quotient finite. Kingma & Ba 2015, as in scikit-learn. */
export const firstDecay = 0.9
export const secondDecay = 0.999
const epsilon = 1e-8

export type Solver = 'adam' | 'sgd'

export type Training = {
  readonly shape: Shape
  readonly loss: NetLoss
  readonly solver: Solver
  /** Share of the last step that plain descent keeps. */
  readonly momentum: number
  /** L2 penalty of the matrices: alpha / 2 w'w, shared out over the rows of a batch as in scikit-learn. */
  readonly alpha: number
}

/** Rows of the table and one row of zeros with weight 0, which fills the last batch. */
export type Batches = { readonly rows: number; readonly batchRows: number; readonly batches: number }

/** In the order of the inputs; `order` are row numbers [S, B], `share` is 1 / rows of a batch [S], `rate` its step [S]. */
const epochInputs = ['x', 'y', 'weight', 'parameters', 'first', 'second', 'order', 'share', 'rate'] as const

const types = { FP32: Float32Array, FP64: Float64Array } as const

/**
 * An epoch of S batches as one graph: forward, loss, backward and step are the body of a Scan, whose states are the
 * parameters and their moments. `outputs` are those three and each batch's mean loss [S], without the penalty.
 */
export const epochGraph = (
  training: Training,
  { rows, batchRows, batches }: Batches,
  datatype: 'FP32' | 'FP64' = 'FP32',
): { readonly bytes: Uint8Array; readonly outputs: readonly string[] } => {
  const features = training.shape.sizes[0]!
  const size = parameterCount(training.shape)
  const graph = createGraph('epoch')
  graph.input('x', datatype, [rows + 1, features])
  graph.input('y', datatype, [rows + 1, 1])
  graph.input('weight', datatype, [rows + 1, 1])
  for (const name of ['parameters', 'first', 'second']) graph.input(name, datatype, [size])
  graph.input('order', 'INT32', [batches, batchRows])
  graph.input('share', datatype, [batches])
  graph.input('rate', datatype, [batches])
  const body = stepBody(training, batchRows, datatype)
  const outputs = graph.nodes('Scan', epochInputs.slice(3), 4, {
    body: { graph: body.toBody() },
    num_scan_inputs: { int: 3 },
  })
  for (const state of outputs.slice(0, 3)) graph.output(state, datatype, [size])
  graph.output(outputs[3]!, datatype, [batches])
  return { bytes: graph.toBytes(), outputs }
}

/** One step on one batch. x, y and weight are those of the graph around it. */
const stepBody = (training: Training, batchRows: number, datatype: 'FP32' | 'FP64'): Graph => {
  const { shape, loss, alpha } = training
  const size = parameterCount(shape)
  const graph = createGraph('step', 'step_')
  const { node } = graph
  const scalar: Scalar = (value) => graph.constant(datatype, [1], types[datatype].of(value))
  const [parameters, first, second] = ['step_parameters', 'step_first', 'step_second'].map((name) =>
    graph.input(name, datatype, [size]),
  )
  const order = graph.input('step_order', 'INT32', [batchRows])
  const share = graph.input('step_share', datatype, [])
  const rate = graph.input('step_rate', datatype, [])
  const layers = splitNodes(graph, shape, parameters!)
  const values = forwardNodes(graph, shape, layers, node('Gather', ['x', order]))
  const weight = node('Mul', [node('Gather', ['weight', order]), share])
  const { value, gradient } = lossNodes(loss, graph, scalar, values.at(-1)!, node('Gather', ['y', order]))
  const mean = node('ReduceSum', [node('Mul', [value, weight])], { attributes: { keepdims: { int: 0 } } })
  let slope = backward(graph, shape, layers, values, node('Mul', [gradient, weight]), scalar(1))
  if (alpha > 0) {
    const penalised = graph.constant(datatype, [size], types[datatype].from(penalties(shape, alpha)))
    slope = node('Add', [slope, node('Mul', [node('Mul', [parameters!, penalised]), share])])
  }
  const moved = update(graph, scalar, training, {
    parameters: parameters!,
    first: first!,
    second: second!,
    slope,
    rate,
  })
  for (const state of moved) graph.output(state, datatype, [size])
  graph.output(mean, datatype, [])
  return graph
}

/** The gradient by all parameters [size], from the one by the margins. */
const backward = (
  graph: Graph,
  { activation }: Shape,
  layers: ReturnType<typeof splitNodes>,
  values: readonly string[],
  byMargins: string,
  one: string,
): string => {
  const { node } = graph
  const flat = graph.constant('INT64', [1], BigInt64Array.of(-1n))
  const rowsAxis = graph.constant('INT64', [1], BigInt64Array.of(0n))
  const parts: string[] = []
  let byOutput = byMargins
  for (let l = layers.length - 1; l >= 0; l--) {
    const byMatrix = node('Gemm', [values[l]!, byOutput], { attributes: { transA: { int: 1 } } })
    const byBias = node('ReduceSum', [byOutput, rowsAxis], { attributes: { keepdims: { int: 0 } } })
    parts.unshift(node('Reshape', [byMatrix, flat]), byBias)
    if (l === 0) break
    const byValue = node('Gemm', [byOutput, layers[l]!.matrix], { attributes: { transB: { int: 1 } } })
    byOutput = backwardNode(graph, activation, one, byValue, values[l]!)
  }
  return node('Concat', parts, { attributes: { axis: { int: 0 } } })
}

/** alpha for each matrix element, 0 for intercepts. */
const penalties = (shape: Shape, alpha: number): number[] => {
  const values = new Array<number>(parameterCount(shape)).fill(0)
  for (const { matrix, bias } of layersOf(shape)) values.fill(alpha, matrix, bias)
  return values
}

type Step = Readonly<Record<'parameters' | 'first' | 'second' | 'slope' | 'rate', string>>

/** The next parameters and moments; `rate` has Adam's bias corrections in it. Plain descent leaves the second as it is. */
const update = ({ node }: Graph, scalar: Scalar, { solver, momentum }: Training, step: Step): readonly string[] => {
  const { parameters, first, second, slope, rate } = step
  if (solver === 'sgd') {
    const velocity = node('Sub', [node('Mul', [first, scalar(momentum)]), node('Mul', [slope, rate])])
    return [node('Add', [parameters, velocity]), velocity, node('Identity', [second])]
  }
  const mix = (old: string, decay: number, added: string): string =>
    node('Add', [node('Mul', [old, scalar(decay)]), node('Mul', [added, scalar(1 - decay)])])
  const mean = mix(first, firstDecay, slope)
  const square = mix(second, secondDecay, node('Mul', [slope, slope]))
  const length = node('Add', [node('Sqrt', [square]), scalar(epsilon)])
  const moved = node('Sub', [parameters, node('Div', [node('Mul', [mean, rate]), length])])
  return [moved, mean, square]
}
