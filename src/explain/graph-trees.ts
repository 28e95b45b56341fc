import { fromBinary } from '@bufbuild/protobuf'
import { datatypeOf, elementTypes } from '../onnx/datatype.ts'
import { type GraphProto, ModelProtoSchema, type NodeProto } from '../onnx/proto/generated/onnx_pb.js'
import type { Label } from '../registry/manifest.ts'
import { attributesOf, tensorNumbers } from './attributes.ts'
import type { ExplainTree } from './explain-tree.ts'
import { readEnsemble } from './tree-nodes.ts'

/** Trees of a graph that its inputs go straight to. Score k of a row is base[k] + the sum of scores[k]'s trees. */
export type GraphTrees = {
  /** Of each feature of the trees: the graph's input, its place in a row of it, and whether it is rounded to float32. */
  readonly features: readonly { readonly input: string; readonly place: number; readonly rounded: boolean }[]
  readonly base: readonly number[]
  readonly scores: readonly (readonly ExplainTree[])[]
  /** From scores to the graph's output `answer`. `pair`: one score, of the second of two classes. */
  readonly link: 'identity' | 'sigmoid' | 'softmax'
  readonly pair: boolean
  /** Name of the output whose values the scores are. */
  readonly answer: string
  /** Of a classifier, in the order of its scores. */
  readonly classes?: readonly Label[]
}

/**
 * The trees of a graph that has one node of them: TreeEnsembleRegressor or TreeEnsembleClassifier (ai.onnx.ml 1 to 3), or
 * TreeEnsemble (5). Its inputs reach it by Identity, Cast and Concat alone; its scores become the answer by those that
 * change no number, by constants added or multiplied, and by Sigmoid or Softmax at the end. Undefined for any other graph:
 * it is explained by permutation. `output` names the answer where a manifest does.
 */
export const graphTrees = (bytes: Uint8Array, output?: string): GraphTrees | undefined => {
  const { graph } = fromBinary(ModelProtoSchema, bytes)
  if (graph === undefined || graph.node.length > mostNodes) return undefined
  const ensembles = graph.node.filter(
    ({ domain, opType }) => domain === 'ai.onnx.ml' && opType.startsWith('TreeEnsemble'),
  )
  const [node] = ensembles
  if (node === undefined || ensembles.length > 1) return undefined
  const features = featureReader(graph)(node.input[0] ?? '')
  const ensemble = readEnsemble(node)
  if (features === undefined || ensemble === undefined) return undefined
  if (ensemble.scores.some((trees) => trees.some(({ feature }) => feature.some((own) => own >= features.length))))
    return undefined
  const scores = node.opType === 'TreeEnsembleClassifier' ? node.output[1] : node.output[0]
  return scores === undefined ? undefined : follow(graph, scores, output, { features, ...ensemble })
}

type Feature = GraphTrees['features'][number]

/** Graphs whose inputs go straight to trees have fewer; they are followed step by step. */
const mostNodes = 1000

/** Where each place of a value [n, p] comes from; undefined where it is not the graph's inputs alone. */
const featureReader = (graph: GraphProto): ((value: string) => readonly Feature[] | undefined) => {
  // Each value once: one may be joined with itself again and again.
  const known = new Map<string, readonly Feature[] | undefined>()
  const read = (value: string): readonly Feature[] | undefined => {
    const input = graph.input.find(({ name }) => name === value)
    if (input !== undefined) return inputFeatures(input)
    const node = graph.node.find(({ output }) => output.includes(value))
    if (node === undefined) return undefined
    if (isPlain(node, 'Identity')) return featuresOf(node.input[0])
    if (isPlain(node, 'Cast')) return castFeatures(node, featuresOf(node.input[0]))
    return isPlain(node, 'Concat') ? joinedFeatures(node, node.input.map(featuresOf)) : undefined
  }
  const featuresOf = (value = ''): readonly Feature[] | undefined => {
    if (!known.has(value)) {
      known.set(value, undefined)
      known.set(value, read(value))
    }
    return known.get(value)
  }
  return featuresOf
}

const joinedFeatures = (node: NodeProto, parts: readonly (readonly Feature[] | undefined)[]) => {
  const axis = Number(attributesOf(node).get('axis')?.i ?? 0n)
  if (axis !== 1 && axis !== -1) return undefined
  if (parts.reduce((sum, part) => sum + (part?.length ?? 0), 0) > mostFeatures) return undefined
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}

const isPlain = ({ domain, opType }: NodeProto, operator: string): boolean =>
  (domain === '' || domain === 'ai.onnx') && opType === operator

const inputFeatures = ({ name, type }: GraphProto['input'][number]): readonly Feature[] | undefined => {
  if (type?.value.case !== 'tensorType') return undefined
  const { elemType, shape } = type.value.value
  const width =
    shape?.dim.length === 2 && shape.dim[1]!.value.case === 'dimValue' ? Number(shape.dim[1]!.value.value) : 0
  const datatype = datatypeOf(elemType)
  if (width < 1 || width > mostFeatures || datatype === undefined || !numbers.includes(datatype)) return undefined
  return Array.from({ length: width }, (_, place) => ({ input: name, place, rounded: false }))
}

/** A wider one would be more columns than an explanation has use for. */
const mostFeatures = 10_000
const numbers: readonly string[] = ['FP32', 'FP64', 'INT64', 'INT32', 'INT16', 'INT8', 'UINT8', 'UINT16', 'UINT32']

const castFeatures = (node: NodeProto, features: readonly Feature[] | undefined): readonly Feature[] | undefined => {
  const to = Number(attributesOf(node).get('to')?.i ?? 0n)
  if (to === elementTypes.FP64) return features
  return to === elementTypes.FP32 ? features?.map((feature) => ({ ...feature, rounded: true })) : undefined
}

type Scores = Omit<GraphTrees, 'answer'>

/** Follows scores to an output of the graph: `wanted`, or the first one. */
const follow = (
  graph: GraphProto,
  value: string,
  wanted: string | undefined,
  scores: Scores,
): GraphTrees | undefined => {
  const isOutput = graph.output.some(({ name }) => name === value)
  if (isOutput && (wanted === undefined || wanted === value)) return { ...scores, answer: value }
  for (const node of graph.node) {
    if (!node.input.includes(value)) continue
    const next = stepOf(graph, node, value, scores)
    const found = next && follow(graph, node.output[0]!, wanted, next)
    if (found !== undefined) return found
  }
  return undefined
}

/** They change the shape of [n, 1] or nothing; graphTreesFit sees to the rest. */
const passing = ['Identity', 'Cast', 'Reshape', 'Squeeze', 'Flatten']

const stepOf = (graph: GraphProto, node: NodeProto, value: string, scores: Scores): Scores | undefined => {
  if (passing.some((operator) => isPlain(node, operator))) return node.input[0] === value ? scores : undefined
  // Behind a link nothing adds up.
  if (scores.link !== 'identity') return undefined
  if (isPlain(node, 'Sigmoid')) return { ...scores, link: 'sigmoid' }
  if (isPlain(node, 'Softmax')) return { ...scores, link: 'softmax' }
  const constant = constantOf(
    graph,
    node.input.find((name) => name !== value),
  )
  if (constant === undefined || (constant.length !== 1 && constant.length !== scores.base.length)) return undefined
  const of = (k: number): number => constant[constant.length === 1 ? 0 : k]!
  if (isPlain(node, 'Add')) return { ...scores, base: scores.base.map((base, k) => base + of(k)) }
  if (isPlain(node, 'Mul')) return scaled(scores, of)
  return isPlain(node, 'Div') && node.input[0] === value ? scaled(scores, (k) => 1 / of(k)) : undefined
}

const scaled = (scores: Scores, by: (k: number) => number): Scores => ({
  ...scores,
  base: scores.base.map((base, k) => base * by(k)),
  scores: scores.scores.map((trees, k) =>
    trees.map((tree) => ({ ...tree, value: tree.value.map((value) => value * by(k)) })),
  ),
})

const constantOf = (graph: GraphProto, name: string | undefined): Float64Array | undefined => {
  const initializer = graph.initializer.find((tensor) => tensor.name === name)
  if (initializer !== undefined) return tensorNumbers(initializer)
  const node = graph.node.find((one) => isPlain(one, 'Constant') && one.output[0] === name)
  const tensor = node && attributesOf(node).get('value')?.t
  return tensor && tensorNumbers(tensor)
}
