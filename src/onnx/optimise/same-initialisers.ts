import type { TensorProto } from '../proto/generated/onnx_pb.js'
import { namesAnswered, renameReads } from './graph-names.ts'
import type { Pass } from './pass.ts'
import { withoutWeights } from './tensors.ts'

/** Everything of a tensor but its name, in two parts, of which the large one is no copy. */
const contentOf = (tensor: TensorProto): readonly [Uint8Array, Uint8Array] => {
  const { name, rawData } = tensor
  tensor.name = ''
  const rest = withoutWeights(tensor)
  tensor.name = name
  return [rest, rawData]
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

const isSame = (a: TensorProto, b: TensorProto): boolean => {
  const parts = contentOf(b)
  return contentOf(a).every((part, i) => isEqual(part, parts[i]!))
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv */
const hashOf = (parts: readonly Uint8Array[]): number => {
  let hash = 0x811c9dc5
  for (const part of parts) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** Initialisers of equal type, shape and content become one. */
export const joinInitialisers: Pass = (graph) => {
  // What an output or a body answers keeps its own name.
  const fixed = new Set([...graph.output.map(({ name }) => name), ...graph.node.flatMap(namesAnswered)])
  const alike = Map.groupBy(graph.initializer, ({ dataType, dims }) => `${dataType} ${dims.join()}`)
  const names = new Map<string, string>()
  for (const group of alike.values()) {
    if (group.length === 1) continue
    for (const same of Map.groupBy(group, (tensor) => hashOf(contentOf(tensor))).values()) {
      const [first, ...rest] = same
      for (const tensor of rest)
        if (!fixed.has(tensor.name) && isSame(first!, tensor)) names.set(tensor.name, first!.name)
    }
  }
  for (const node of graph.node) renameReads(node, names)
  graph.initializer = graph.initializer.filter(({ name }) => !names.has(name))
  return names.size
}
