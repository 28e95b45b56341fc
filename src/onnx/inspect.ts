import { fromBinary } from '@bufbuild/protobuf'
import { PercallError } from '../errors.ts'
import type { Signature } from '../registry/signature.ts'
import { requireFinite } from './functions.ts'
import { isAllowedOperator, isControlFlow } from './operators.ts'
import { type GraphProto, type ModelProto, ModelProtoSchema, type NodeProto } from './proto/generated/onnx_pb.js'
import { skeletonOf } from './skeleton.ts'
import { requireCountable } from './tensor-data.ts'
import type { Dimensions } from './trial.ts'
import { unboundedReason } from './unbounded.ts'
import { dimensionsOf, tensorSpec } from './value-info.ts'
import { type ByteSource, sourceOf } from './wire.ts'

/** What the file itself says; nothing is run. */
export type OnnxFacts = {
  readonly signature: Signature
  /** Sizes of the inputs, with the names of those that vary. */
  readonly dimensions: Dimensions
  readonly irVersion: number
  readonly opsets: Readonly<Record<string, number>>
  /** Distinct operators as `domain:Type`, sorted; ai.onnx is the empty domain. */
  readonly operators: readonly string[]
  readonly nodes: number
  readonly initializerBytes: number
  readonly sizeBytes: number
  /** Loop, Scan or If anywhere: its time is not bounded by its size. */
  readonly controlFlow: boolean
  /** Why time or memory are not bounded by the sizes of the inputs; absent where they are. */
  readonly unbounded?: string
}

// What ONNX Runtime 1.30 loads: it refuses the next ones itself (IR 14; opsets "under development").
const mostIrVersion = 13
const mostOpsets: Readonly<Record<string, number>> = { '': 26, 'ai.onnx.ml': 5 }

const mostNameLength = 512
// Control characters end lines of logs and strings of C; U+FFFD is what invalid UTF-8 becomes.
const oddCharacter = /[\p{Cc}\p{Cs}\u{fffd}\u2028\u2029]/u

/** Reads an .onnx file in memory: see `inspectOnnxSource`. */
export const inspectOnnx = (bytes: Uint8Array): OnnxFacts => inspectOnnxSource(sourceOf(bytes))

/**
 * Reads an .onnx file of any size without its weights. Throws NOT_ONNX (no protobuf, no graph, no outputs),
 * UNSUPPORTED_ONNX (external data, operators outside the allowed domains, functions without end, sizes beyond bounds,
 * versions that the runtime does not know, types that the protocol has no word for). Does not check shapes between nodes.
 */
export const inspectOnnxSource = (source: ByteSource): OnnxFacts => {
  const skeleton = skeletonOf(source)
  const model = decode(skeleton.bytes, source.sizeBytes)
  const graph = model.graph
  if (graph === undefined) throw new PercallError('NOT_ONNX', 'model: expected a graph, got none')
  if (graph.output.length === 0) throw new PercallError('NOT_ONNX', 'model: expected at least one output, got none')
  const opsets = requireKnownVersions(model)
  const { nodes, local } = requireFinite(model)
  const everyNode = allNodes(model)
  requireAllowed(everyNode, local)
  const inputs = suppliedInputs(graph)
  requireNames('input', inputs)
  requireNames('output', graph.output)
  const signature = {
    inputs: inputs.map((info) => tensorSpec('input', info)),
    outputs: graph.output.map((info) => tensorSpec('output', info)),
  }
  for (const { name, shape } of signature.inputs)
    requireCountable(
      name,
      shape.map((size) => (size === -1 ? 1 : size)),
    )
  const unbounded = unboundedReason(model)
  return {
    signature,
    dimensions: Object.fromEntries(inputs.map((info) => [info.name, dimensionsOf(info)])),
    irVersion: Number(model.irVersion),
    opsets,
    operators: [...new Set(everyNode.map((node) => `${canonical(node.domain)}:${node.opType}`))].sort(),
    nodes,
    initializerBytes: skeleton.initializerBytes,
    sizeBytes: source.sizeBytes,
    controlFlow: everyNode.some(({ domain, opType }) => isControlFlow(domain, opType)),
    ...(unbounded !== undefined && { unbounded }),
  }
}

const decode = (bytes: Uint8Array, sizeBytes: number): ModelProto => {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch (cause) {
    throw new PercallError('NOT_ONNX', `model: expected an ONNX protobuf, got ${sizeBytes} bytes that are none`, {
      cause,
    })
  }
}

const canonical = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

/** Throws UNSUPPORTED_ONNX for an IR version or an opset that the runtime does not know. */
const requireKnownVersions = ({ irVersion, opsetImport, functions }: ModelProto): Readonly<Record<string, number>> => {
  if (Number(irVersion) > mostIrVersion) {
    throw new PercallError('UNSUPPORTED_ONNX', `model: expected IR version ${mostIrVersion} or less, got ${irVersion}`)
  }
  for (const { domain, version } of [...opsetImport, ...functions.flatMap((one) => one.opsetImport)]) {
    const most = mostOpsets[canonical(domain)]
    if (most !== undefined && Number(version) > most) {
      const name = domain || 'ai.onnx'
      throw new PercallError('UNSUPPORTED_ONNX', `model: expected opset ${most} or less of ${name}, got ${version}`)
    }
  }
  return Object.fromEntries(opsetImport.map(({ domain, version }) => [canonical(domain), Number(version)]))
}

const requireAllowed = (nodes: readonly NodeProto[], local: ReadonlySet<string>): void => {
  for (const { domain, opType } of nodes) {
    if (!local.has(`${domain}:${opType}`) && !isAllowedOperator(domain, opType)) {
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `operator ${domain}:${opType}: expected ai.onnx, ai.onnx.ml or a listed operator of com.microsoft`,
      )
    }
  }
}

/** Before IR 4 every initializer was listed as a graph input too; callers do not send those. */
const suppliedInputs = (graph: GraphProto): GraphProto['input'] => {
  const initialized = new Set([
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.sparseInitializer.map((tensor) => tensor.values?.name ?? ''),
  ])
  return graph.input.filter(({ name }) => !initialized.has(name))
}

/** Throws UNSUPPORTED_ONNX for names that no request could carry, or that two have. */
const requireNames = (side: 'input' | 'output', infos: readonly { readonly name: string }[]): void => {
  const seen = new Set<string>()
  for (const [i, { name }] of infos.entries()) {
    const at = `${side} ${i}`
    if (name === '') throw new PercallError('UNSUPPORTED_ONNX', `${at}: expected a name, got none`)
    if (name.length > mostNameLength)
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `${at}: expected a name of at most ${mostNameLength} characters, got ${name.length}`,
      )
    if (oddCharacter.test(name))
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `${at}: expected a name without control characters, got ${JSON.stringify(name)}`,
      )
    if (seen.has(name))
      throw new PercallError('UNSUPPORTED_ONNX', `${side} ${name}: expected each name once, got it twice`)
    seen.add(name)
  }
}

const allGraphs = (model: ModelProto): readonly GraphProto[] => [
  ...(model.graph ? [model.graph, ...subgraphs(model.graph.node)] : []),
  ...model.functions.flatMap((f) => subgraphs(f.node)),
  ...model.trainingInfo.flatMap(({ initialization, algorithm }) =>
    [initialization, algorithm].flatMap((graph) => (graph ? [graph, ...subgraphs(graph.node)] : [])),
  ),
]

const subgraphs = (nodes: readonly NodeProto[]): readonly GraphProto[] =>
  nodes
    .flatMap((node) => node.attribute)
    .flatMap((attribute) => [...(attribute.g ? [attribute.g] : []), ...attribute.graphs])
    .flatMap((graph) => [graph, ...subgraphs(graph.node)])

const allNodes = (model: ModelProto): readonly NodeProto[] => [
  ...allGraphs(model).flatMap((graph) => graph.node),
  ...model.functions.flatMap((f) => f.node),
]
