import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { AttributeProtoSchema } from '../../../src/onnx/proto/generated/onnx_pb.js'
import {
  type AttributeInit,
  type FunctionInit,
  type GraphInit,
  modelOf,
  type TensorInit,
  valueInfo,
} from './hostile.ts'

const weight = (fields: TensorInit): TensorInit => ({ name: 'w', dataType: 1, dims: [1n], ...fields })
const elsewhere = weight({ dataLocation: 1, externalData: [{ key: 'location', value: '/etc/passwd' }] })
const unmarked = weight({ floatData: [1], externalData: [{ key: 'location', value: 'weights.bin' }] })
const inside = weight({ floatData: [1] })
const constant = (attribute: AttributeInit): GraphInit => ({
  node: [{ opType: 'Constant', output: ['y'], attribute: [attribute] }],
})
const body = (g: GraphInit): GraphInit => ({
  node: [{ opType: 'If', input: ['x'], output: ['y'], attribute: [{ name: 'then_branch', type: 5, g }] }],
})
const functionOf = (name: string, calls: readonly string[], more: FunctionInit = {}): FunctionInit => ({
  name,
  domain: 'mine',
  input: ['a'],
  output: ['b'],
  node: calls.map((opType) => ({ opType, domain: opType === 'Relu' ? '' : 'mine', input: ['a'], output: ['b'] })),
  ...more,
})
/** A graph (field 7) of that many empty nodes (field 1), two bytes each. */
const emptyNodes = (count: number): Uint8Array => {
  const length = 2 * count
  const bytes = new Uint8Array(5 + length)
  bytes.set([0x3a, (length & 127) | 128, ((length >> 7) & 127) | 128, ((length >> 14) & 127) | 128, length >> 21])
  for (let i = 5; i < bytes.length; i += 2) bytes[i] = 0x0a
  return bytes
}
const nested = (depth: number): GraphInit => (depth === 0 ? {} : body(nested(depth - 1)))

const field = (number: number, content: Uint8Array): readonly number[] =>
  number < 16
    ? [number * 8 + 2, content.length, ...content]
    : [((number * 8 + 2) & 127) | 128, number >> 4, content.length, ...content]

/** A function (field 25) with an attribute_proto (field 11), which our copy of onnx.proto does not have. */
const withDefault = (attribute: AttributeInit): Uint8Array => {
  const bytes = toBinary(AttributeProtoSchema, create(AttributeProtoSchema, attribute))
  return Uint8Array.from([...modelOf(), ...field(25, Uint8Array.from(field(11, bytes)))])
}

describe('external data', () => {
  test.for([
    { where: 'an initializer', bytes: modelOf({ initializer: [elsewhere] }) },
    { where: 'an initializer that has its weights too', bytes: modelOf({ initializer: [unmarked] }) },
    { where: 'a constant', bytes: modelOf(constant({ name: 'value', type: 4, t: elsewhere })) },
    { where: 'a list of tensors', bytes: modelOf(constant({ name: 'v', type: 9, tensors: [inside, elsewhere] })) },
    {
      where: 'a sparse constant',
      bytes: modelOf(constant({ name: 'v', type: 11, sparseTensor: { values: elsewhere } })),
    },
    {
      where: 'sparse indices',
      bytes: modelOf(constant({ name: 'v', type: 12, sparseTensors: [{ indices: elsewhere }] })),
    },
    { where: 'a sparse initializer', bytes: modelOf({ sparseInitializer: [{ values: inside, indices: elsewhere }] }) },
    { where: 'a body', bytes: modelOf(body({ initializer: [elsewhere] })) },
    {
      where: 'a list of bodies',
      bytes: modelOf(constant({ name: 'g', type: 10, graphs: [{ initializer: [elsewhere] }] })),
    },
    {
      where: 'a function',
      bytes: modelOf(
        {},
        { functions: [functionOf('f', [], constant({ name: 'v', type: 4, t: elsewhere }) as FunctionInit)] },
      ),
    },
    { where: 'a default of a function', bytes: withDefault({ name: 'v', type: 4, t: elsewhere }) },
    { where: 'training', bytes: modelOf({}, { trainingInfo: [{ algorithm: { initializer: [elsewhere] } }] }) },
  ])('in $where -> UNSUPPORTED_ONNX', ({ bytes }) => {
    expect(() => inspectOnnx(bytes)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_ONNX',
        message: 'tensor w: expected weights inside the file, got external data',
      }),
    )
  })
})

test.for([
  {
    what: 'sizes of 2^40 and no data',
    bytes: modelOf({ initializer: [weight({ dims: [2n ** 20n, 2n ** 20n] })] }),
    says: 'tensor w: expected 1099511627776 numbers for [1048576,1048576], got 0',
  },
  {
    what: 'a size of 2^40',
    bytes: modelOf({ initializer: [weight({ dims: [2n ** 40n] })] }),
    says: 'tensor w: expected sizes from 0 to 2147483647',
  },
  {
    what: 'a negative size',
    bytes: modelOf({ initializer: [weight({ dims: [-1n] })] }),
    says: 'tensor w: expected sizes from 0',
  },
  {
    what: 'a product beyond 64 bits',
    bytes: modelOf({ initializer: [weight({ dims: [2n ** 30n, 2n ** 30n, 2n ** 30n] })] }),
    says: 'expected at most 2^40 elements',
  },
  {
    what: 'forty dimensions',
    bytes: modelOf({ initializer: [weight({ dims: new Array<bigint>(40).fill(1n) })] }),
    says: 'expected at most 32 dimensions',
  },
  {
    what: 'fewer bytes than sizes say',
    bytes: modelOf({ initializer: [weight({ dims: [3n], rawData: new Uint8Array(8) })] }),
    says: 'tensor w: expected 12 bytes for [3], got 8',
  },
  {
    what: 'more numbers than sizes say',
    bytes: modelOf({ initializer: [weight({ floatData: [1, 2] })] }),
    says: 'tensor w: expected 1 numbers for [1], got 2',
  },
  {
    what: 'a sparse tensor of 2^40',
    bytes: modelOf({
      sparseInitializer: [
        {
          values: inside,
          indices: { ...inside, dataType: 7, floatData: [], int64Data: [0n] },
          dims: [2n ** 20n, 2n ** 20n],
        },
      ],
    }),
    says: 'sparse tensor: expected at most 536870912 elements',
  },
  {
    what: 'an input of 2^60',
    bytes: modelOf({ input: [valueInfo('x', 1, [2 ** 30, 2 ** 30])] }),
    says: 'tensor x: expected at most 2^40 elements',
  },
  { what: 'a newer IR', bytes: modelOf({}, { irVersion: 14n }), says: 'model: expected IR version 13 or less, got 14' },
  {
    what: 'a newer opset',
    bytes: modelOf({}, { opsetImport: [{ version: 27n }] }),
    says: 'model: expected opset 26 or less of ai.onnx, got 27',
  },
  {
    what: 'a newer ml opset',
    bytes: modelOf({}, { opsetImport: [{ domain: 'ai.onnx.ml', version: 6n }] }),
    says: 'expected opset 5 or less of ai.onnx.ml, got 6',
  },
  {
    what: 'two inputs of one name',
    bytes: modelOf({ input: [valueInfo('x', 1, [1]), valueInfo('x', 1, [1])] }),
    says: 'input x: expected each name once, got it twice',
  },
  {
    what: 'two outputs of one name',
    bytes: modelOf({ output: [valueInfo('y', 1, [1]), valueInfo('y', 1, [1])] }),
    says: 'output y: expected each name once',
  },
  {
    what: 'a name with a line in it',
    bytes: modelOf({ output: [valueInfo('a\nb', 1, [1])] }),
    says: 'output 0: expected a name without control characters, got "a\\nb"',
  },
  {
    what: 'a name with NUL',
    bytes: modelOf({ output: [valueInfo('y\u0000', 1, [1])] }),
    says: 'expected a name without control characters',
  },
  { what: 'no name', bytes: modelOf({ input: [valueInfo('', 1, [1])] }), says: 'input 0: expected a name, got none' },
  {
    what: 'a long name',
    bytes: modelOf({ output: [valueInfo('y'.repeat(600), 1, [1])] }),
    says: 'expected a name of at most 512 characters, got 600',
  },
  { what: 'bodies in bodies', bytes: modelOf(nested(30)), says: 'expected messages nested at most 64 deep' },
  {
    what: 'a function that calls itself',
    bytes: modelOf({}, { functions: [functionOf('f', ['g']), functionOf('g', ['f'])] }),
    says: 'expected one that ends, it calls itself',
  },
  {
    what: 'functions that double forty times',
    bytes: modelOf(
      {},
      {
        functions: Array.from({ length: 30 }, (_, i) =>
          functionOf(`f${i}`, i === 0 ? ['Relu'] : [`f${i - 1}`, `f${i - 1}`]),
        ),
      },
    ),
    says: 'model: expected at most 200000 nodes, got more',
  },
  {
    what: 'a function in the name of Loop',
    bytes: modelOf({}, { functions: [{ ...functionOf('Loop', []), domain: '' }] }),
    says: 'function Loop: expected a domain of its own, got ai.onnx',
  },
  {
    what: 'two functions of one name',
    bytes: modelOf({}, { functions: [functionOf('f', []), functionOf('f', [])] }),
    says: 'function f: expected one of domain mine, got two',
  },
  {
    what: 'half a million empty nodes',
    bytes: emptyNodes(500_001),
    says: 'expected at most 500000 nodes, tensors and names, got more',
  },
])('$what -> UNSUPPORTED_ONNX', ({ bytes, says }) => {
  expect(() => inspectOnnx(bytes)).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_ONNX', message: expect.stringContaining(says) }),
  )
})

/** A message in itself `depth` times: field 7 of length-delimited bytes. */
const onion = (depth: number): Uint8Array => {
  let bytes = new Uint8Array(0)
  for (let i = 0; i < depth; i++) {
    const length: number[] = []
    for (let rest = bytes.length; ; rest >>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest)
      if (rest < 128) break
    }
    bytes = Uint8Array.from([7 * 8 + 2, ...length, ...bytes])
  }
  return bytes
}

test.for([
  { what: 'a group', bytes: Uint8Array.of(0x0b, 0x0c) },
  { what: 'a length beyond the end', bytes: Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f) },
  { what: 'a number without end', bytes: new Uint8Array(64).fill(0xff) },
  { what: 'zeros', bytes: new Uint8Array(1000) },
  { what: 'a message in itself 3,000 times', bytes: onion(3000) },
])('$what -> NOT_ONNX', ({ bytes }) => {
  expect(() => inspectOnnx(bytes)).toThrow(expect.objectContaining({ code: 'NOT_ONNX' }))
})
