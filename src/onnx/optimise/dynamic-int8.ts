import { elementTypes } from '../datatype.ts'
import type { NodeProto } from '../proto/generated/onnx_pb.js'
import { nameMaker } from './graph-names.ts'
import { type MatrixProduct, matrixProducts } from './matrix-products.ts'
import { nodeOf } from './nodes.ts'
import type { Pass } from './pass.ts'
import { tensorOf } from './tensors.ts'

/** Without VNNI two products of unsigned and signed bytes are added in 16 bits: 2 x 255 x 63 fits, 2 x 255 x 127 does not. */
export type WeightBits = 7 | 8

const largestWeight: Readonly<Record<WeightBits, number>> = { 7: 63, 8: 127 }

/** DynamicQuantizeLinear came with opset 11. https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html */
const leastOpset = 11
/** Narrow layers, as the last one is, cost little time and their error is the answer's: they stay float. */
const leastOutputs = 8
const leastElements = 2048
/** 32-bit sums hold so many products of bytes. */
const mostInputs = 2 ** 31 / (255 * 128) - 1

/** Symmetric by column: W[i,j] ~ scale[j] q[i,j]. */
const quantise = (weights: Float32Array, columns: number, bits: WeightBits) => {
  const most = largestWeight[bits]
  const scales = new Float32Array(columns)
  for (let at = 0; at < weights.length; at++) {
    const size = Math.abs(weights[at]!)
    if (size > scales[at % columns]!) scales[at % columns] = size
  }
  for (let j = 0; j < columns; j++) scales[j] = scales[j]! / most || 1
  const quantised = new Int8Array(weights.length)
  for (let at = 0; at < weights.length; at++)
    quantised[at] = Math.max(-most, Math.min(most, Math.round(weights[at]! / scales[at % columns]!)))
  return { scales, quantised }
}

const isWorthwhile = ({ inputs, outputs }: MatrixProduct): boolean =>
  outputs >= leastOutputs && inputs * outputs >= leastElements && inputs <= mostInputs

/**
 * x W + b in whole numbers: x in 8 bits by the range of its values in this run, W in `bits` by column. ONNX Runtime runs
 * the five nodes as one (DynamicQuantizeMatMul). Conv stays float: the runtime has no such kernel for it on a processor.
 */
export const quantiseDynamically =
  (bits: WeightBits): Pass =>
  (graph, opset) => {
    if (opset < leastOpset) return 0
    const newName = nameMaker(graph)
    const { products, read } = matrixProducts(graph)
    const byNode = new Map(products.filter(isWorthwhile).map((product) => [product.node, product]))
    const inputs = new Map<string, readonly string[]>()
    const matrices = new Map<string, readonly [string, string]>()
    let changes = 0

    const input = (x: string, nodes: NodeProto[]): readonly string[] => {
      const known = inputs.get(x)
      if (known) return known
      const names = ['quantised', 'scale', 'zero'].map((part) => newName(`${x}_${part}`))
      nodes.push(nodeOf('DynamicQuantizeLinear', [x], names))
      inputs.set(x, names)
      return names
    }
    const matrix = (product: MatrixProduct): readonly [string, string] | undefined => {
      const { weights: name, transposed, outputs, alpha } = product
      const key = `${name} ${transposed} ${alpha}`
      const known = matrices.get(key)
      if (known) return known
      const weights = read(product)
      if (!weights?.every(Number.isFinite)) return undefined
      const { scales, quantised } = quantise(weights, outputs, bits)
      const names = [newName(`${name}_int8`), newName(`${name}_scales`)] as const
      graph.initializer.push(
        tensorOf(names[0], 'INT8', [product.inputs, outputs], quantised),
        tensorOf(
          names[1],
          'FP32',
          [outputs],
          scales.map((scale) => scale * alpha),
        ),
      )
      matrices.set(key, names)
      return names
    }
    graph.node = graph.node.flatMap((node) => {
      const product = byNode.get(node)
      const found = product && matrix(product)
      if (!product || !found) return [node]
      changes += 1
      const nodes: NodeProto[] = []
      const [x, scale, zero] = input(node.input[0]!, nodes)
      const output = node.output[0]!
      const name = (part: string): string => newName(`${output}_${part}`)
      const [sum, float, scales] = [name('int32'), name('float'), name('scales')]
      const scaled = product.bias === undefined ? output : name('scaled')
      nodes.push(
        nodeOf('MatMulInteger', [x!, found[0], zero!], [sum]),
        nodeOf('Cast', [sum], [float], { to: { int: elementTypes.FP32 } }),
        nodeOf('Mul', [scale!, found[1]], [scales]),
        nodeOf('Mul', [float, scales], [scaled]),
        ...(product.bias === undefined ? [] : [nodeOf('Add', [scaled, product.bias], [output])]),
      )
      return nodes
    })
    return changes
  }
