import { elementTypes } from '../datatype.ts'
import type { NodeProto } from '../proto/generated/onnx_pb.js'
import { nameMaker } from './graph-names.ts'
import { halvesOf, mostHalf } from './half-precision.ts'
import { nodeOf } from './nodes.ts'
import type { Pass } from './pass.ts'
import { floatsOf, sizesOf, tensorOf } from './tensors.ts'

/** Smaller ones would save less than the node that casts them takes. */
const leastElements = 256

/** FP32 initialisers become FP16 with a Cast behind; values that binary16 does not hold stay as they are. */
export const halveWeights: Pass = (graph) => {
  const newName = nameMaker(graph)
  const answered = new Set(graph.output.map(({ name }) => name))
  const casts: NodeProto[] = []
  graph.initializer = graph.initializer.map((tensor) => {
    const sizes = sizesOf(tensor)
    if (sizes.reduce((product, size) => product * size, 1) < leastElements || answered.has(tensor.name)) return tensor
    const values = floatsOf(tensor)
    if (!values?.every((value) => Math.abs(value) <= mostHalf)) return tensor
    const name = newName(`${tensor.name}_half`)
    casts.push(nodeOf('Cast', [name], [tensor.name], { to: { int: elementTypes.FP32 } }))
    return tensorOf(name, 'FP16', sizes, halvesOf(values))
  })
  graph.node = [...casts, ...graph.node]
  return casts.length
}
