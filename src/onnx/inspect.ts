import { fromBinary } from '@bufbuild/protobuf'
import { PercallError } from '../errors.ts'
import type { Signature } from '../signature.ts'
import { isAllowedOperator, isControlFlow } from './operators.ts'
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
} from './proto/generated/onnx_pb.js'
import { tensorSpec } from './value-info.ts'

/** What the file itself says; nothing is run. */
export type OnnxFacts = {
  readonly signature: Signature
  readonly irVersion: number
  readonly opsets: Readonly<Record<string, number>>
  /** Distinct operators as `domain:Type`, sorted; ai.onnx is the empty domain. */
  readonly operators: readonly string[]
  readonly nodes: number
  readonly initializerBytes: number
  readonly sizeBytes: number
  /** Loop, Scan or If anywhere: its time is not bounded by its size. */
  readonly controlFlow: boolean
}

/**
 * Reads an .onnx file. Throws NOT_ONNX (no protobuf, no graph, no outputs), UNSUPPORTED_ONNX (external data, operators
 * outside the allowed domains, types that the protocol has no word for). Does not check shapes between nodes.
 */
export const inspectOnnx = (bytes: Uint8Array): OnnxFacts => {
  const model = decode(bytes)
  const graph = model.graph
  if (graph === undefined) throw new PercallError('NOT_ONNX', 'model: expected a graph, got none')
  if (graph.output.length === 0) throw new PercallError('NOT_ONNX', 'model: expected at least one output, got none')

  const tensors = allTensors(model)
  const external = tensors.find((tensor) => tensor.dataLocation === TensorProto_DataLocation.EXTERNAL)
  if (external !== undefined) {
    throw new PercallError(
      'UNSUPPORTED_ONNX',
      `tensor ${external.name}: expected weights inside the file, got external data`,
    )
  }
  const nodes = allNodes(model)
  const local = new Set(model.functions.map((f) => `${f.domain}:${f.name}`))
  for (const { domain, opType } of nodes) {
    if (!local.has(`${domain}:${opType}`) && !isAllowedOperator(domain, opType)) {
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `operator ${domain}:${opType}: expected ai.onnx, ai.onnx.ml or a listed operator of com.microsoft`,
      )
    }
  }
  // Before IR 4 every initializer was listed as a graph input too; callers do not send those.
  const initialized = new Set([
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.sparseInitializer.map((tensor) => tensor.values?.name ?? ''),
  ])
  return {
    signature: {
      inputs: graph.input.filter(({ name }) => !initialized.has(name)).map((info) => tensorSpec('input', info)),
      outputs: graph.output.map((info) => tensorSpec('output', info)),
    },
    irVersion: Number(model.irVersion),
    opsets: Object.fromEntries(model.opsetImport.map(({ domain, version }) => [canonical(domain), Number(version)])),
    operators: [...new Set(nodes.map((node) => `${canonical(node.domain)}:${node.opType}`))].sort(),
    nodes: nodes.length,
    initializerBytes: tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0),
    sizeBytes: bytes.length,
    controlFlow: nodes.some(({ domain, opType }) => isControlFlow(domain, opType)),
  }
}

const decode = (bytes: Uint8Array): ModelProto => {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch (cause) {
    throw new PercallError('NOT_ONNX', `model: expected an ONNX protobuf, got ${bytes.length} bytes that are none`, {
      cause,
    })
  }
}

const canonical = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

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

const allTensors = (model: ModelProto): readonly TensorProto[] => [
  ...allGraphs(model).flatMap((graph) => [
    ...graph.initializer,
    ...graph.sparseInitializer.flatMap(({ values, indices }) => [values, indices]).filter((t) => t !== undefined),
  ]),
  ...allNodes(model).flatMap((node) => node.attribute.flatMap(attributeTensors)),
]

const attributeTensors = (attribute: AttributeProto): readonly TensorProto[] =>
  [
    attribute.t,
    ...attribute.tensors,
    attribute.sparseTensor?.values,
    attribute.sparseTensor?.indices,
    ...attribute.sparseTensors.flatMap(({ values, indices }) => [values, indices]),
  ].filter((tensor) => tensor !== undefined)

const tensorBytes = (tensor: TensorProto): number =>
  tensor.rawData.length +
  4 * (tensor.floatData.length + tensor.int32Data.length) +
  8 * (tensor.int64Data.length + tensor.doubleData.length + tensor.uint64Data.length) +
  tensor.stringData.reduce((sum, text) => sum + text.length, 0)
