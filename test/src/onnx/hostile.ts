import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { createGraph, type Graph } from '../../../src/onnx/graph.ts'
import {
  type AttributeProtoSchema,
  type FunctionProtoSchema,
  type GraphProtoSchema,
  ModelProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from '../../../src/onnx/proto/generated/onnx_pb.js'

export type TensorInit = MessageInitShape<typeof TensorProtoSchema>
export type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>
type ModelInit = MessageInitShape<typeof ModelProtoSchema>
export type GraphInit = MessageInitShape<typeof GraphProtoSchema>
export type FunctionInit = MessageInitShape<typeof FunctionProtoSchema>

const floatType = 1
const int64Type = 7
const boolType = 9

export const valueInfo = (
  name: string,
  elemType: number,
  dims: readonly (number | string)[],
): MessageInitShape<typeof ValueInfoProtoSchema> => ({
  name,
  type: {
    value: {
      case: 'tensorType',
      value: {
        elemType,
        shape: {
          dim: dims.map((dim) => ({
            value:
              typeof dim === 'number' ? { case: 'dimValue', value: BigInt(dim) } : { case: 'dimParam', value: dim },
          })),
        },
      },
    },
  },
})

/** y = Relu(x), with whatever a case changes in the graph and besides it. */
export const modelOf = (graph: GraphInit = {}, besides: ModelInit = {}): Uint8Array => {
  const relu = {
    name: 'g',
    input: [valueInfo('x', floatType, ['n', 4])],
    output: [valueInfo('y', floatType, ['n', 4])],
    node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
  }
  const model = { irVersion: 10n, opsetImport: [{ version: 21n }], graph: { ...relu, ...graph }, ...besides }
  // Cases leave the types on purpose.
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model as ModelInit))
}

const built = (make: (graph: Graph) => void): Uint8Array => {
  const graph = createGraph('hostile')
  make(graph)
  return graph.toBytes()
}

/** Ends at once when `go` is 0, never when it is 1: Loop without a count, whose condition stays as it came. */
export const loopModel = (): Uint8Array =>
  modelOf({
    input: [valueInfo('go', floatType, [])],
    output: [valueInfo('y', floatType, [])],
    node: [
      { opType: 'Cast', input: ['go'], output: ['on'], attribute: [{ name: 'to', type: 2, i: BigInt(boolType) }] },
      {
        opType: 'Loop',
        input: ['', 'on', 'go'],
        output: ['y'],
        attribute: [
          {
            name: 'body',
            type: 5,
            g: {
              name: 'body',
              input: [valueInfo('i', int64Type, []), valueInfo('on_in', boolType, []), valueInfo('v', floatType, [])],
              output: [valueInfo('on_out', boolType, []), valueInfo('v_out', floatType, [])],
              node: [
                { opType: 'Identity', input: ['on_in'], output: ['on_out'] },
                { opType: 'Identity', input: ['v'], output: ['v_out'] },
              ],
            },
          },
        ],
      },
    ],
  })

/** As many zeros as `n` says, summed up: the answer is small, what it takes is not. */
export const zerosModel = (): Uint8Array =>
  built((graph) => {
    const zeros = graph.node('ConstantOfShape', [graph.input('n', 'INT64', [1])])
    graph.node('Add', [graph.node('ReduceSum', [zeros]), graph.constant('FP32', [1], Float32Array.of(1))], {
      output: 'y',
    })
    graph.output('y', 'FP32', [1])
  })

/** x times its transpose: n numbers make n^2, by shape alone. */
export const outerModel = (): Uint8Array =>
  built((graph) => {
    const product = graph.node('MatMul', [graph.input('a', 'FP32', [-1, 1]), graph.input('b', 'FP32', [1, -1])])
    graph.node('ReduceSum', [product], { output: 'y' })
    graph.output('y', 'FP32', [1, 1])
  })

/** 8 GB of a constant, made when the model is loaded or run: the file is 300 bytes. */
export const hugeConstantModel = (): Uint8Array =>
  built((graph) => {
    const big = graph.node('ConstantOfShape', [graph.constant('INT64', [1], BigInt64Array.of(2_000_000_000n))])
    graph.node('ReduceSum', [graph.node('Add', [graph.input('x', 'FP32', [1]), big])], { output: 'y' })
    graph.output('y', 'FP32', [1])
  })

/** A node that indexes a table of 3 rows: refuses other indices with a path of its source. */
export const gatherModel = (): Uint8Array =>
  built((graph) => {
    const table = graph.constant('FP32', [3, 2], new Float32Array(6))
    graph.node('GatherElements', [table, graph.input('i', 'INT64', [-1, 2])], { output: 'y' })
    graph.output('y', 'FP32', [-1, 2])
  })
