import {
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  AttributeProto_AttributeType as Type,
} from '../proto/generated/onnx_pb.js'
import { nameMaker } from './graph-names.ts'
import { isOperator } from './nodes.ts'
import { tensorOf } from './tensors.ts'

/** What the raised graph may use came with it: DynamicQuantizeLinear. */
const raised = 11n
const raisable: readonly bigint[] = [9n, 10n]

/** What opset 10 or 11 writes otherwise beside Clip and Slice, and bodies, which stay as they are: left to others. */
const otherwise = ['Pad', 'Resize', 'Scatter', 'TopK', 'Upsample', 'If', 'Loop', 'Scan'] as const

/** The parameters of a node that become inputs, in the order of these. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  Clip: ['min', 'max'],
  Slice: ['starts', 'ends', 'axes'],
}

const tensorFor = (name: string, { type, ints, f }: AttributeProto) =>
  type === Type.INTS
    ? tensorOf(name, 'INT64', [ints.length], BigInt64Array.from(ints))
    : tensorOf(name, 'FP32', [], Float32Array.of(f))

/**
 * Opset 9 or 10 to 11: attributes of Clip and Slice become inputs; all else means the same in both. A model with what
 * this does not know, and of other opsets, stays as it is.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/version_converter/convert.h, 9 -> 10 and 10 -> 11
 */
export const raiseOpset = ({ graph, opsetImport, functions }: ModelProto): void => {
  const standard = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')
  if (!graph || !standard || !raisable.includes(standard.version) || functions.length > 0) return
  if (graph.node.some((node) => isOperator(node, ...otherwise))) return
  const newName = nameMaker(graph)
  const toInputs = (node: NodeProto, names: readonly string[]): void => {
    const given = names.map((name) => {
      const attribute = node.attribute.find((one) => one.name === name)
      if (!attribute) return ''
      const tensor = tensorFor(newName(`${node.output[0]}_${name}`), attribute)
      graph.initializer.push(tensor)
      return tensor.name
    })
    node.input.push(...given.slice(0, given.findLastIndex((name) => name !== '') + 1))
    node.attribute = node.attribute.filter(({ name }) => !names.includes(name))
  }
  for (const node of graph.node) {
    const names = isOperator(node, 'Clip', 'Slice') ? parameters[node.opType] : undefined
    if (names) toInputs(node, names)
  }
  standard.version = raised
}
