import { createGraph } from '../../onnx/graph.ts'
import type { Compute } from '../compute.ts'
import type { LabelledData } from '../estimator.ts'
import { logLoss } from '../losses/log-loss.ts'
import type { NetLoss } from '../losses/loss-nodes.ts'
import { softmaxLoss } from '../losses/softmax-loss.ts'
import { forwardNodes, splitNodes } from './forward-nodes.ts'
import { float32Rows } from './net-table.ts'
import { parameterCount, type Shape } from './network.ts'
import { type Unscaling, unscaledLoss } from './target-scale.ts'

/** Rows through the net at a time: hidden values of a wide layer stay below 100 MB. */
const blockRows = 8192

export type Watch = {
  /** The weighted mean loss of the watched rows, in the target's units. */
  readonly loss: (parameters: Float32Array) => Promise<number>
  readonly close: () => Promise<void>
}

/** The watched rows through the net, as a graph. */
export const openWatch = async (
  { X, y, weights }: LabelledData,
  shape: Shape,
  netLoss: NetLoss,
  unscaling: Unscaling,
  compute: Compute,
): Promise<Watch> => {
  const width = shape.sizes[0]!
  const outputs = shape.sizes.at(-1)!
  const x = float32Rows(
    X,
    Uint32Array.from({ length: X.rows }, (_, row) => row),
  )
  const opened = await compute.openGraph(forwardGraph(shape))
  const rowLoss = rowLossOf(netLoss, unscaling)
  const loss = async (parameters: Float32Array): Promise<number> => {
    let sum = 0
    let total = 0
    for (let start = 0; start < X.rows; start += blockRows) {
      const rows = Math.min(blockRows, X.rows - start)
      const [margins] = await opened.run(
        [
          {
            name: 'x',
            datatype: 'FP32',
            shape: [rows, width],
            data: x.subarray(start * width, (start + rows) * width),
          },
          { name: 'parameters', datatype: 'FP32', shape: [parameters.length], data: parameters },
        ],
        ['margins'],
      )
      const values = Float64Array.from(margins!.data as Float32Array) // the graph's output is FP32
      for (let i = 0; i < rows; i++) {
        const weight = weights?.[start + i] ?? 1
        sum += weight * rowLoss(values.subarray(i * outputs, (i + 1) * outputs), y[start + i]!)
        total += weight
      }
    }
    return sum / total
  }
  return { loss, close: opened.close }
}

const forwardGraph = (shape: Shape): Uint8Array => {
  const graph = createGraph('forward')
  const x = graph.input('x', 'FP32', [-1, shape.sizes[0]!])
  const parameters = graph.input('parameters', 'FP32', [parameterCount(shape)])
  const margins = forwardNodes(graph, shape, splitNodes(graph, shape, parameters), x).at(-1)!
  graph.output(graph.node('Identity', [margins], { output: 'margins' }), 'FP32', [-1, shape.sizes.at(-1)!])
  return graph.toBytes()
}

const rowLossOf = (netLoss: NetLoss, unscaling: Unscaling): ((margins: Float64Array, y: number) => number) => {
  if (netLoss.loss === 'log') return netLoss.classes === 2 ? (margins, y) => logLoss.value(margins[0]!, y) : softmaxLoss
  const { value } = unscaledLoss(netLoss, unscaling)
  return (margins, y) => value(margins[0]! * unscaling.scale + unscaling.shift, y)
}
