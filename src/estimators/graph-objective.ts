import { createGraph } from '../onnx/graph.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Compute } from './compute.ts'
import { blockRows, type Design } from './design.ts'
import type { Objective } from './lbfgs.ts'
import { lossNodes, type NetLoss } from './losses/loss-nodes.ts'
import { addPenalty } from './rows-objective.ts'

export type OpenObjective = { readonly objective: Objective; readonly close: () => Promise<void> }

/**
 * The objective of src/estimators/rows-objective.ts as one float64 graph: margins, loss and gradient of a block of rows
 * are the body of a Scan, so that each row is read from memory once. For designs without terms.
 */
export const openGraphObjective = async (
  design: Design,
  outputs: number,
  loss: NetLoss,
  compute: Compute,
): Promise<OpenObjective> => {
  const { stride, dense, y, weights, totalWeight } = design
  const blocks = y.length / blockRows
  const { bytes, results } = objectiveGraph(blocks, stride, outputs, loss)
  const opened = await compute.openGraph(bytes)
  const columnShape = [blocks, blockRows, 1]
  const table: readonly Tensor[] = [
    { name: 'x', datatype: 'FP64', shape: [blocks, blockRows, stride], data: dense },
    { name: 'y', datatype: 'FP64', shape: columnShape, data: y },
    { name: 'weight', datatype: 'FP64', shape: columnShape, data: weights },
  ]
  const objective: Objective = async (point, gradient) => {
    const coefficients: Tensor = { name: 'coefficients', datatype: 'FP64', shape: [outputs, stride], data: point }
    const [lost, slopes] = await opened.run([...table, coefficients], results)
    const sums = slopes!.data as Float64Array // the graph's outputs are FP64
    for (let at = 0; at < gradient.length; at++) gradient[at] = sums[at]! / totalWeight
    return (lost!.data as Float64Array)[0]! / totalWeight + addPenalty(design, point, gradient)
  }
  return { objective, close: opened.close }
}

const objectiveGraph = (blocks: number, stride: number, outputs: number, loss: NetLoss) => {
  const graph = createGraph('objective')
  graph.input('x', 'FP64', [blocks, blockRows, stride])
  graph.input('y', 'FP64', [blocks, blockRows, 1])
  graph.input('weight', 'FP64', [blocks, blockRows, 1])
  const coefficients = graph.input('coefficients', 'FP64', [outputs, stride])
  const byColumn = graph.node('Transpose', [coefficients])
  const noLoss = graph.constant('FP64', [1, 1], new Float64Array(1))
  const noSlopes = graph.constant('FP64', [stride, outputs], new Float64Array(stride * outputs))
  const body = blockBody(stride, outputs, loss, byColumn)
  const [lost, slopes] = graph.nodes('Scan', [noLoss, noSlopes, 'x', 'y', 'weight'], 2, {
    body: { graph: body.toBody() },
    num_scan_inputs: { int: 3 },
  })
  const results = [graph.output(lost!, 'FP64', [1, 1])]
  results.push(graph.output(graph.node('Transpose', [slopes!]), 'FP64', [outputs, stride]))
  return { bytes: graph.toBytes(), results }
}

/** Adds one block's loss and gradient to the sums so far. */
const blockBody = (stride: number, outputs: number, loss: NetLoss, coefficients: string) => {
  const graph = createGraph('block', 'block_')
  const lost = graph.input('block_lost', 'FP64', [1, 1])
  const slopes = graph.input('block_slopes', 'FP64', [stride, outputs])
  const x = graph.input('block_x', 'FP64', [blockRows, stride])
  const y = graph.input('block_y', 'FP64', [blockRows, 1])
  const weight = graph.input('block_weight', 'FP64', [blockRows, 1])
  const scalar = (value: number): string => graph.constant('FP64', [1], Float64Array.of(value))
  const { value, gradient } = lossNodes(loss, graph, scalar, graph.node('MatMul', [x, coefficients]), y)
  const transposed = { attributes: { transA: { int: 1 } } }
  graph.output(graph.node('Gemm', [value, weight, lost], transposed), 'FP64', [1, 1])
  const weighted = graph.node('Mul', [gradient, weight])
  graph.output(graph.node('Gemm', [x, weighted, slopes], transposed), 'FP64', [stride, outputs])
  return graph
}
