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
}

/** A graph under construction. Names of values are strings; the same calls give the same bytes. */
export type Graph = {
  /** Throws BAD_TABLE when the name is taken. */
  readonly input: (name: string, datatype: Datatype, shape: readonly number[]) => string
  readonly constant: (datatype: Datatype, shape: readonly number[], data: TensorData) => string
  readonly node: (operator: string, inputs: readonly string[], options?: NodeOptions) => string
  /** A node with several outputs -> their names. */
  readonly nodes: (
    operator: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: NodeOptions['attributes'],
  ) => readonly string[]
  readonly output: (name: string, datatype: Datatype, shape: readonly number[]) => string
  /** `name`, or `name_1`, `name_2`... when an input has it already. */
  readonly freeName: (name: string) => string
  /** model.onnx: opset 21, ai.onnx.ml 5, IR 10; no time, id or path. */
  readonly toBytes: () => Uint8Array
  /** The graph as the body of a Scan or Loop; it may name values of the graph around it. */
  readonly toBody: () => MessageInitShape<typeof GraphProtoSchema>
}

const irVersion = 10n
const opsets = [
  { domain: '', version: 21n },
  { domain: 'ai.onnx.ml', version: 5n },
]

/**
 * An empty graph. Inputs are added before nodes, so that no value takes a column's name. `prefix` begins the names of
 * a body's values, which must differ from those of the graph around it.
 */
export const createGraph = (name: string, prefix = ''): Graph => {
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

  const add = (
    operator: string,
    operands: readonly string[],
    results: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    domain = '',
  ): void => {
    nodes.push({
      name: `${operator}_${nodes.length}`,
      opType: operator,
      domain,
      input: [...operands],
      output: [...results],
      attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
    })
  }
  const toBody = (): MessageInitShape<typeof GraphProtoSchema> => ({
    name,
    node: nodes,
    initializer: initializers,
    input: inputs,
    output: outputs,
  })

  return Object.freeze({
    freeName,
    input: (input, datatype, shape) => {
      if (taken.has(input))
        throw new PercallError('BAD_TABLE', `graph input ${input}: expected a new name, got it twice`)
      inputs.push(valueInfo(input, datatype, shape))
      return take(input)
    },
    constant: (datatype, shape, data) => {
      const constant = take(`${prefix}constant_${initializers.length}`)
      initializers.push({
        name: constant,
        dims: shape.map(BigInt),
        dataType: elementTypes[datatype],
        ...tensorContent(data),
      })
      return constant
    },
    node: (operator, operands, { attributes = {}, domain = '', output } = {}) => {
      const result = output === undefined ? take(`${prefix}${operator.toLowerCase()}_${nodes.length}`) : output
      taken.add(result)
      add(operator, operands, [result], attributes, domain)
      return result
    },
    nodes: (operator, operands, count, attributes = {}) => {
      const at = `${prefix}${operator.toLowerCase()}_${nodes.length}`
      const results = Array.from({ length: count }, (_, k) => take(`${at}_${k}`))
      add(operator, operands, results, attributes)
      return results
    },
    output: (output, datatype, shape) => {
      outputs.push(valueInfo(output, datatype, shape))
      return output
    },
    toBytes: () => {
      const model = { irVersion, producerName: 'percall', opsetImport: opsets, graph: toBody() }
      return toBinary(ModelProtoSchema, create(ModelProtoSchema, model))
    },
    toBody,
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
