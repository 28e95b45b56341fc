import { createGraph } from '../../src/onnx/graph.ts'
import { createRandom } from '../../src/random.ts'

/** 30 MB of weights. */
const widths30Mb = [30, 2600, 2850, 1] as const

/** Two hidden layers, FP32 `x` [-1,30] -> `y` [-1,1]; other weights for another seed. */
export const denseModel = (widths: readonly number[] = widths30Mb, seed = 1): Uint8Array => {
  const random = createRandom(seed)
  const graph = createGraph('dense')
  let layer = graph.input('x', 'FP32', [-1, widths[0]!])
  for (const [i, width] of widths.slice(1).entries()) {
    const from = widths[i]!
    const weights = Float32Array.from({ length: from * width }, () => (random() - 0.5) / Math.sqrt(from))
    const last = i === widths.length - 2
    const sums = graph.node(
      'MatMul',
      [layer, graph.constant('FP32', [from, width], weights)],
      last ? { output: 'y' } : {},
    )
    layer = last ? sums : graph.node('Relu', [sums])
  }
  graph.output('y', 'FP32', [-1, 1])
  return graph.toBytes()
}
