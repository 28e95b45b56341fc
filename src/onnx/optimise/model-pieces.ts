import { toBinary } from '@bufbuild/protobuf'
import { nested } from '../pieces.ts'
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
} from '../proto/generated/onnx_pb.js'
import { withoutWeights } from './tensors.ts'

// Field numbers: src/onnx/proto/onnx.proto.
const modelGraph = 7
const graphInitializer = 5
const tensorRawData = 9

const tensorPieces = (tensor: TensorProto): readonly Uint8Array[] => {
  const { rawData } = tensor
  return [withoutWeights(tensor), ...(rawData.length > 0 ? nested(tensorRawData, [rawData]) : [])]
}

const graphPieces = (graph: GraphProto): readonly Uint8Array[] => {
  const { initializer } = graph
  graph.initializer = []
  const rest = toBinary(GraphProtoSchema, graph)
  graph.initializer = initializer
  return [rest, ...initializer.flatMap((tensor) => nested(graphInitializer, tensorPieces(tensor)))]
}

/**
 * A model as the pieces of its file. Weights are the tensors' own bytes: encoding a file as a whole copies them twice and
 * asks for up to double its size at once. Fields come in another order than `toBinary` writes, which means the same.
 */
export const modelPieces = (model: ModelProto): readonly Uint8Array[] => {
  const { graph } = model
  delete model.graph
  const rest = toBinary(ModelProtoSchema, model)
  if (graph === undefined) return [rest]
  model.graph = graph
  return [rest, ...nested(modelGraph, graphPieces(graph))]
}
