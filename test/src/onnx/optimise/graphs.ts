/** Graphs for the passes, and their answers by ONNX Runtime. */
import { fromBinary } from '@bufbuild/protobuf'
import { runGraph } from '../../../../adapters/runs/run-graph.ts'
import { createGraph } from '../../../../src/onnx/graph.ts'
import { type GraphProto, ModelProtoSchema } from '../../../../src/onnx/proto/generated/onnx_pb.js'
import { createRandom } from '../../../../src/random.ts'
import type { Tensor } from '../../../../src/tensor/tensor.ts'

export const normals = (count: number, seed: number, scale = 1): Float32Array => {
  const random = createRandom(seed)
  // Box and Muller 1958.
  return Float32Array.from(
    { length: count },
    () => scale * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}

/** A net of Gemm and Relu, [n, sizes[0]] -> `y` [n, last]; the first layer is a MatMul and an Add. */
export const netGraph = (sizes: readonly number[]): Uint8Array => {
  const graph = createGraph('net')
  let value = graph.input('x', 'FP32', [-1, sizes[0]!])
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [inputs, outputs] = [sizes[l]!, sizes[l + 1]!]
    const matrix = graph.constant('FP32', [inputs, outputs], normals(inputs * outputs, l + 1, Math.sqrt(2 / inputs)))
    const bias = graph.constant('FP32', [outputs], normals(outputs, l + 100, 0.1))
    const sum =
      l === 0
        ? graph.node('Add', [graph.node('MatMul', [value, matrix]), bias])
        : graph.node('Gemm', [value, matrix, bias])
    value = l + 2 < sizes.length ? graph.node('Relu', [sum]) : graph.node('Identity', [sum], { output: 'y' })
  }
  graph.output('y', 'FP32', [-1, sizes.at(-1)!])
  return graph.toBytes()
}

export const graphOf = (bytes: Uint8Array): GraphProto => fromBinary(ModelProtoSchema, bytes).graph!

export const operatorsOf = (bytes: Uint8Array): readonly string[] => graphOf(bytes).node.map(({ opType }) => opType)

export const rowsOf = (rows: number, columns: number, seed = 7): Tensor => ({
  name: 'x',
  datatype: 'FP32',
  shape: [rows, columns],
  data: normals(rows * columns, seed),
})

export const answerOf = async (bytes: Uint8Array, x: Tensor): Promise<Float32Array> => {
  const [y] = await runGraph(1)(bytes, [x], ['y'])
  return y!.data as Float32Array // FP32 in every graph of these tests
}
