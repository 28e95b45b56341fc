import { create, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { createGraph } from '../../../src/onnx/graph.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { type GraphProto, ModelProtoSchema } from '../../../src/onnx/proto/generated/onnx_pb.js'

type Model = Parameters<typeof create<typeof ModelProtoSchema>>[1]

const floats = (...sizes: (number | string)[]) => ({
  value: {
    case: 'tensorType' as const,
    value: {
      elemType: 1,
      shape: {
        dim: sizes.map((size) => ({
          value:
            typeof size === 'string'
              ? { case: 'dimParam' as const, value: size }
              : { case: 'dimValue' as const, value: BigInt(size) },
        })),
      },
    },
  },
})

/** y = Relu(x), with whatever a case changes. */
const relu = (change: object = {}, node: object = {}): Uint8Array => {
  const graph = {
    name: 'g',
    input: [{ name: 'x', type: floats('N', 4) }],
    output: [{ name: 'y', type: floats('N', 4) }],
    node: [{ opType: 'Relu', input: ['x'], output: ['y'], ...node }],
    ...change,
  }
  const model = { irVersion: 3n, opsetImport: [{ domain: 'ai.onnx', version: 13n }], graph } as Model // cases leave the types on purpose
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model))
}

const weight = (fields: object) => ({ name: 'w', dataType: 1, dims: [1n], ...fields })
const external = weight({ dataLocation: 1, externalData: [{ key: 'location', value: '/etc/passwd' }] })
const sub = (node: object): Partial<GraphProto> => ({ name: 'sub', node: [node] }) as Partial<GraphProto> // as create takes it

test('a small model -> its signature and facts; an initializer listed as input is none', () => {
  const change = {
    input: [
      { name: 'x', type: floats('N', 4) },
      { name: 'w', type: floats(1) },
    ],
    initializer: [weight({ floatData: [1] })],
  }
  expect(inspectOnnx(relu(change))).toEqual({
    signature: {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 4] }],
    },
    dimensions: { x: ['N', 4] },
    irVersion: 3,
    opsets: { '': 13 },
    operators: [':Relu'],
    nodes: 1,
    initializerBytes: 4,
    sizeBytes: relu(change).length,
    controlFlow: false,
  })
})

test.for([
  {
    what: 'a sequence',
    type: { value: { case: 'sequenceType', value: { elemType: floats(2) } } },
    spec: { shape: [2], kind: 'sequence' },
  },
  {
    what: 'a map',
    type: { value: { case: 'mapType', value: { keyType: 7, valueType: floats() } } },
    spec: { shape: [], kind: 'map' },
  },
  {
    what: 'an optional',
    type: { value: { case: 'optionalType', value: { elemType: floats(2) } } },
    spec: { shape: [2], kind: 'optional' },
  },
  {
    what: 'no shape',
    type: { value: { case: 'tensorType', value: { elemType: 1 } } },
    spec: { shape: [-1], unknownRank: true },
  },
])('an output that is or has $what -> marked', ({ type, spec }) => {
  expect(inspectOnnx(relu({ output: [{ name: 'y', type }] })).signature.outputs).toEqual([
    { name: 'y', datatype: 'FP32', ...spec },
  ])
})

test('an If with a subgraph -> control flow, its nodes counted', () => {
  const attribute = [{ name: 'then_branch', type: 5, g: sub({ opType: 'Neg' }) }]
  const facts = inspectOnnx(relu({}, { opType: 'If', attribute }))
  expect([facts.controlFlow, facts.nodes, facts.operators]).toEqual([true, 2, [':If', ':Neg']])
})

test.for([
  { what: 'text', bytes: new TextEncoder().encode('hello, I am no model'), message: 'expected' },
  { what: 'no bytes', bytes: new Uint8Array(), message: 'model: expected a graph, got none' },
  {
    what: 'half a file',
    bytes: relu().subarray(0, 20),
    message: 'expected an ONNX protobuf, got 20 bytes that are none: field 7 of 61 bytes where 16 are left',
  },
  { what: 'no output', bytes: relu({ output: [] }), message: 'model: expected at least one output, got none' },
  {
    what: 'an output without a type',
    bytes: relu({ output: [{ name: 'y' }] }),
    message: 'output y: expected a type, got none',
  },
])('$what -> NOT_ONNX', ({ bytes, message }) => {
  expect(() => inspectOnnx(bytes)).toThrow(
    expect.objectContaining({ code: 'NOT_ONNX', message: expect.stringContaining(message) }),
  )
})

test.for([
  {
    what: 'external data',
    bytes: relu({ initializer: [external] }),
    message: 'tensor w: expected weights inside the file',
  },
  {
    what: 'external data in a constant of a subgraph',
    bytes: relu(
      {},
      {
        attribute: [
          { name: 'b', type: 5, g: sub({ opType: 'Constant', attribute: [{ name: 'value', type: 4, t: external }] }) },
        ],
      },
    ),
    message: 'tensor w: expected weights inside the file',
  },
  {
    what: 'a foreign domain',
    bytes: relu({}, { domain: 'my.ops' }),
    message: 'operator my.ops:Relu: expected ai.onnx',
  },
  {
    what: 'an unlisted contributed operator',
    bytes: relu({}, { domain: 'com.microsoft', opType: 'BeamSearch' }),
    message: 'com.microsoft:BeamSearch',
  },
  {
    what: 'complex numbers',
    bytes: relu({ output: [{ name: 'y', type: { value: { case: 'tensorType', value: { elemType: 14 } } } }] }),
    message: 'output y: expected a datatype of the protocol, got ONNX type 14',
  },
])('$what -> UNSUPPORTED_ONNX', ({ bytes, message }) => {
  expect(() => inspectOnnx(bytes)).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_ONNX', message: expect.stringContaining(message) }),
  )
})

test('a listed contributed operator -> let in', () => {
  expect(inspectOnnx(relu({}, { domain: 'com.microsoft', opType: 'FusedMatMul' })).operators).toEqual([
    'com.microsoft:FusedMatMul',
  ])
})

test('a graph input added twice -> BAD_TABLE', () => {
  const graph = createGraph('g')
  graph.input('x', 'FP32', [1])
  expect(() => graph.input('x', 'FP32', [1])).toThrow('graph input x: expected a new name, got it twice')
})
