import type { GraphProto, NodeProto } from '../proto/generated/onnx_pb.js'
import { floatOf, intOf, isOperator } from './nodes.ts'
import { floatsOf, sizesOf } from './tensors.ts'

/** A product by a constant matrix, x W (+ b): a MatMul, or a Gemm whose x is not transposed. */
export type MatrixProduct = {
  readonly node: NodeProto
  /** Name of the initialiser. */
  readonly weights: string
  /** W as it lies in the file is [outputs, inputs]. */
  readonly transposed: boolean
  readonly inputs: number
  readonly outputs: number
  /** What x W is multiplied by. */
  readonly alpha: number
  readonly bias?: string
}

/** All of a graph, in order; `read` gives the weights of one [inputs, outputs]. */
export const matrixProducts = (graph: GraphProto) => {
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
  const products = graph.node.flatMap((node): readonly MatrixProduct[] => {
    const isGemm = isOperator(node, 'Gemm')
    const [, weights = '', bias = ''] = node.input
    const tensor = tensors.get(weights)
    if ((!isGemm && !isOperator(node, 'MatMul')) || tensor?.dims.length !== 2) return []
    if (isGemm && (intOf(node, 'transA', 0) === 1 || (bias !== '' && floatOf(node, 'beta', 1) !== 1))) return []
    const transposed = isGemm && intOf(node, 'transB', 0) === 1
    const sizes = sizesOf(tensor)
    const [inputs = 0, outputs = 0] = transposed ? sizes.toReversed() : sizes
    const alpha = isGemm ? floatOf(node, 'alpha', 1) : 1
    return [{ node, weights, transposed, inputs, outputs, alpha, ...(bias !== '' && { bias }) }]
  })
  const read = ({ weights, transposed, inputs, outputs }: MatrixProduct): Float32Array | undefined => {
    const values = floatsOf(tensors.get(weights)!)
    if (values === undefined || !transposed) return values
    return values.map((_, at) => values[(at % outputs) * inputs + Math.floor(at / outputs)]!)
  }
  return { products, read }
}
