import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { PercallError } from '../errors.ts'
import type { Datatype, TensorData } from '../tensor/tensor.ts'
import { type Attribute, attributeProto } from './attribute.ts'
import { elementTypes } from './datatype.ts'
import {
  type GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './proto/generated/onnx_pb.js'

export type NodeOptions = {
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly domain?: '' | 'ai.onnx.ml'
  /** The name of the node's first output; by default a new one. */
  readonly output?: string
  /** How many more outputs the operator must declare, of which none is used (StringSplit's counts). */
  readonly unused?: number
}

/** A graph under construction. Names of values are strings; the same calls give the same bytes. */
export type Graph = {
  /** Throws BAD_TABLE when the name is taken. */
  readonly input: (name: string, datatype: Datatype, shape: readonly number[]) => string
  readonly constant: (datatype: Datatype, shape: readonly number[], data: TensorData) => string
  readonly node: (operator: string, inputs: readonly string[], options?: NodeOptions) => string
  readonly output: (name: string, datatype: Datatype, shape: readonly number[]) => string
  /** `name`, or `name_1`, `name_2`... when an input has it already. */
  readonly freeName: (name: string) => string
  /** model.onnx: opset 21, ai.onnx.ml 5, IR 10; no time, id or path. */
  readonly toBytes: () => Uint8Array
}

const irVersion = 10n
const opsets = [
  { domain: '', version: 21n },
  { domain: 'ai.onnx.ml', version: 5n },
]

/** An empty graph. Inputs are added before nodes, so that no value takes a column's name. */
export const createGraph = (name: string): Graph => {
  const taken = new Set<string>()
  const nodes: MessageInitShape<typeof NodeProtoSchema>[] = []
  const initializers: MessageInitShape<typeof TensorProtoSchema>[] = []
  const inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = []
  const outputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = []

  const freeName = (wanted: string): string => {
    let candidate = wanted
    for (let k = 1; taken.has(candidate); k++) candidate = `${wanted}_${k}`
    return candidate
  }
  const take = (wanted: string): string => {
    const free = freeName(wanted)
    taken.add(free)
    return free
  }

  return Object.freeze({
    freeName,
    input: (input, datatype, shape) => {
      if (taken.has(input))
        throw new PercallError('BAD_TABLE', `graph input ${input}: expected a new name, got it twice`)
      inputs.push(valueInfo(input, datatype, shape))
      return take(input)
    },
    constant: (datatype, shape, data) => {
      const constant = take(`constant_${initializers.length}`)
      initializers.push({
        name: constant,
        dims: shape.map(BigInt),
        dataType: elementTypes[datatype],
        ...tensorContent(data),
      })
      return constant
    },
    node: (operator, operands, { attributes = {}, domain = '', output, unused = 0 } = {}) => {
      const result = output === undefined ? take(`${operator.toLowerCase()}_${nodes.length}`) : output
      taken.add(result)
      nodes.push({
        name: `${operator}_${nodes.length}`,
        opType: operator,
        domain,
        input: [...operands],
        output: [result, ...Array.from({ length: unused }, () => take(`unused_${nodes.length}`))],
        attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
      })
      return result
    },
    output: (output, datatype, shape) => {
      outputs.push(valueInfo(output, datatype, shape))
      return output
    },
    toBytes: () => {
      const graph: MessageInitShape<typeof GraphProtoSchema> = {
        name,
        node: nodes,
        initializer: initializers,
        input: inputs,
        output: outputs,
      }
      const model = { irVersion, producerName: 'percall', opsetImport: opsets, graph }
      return toBinary(ModelProtoSchema, create(ModelProtoSchema, model))
    },
  } satisfies Graph)
}

const valueInfo = (
  name: string,
  datatype: Datatype,
  shape: readonly number[],
): MessageInitShape<typeof ValueInfoProtoSchema> => ({
  name,
  type: {
    value: {
      case: 'tensorType',
      value: {
        elemType: elementTypes[datatype],
        shape: {
          dim: shape.map((size) => ({
            value: size === -1 ? { case: 'dimParam', value: 'rows' } : { case: 'dimValue', value: BigInt(size) },
          })),
        },
      },
    },
  },
})

/** Numbers as their bytes; ONNX wants little-endian, which is the order of every machine that Node runs on here. */
const tensorContent = (data: TensorData): { stringData: Uint8Array[] } | { rawData: Uint8Array } =>
  ArrayBuffer.isView(data)
    ? { rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice() }
    : { stringData: data.map((text) => new TextEncoder().encode(text)) }
