import { isControlFlow } from './operators.ts'
import type { ModelProto, NodeProto } from './proto/generated/onnx_pb.js'

/**
 * Operators whose output is as large as the *values* of some inputs say, and which inputs those are.
 * Not here: operators whose output is bounded by their inputs' sizes (NonZero, Compress, TopK, Reshape, Gather, Unique...).
 * Source: https://onnx.ai/onnx/operators/ up to opset 26.
 */
const sizedByValue: Readonly<Record<string, readonly number[]>> = {
  AffineGrid: [1],
  BlackmanWindow: [0],
  CenterCropPad: [1],
  Col2Im: [1, 2],
  ConstantOfShape: [0],
  DFT: [1],
  Expand: [1],
  HammingWindow: [0],
  HannWindow: [0],
  ImageDecoder: [0],
  MaxUnpool: [2],
  MelWeightMatrix: [0, 1],
  OneHot: [1],
  Pad: [1],
  Range: [0, 1, 2],
  Resize: [1, 2, 3],
  STFT: [1, 3],
  Tile: [1, 2],
  Upsample: [1],
  // com.microsoft: the length of its cache.
  GroupQueryAttention: [6],
}

/** Their values are sizes of their inputs, whatever their inputs hold. */
const shapeOnly: ReadonlySet<string> = new Set(['Shape', 'Size'])

const key = (domain: string, name: string): string => `${domain === 'ai.onnx' ? '' : domain}:${name}`

const hasBody = ({ domain, opType, attribute }: NodeProto): boolean =>
  isControlFlow(domain, opType) || attribute.some(({ g, graphs }) => g !== undefined || graphs.length > 0)

/** Nodes that read each value. */
const readersOf = (nodes: readonly NodeProto[]): ReadonlyMap<string, readonly NodeProto[]> => {
  const readers = new Map<string, NodeProto[]>()
  for (const node of nodes) {
    for (const name of node.input) {
      const found = readers.get(name)
      if (found) found.push(node)
      else readers.set(name, [node])
    }
  }
  return readers
}

const valuesFrom = (nodes: readonly NodeProto[], inputs: readonly string[]): ReadonlySet<string> => {
  const readers = readersOf(nodes)
  const carried = new Set(inputs)
  // A Set gives what is added while it is walked.
  for (const name of carried) {
    for (const { opType, output } of readers.get(name) ?? []) {
      if (!shapeOnly.has(opType)) for (const made of output) carried.add(made)
    }
  }
  carried.delete('') // an input or output that is left out
  return carried
}

const reasonIn = (
  nodes: readonly NodeProto[],
  inputs: readonly string[],
  inFunction: (name: string) => string | undefined,
): string | undefined => {
  const body = nodes.find(hasBody)
  if (body) return `operator ${body.opType} runs a body as often as values say`
  const carried = valuesFrom(nodes, inputs)
  for (const { domain, opType, input } of nodes) {
    const inside = inFunction(key(domain, opType))
    if (inside !== undefined) return inside
    const sized = Object.hasOwn(sizedByValue, opType) ? sizedByValue[opType] : undefined
    if (sized?.some((i) => carried.has(input[i] ?? '')))
      return `operator ${opType} takes a size from the values of an input`
  }
  return undefined
}

/**
 * Why a model's time or memory is not bounded by the sizes of its inputs; undefined where they are.
 * Values are followed from the graph's inputs through nodes; what Shape and Size give is no value of an input.
 * A local function counts with all its inputs as such values. Expects functions that do not call themselves.
 */
export const unboundedReason = ({ graph, functions }: ModelProto): string | undefined => {
  const bodies = new Map(functions.map((one) => [key(one.domain, one.name), one]))
  const known = new Map<string, string | undefined>()
  const inFunction = (name: string): string | undefined => {
    const found = bodies.get(name)
    if (!found) return undefined
    if (!known.has(name)) known.set(name, reasonIn(found.node, found.input, inFunction))
    return known.get(name)
  }
  if (!graph) return undefined
  const initialized = new Set(graph.initializer.map(({ name }) => name))
  const inputs = graph.input.map(({ name }) => name).filter((name) => !initialized.has(name))
  return reasonIn(graph.node, inputs, inFunction)
}
