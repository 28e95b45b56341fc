import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { PercallError } from '../errors.ts'
import type { Signature } from '../registry/signature.ts'
import { attributeProto } from './attribute.ts'
import { elementTypes } from './datatype.ts'
import { type EdgeSide, fp32Edge } from './fp32-edge.ts'
import { nested, type Piece } from './pieces.ts'
import {
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './proto/generated/onnx_pb.js'
import { type ByteSource, type Field, type Wire, wireOf } from './wire.ts'

export const hasBfloat16Edges = ({ inputs, outputs }: Signature): boolean =>
  [...inputs, ...outputs].some(({ datatype }) => datatype === 'BF16')

// Field numbers: src/onnx/proto/onnx.proto.
const modelFields = { graph: 7 } as const
const graphFields = { initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const
const tensorName = 8
const sparseValues = 1

const isBfloat16 = ({ type }: ValueInfoProto): boolean =>
  type?.value.case === 'tensorType' && type.value.value.elemType === elementTypes.BF16

/** The same tensor under another name, in FP32. */
const renamed = (side: EdgeSide, info: ValueInfoProto): Uint8Array => {
  const copy = fromBinary(ValueInfoProtoSchema, toBinary(ValueInfoProtoSchema, info))
  copy.name = fp32Edge(side, info.name)
  if (copy.type?.value.case === 'tensorType') copy.type.value.value.elemType = elementTypes.FP32
  return toBinary(ValueInfoProtoSchema, copy)
}

const castOf = (side: EdgeSide, { name }: ValueInfoProto): NodeProto => {
  const edge = fp32Edge(side, name)
  const [from, into, type] = side === 'input' ? [edge, name, 'BF16' as const] : [name, edge, 'FP32' as const]
  return create(NodeProtoSchema, {
    name: edge,
    opType: 'Cast',
    input: [from],
    output: [into],
    attribute: [attributeProto('to', { int: elementTypes[type] })],
  })
}

/** Names of the initializers, which files before IR 4 list as inputs too. */
const initializedNames = (wire: Wire, graphs: readonly Field[]): ReadonlySet<string> => {
  const names = new Set<string>()
  const addName = ({ content, to }: Pick<Field, 'content' | 'to'>): void => {
    for (const field of wire.fields(content, to))
      if (field.number === tensorName) names.add(new TextDecoder().decode(wire.bytes(field.content, field.to)))
  }
  for (const { content, to } of graphs)
    for (const field of wire.fields(content, to)) {
      if (field.number === graphFields.initializer) addName(field)
      if (field.number === graphFields.sparseInitializer)
        for (const inner of wire.fields(field.content, field.to)) if (inner.number === sparseValues) addName(inner)
    }
  return names
}

/**
 * The file with FP32 in the place of BF16 at its inputs and outputs, in pieces; the same bytes for one without any.
 * Nodes and weights stay as they are. Expects a file that `inspectOnnxSource` took.
 * Throws UNSUPPORTED_ONNX for a model in which a value has the name of a new edge.
 */
export const withFp32Edges = (source: ByteSource): readonly Piece[] => {
  const wire = wireOf(source)
  const fields = [...wire.fields(0, source.sizeBytes)]
  const graphs = fields.filter(({ number }) => number === modelFields.graph)
  const initialized = initializedNames(wire, graphs)
  const changed: Record<EdgeSide, ValueInfoProto[]> = { input: [], output: [] }
  const names = new Set<string>()

  const edgeOf = (side: EdgeSide, field: Field): readonly Piece[] => {
    // A copy: what a source gives may be a window that moves on.
    const info = fromBinary(ValueInfoProtoSchema, wire.bytes(field.content, field.to).slice())
    names.add(info.name)
    if (!isBfloat16(info) || initialized.has(info.name)) return [{ from: field.from, to: field.to }]
    changed[side].push(info)
    return nested(field.number, [renamed(side, info)])
  }
  const graphOf = ({ number, content, to }: Field): readonly Piece[] => {
    const pieces = [...wire.fields(content, to)].flatMap((field): readonly Piece[] => {
      if (field.number === graphFields.input) return edgeOf('input', field)
      return field.number === graphFields.output ? edgeOf('output', field) : [{ from: field.from, to: field.to }]
    })
    return nested(number, pieces)
  }
  const pieces = fields.map((field) =>
    field.number === modelFields.graph ? graphOf(field) : [{ from: field.from, to: field.to }],
  )
  for (const side of ['input', 'output'] as const)
    for (const { name } of changed[side])
      if (names.has(fp32Edge(side, name)))
        throw new PercallError(
          'UNSUPPORTED_ONNX',
          `${side} ${name}: expected no value called ${fp32Edge(side, name)}, got one`,
        )
  // A message that comes in several fields is merged, and its lists joined in their order (protobuf.dev/programming-guides/
  // encoding/#last-one-wins): the casts of inputs come before all nodes, those of outputs behind them.
  const casts = (side: EdgeSide): readonly Piece[] => {
    if (changed[side].length === 0) return []
    const node = changed[side].map((info) => castOf(side, info))
    // The outputs' declared types and shapes stay, for ONNX Runtime to check.
    const valueInfo = side === 'output' ? changed.output : []
    return nested(modelFields.graph, [toBinary(GraphProtoSchema, create(GraphProtoSchema, { node, valueInfo }))])
  }
  const first = fields.findIndex(({ number }) => number === modelFields.graph)
  return joined([...pieces.slice(0, first), casts('input'), ...pieces.slice(first), casts('output')].flat())
}

/** Ranges that follow each other as one: a large file is thousands of nodes that stay. */
const joined = (pieces: readonly Piece[]): readonly Piece[] => {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    const follows = last && !(last instanceof Uint8Array) && !(piece instanceof Uint8Array) && last.to === piece.from
    if (follows) result[result.length - 1] = { from: last.from, to: piece.to }
    else result.push(piece)
  }
  return result
}
