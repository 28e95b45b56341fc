import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesFromData, dataFromBytes } from '../../../src/tensor/binary-data.ts'
import { classify } from '../../../src/tensor/classification.ts'
import { joinFrame, parseHeaderLength, partsOf } from '../../../src/tensor/frame.ts'
import { encodeInferResponse } from '../../../src/tensor/infer-response.ts'
import type { Datatype, Tensor, TensorData } from '../../../src/tensor/tensor.ts'

const arbitraries: readonly [Datatype, fc.Arbitrary<TensorData>][] = [
  ['BOOL', fc.array(fc.integer({ min: 0, max: 1 })).map((values) => Uint8Array.from(values))],
  ['UINT8', fc.uint8Array()],
  ['UINT16', fc.uint16Array()],
  ['UINT32', fc.uint32Array()],
  ['UINT64', fc.bigUint64Array()],
  ['INT8', fc.int8Array()],
  ['INT16', fc.int16Array()],
  ['INT32', fc.int32Array()],
  ['INT64', fc.bigInt64Array()],
  ['FP16', fc.uint16Array()],
  ['BF16', fc.uint16Array()],
  ['FP32', fc.float32Array()],
  ['FP64', fc.float64Array()],
  ['BYTES', fc.array(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\0')))],
]

test.for(arbitraries)('%s to bytes and back, at any place of a body -> the same values', ([datatype, data]) => {
  fc.assert(
    fc.property(data, fc.integer({ min: 0, max: 9 }), (values, before) => {
      const bytes = bytesFromData({ data: values })
      const body = new Uint8Array(before + bytes.length + 3)
      body.set(bytes, before)
      const part = body.subarray(before, before + bytes.length)
      expect(dataFromBytes('x', datatype, [values.length], part)).toEqual(values)
    }),
  )
})

test('numbers where their alignment allows -> a view, not a copy', () => {
  const body = new Uint8Array(24)
  expect((dataFromBytes('x', 'FP64', [2], body.subarray(8)) as Float64Array).buffer).toBe(body.buffer)
  expect((dataFromBytes('x', 'FP64', [2], body.subarray(1, 17)) as Float64Array).buffer).not.toBe(body.buffer)
})

// By Python's struct.pack: '<hh', '<ff', '<d', '<q'; BYTES as Triton's client writes them, '<I' and the text.
test.for([
  ['INT16', Int16Array.of(1, -2), '0100feff'],
  ['FP32', Float32Array.of(1.5, -0.1), '0000c03fcdccccbd'],
  ['FP64', Float64Array.of(0.1), '9a9999999999b93f'],
  ['INT64', BigInt64Array.of(-2n), 'feffffffffffffff'],
  ['BYTES', ['ab', ''], '02000000616200000000'],
] as const)('%s -> the bytes of Python and of Triton', ([, data, hex]) => {
  expect(Buffer.from(bytesFromData({ data })).toString('hex')).toBe(hex)
})

test.for([
  ['0', 10, 0],
  ['10', 10, 10],
  ['007', 10, 7],
] as const)('a header of %s for %d bytes -> %d', ([value, bodyBytes, expected]) => {
  expect(parseHeaderLength(value, bodyBytes)).toBe(expected)
})

test.for(['11', '-0', '1e1', ' 1', '1 ', '١', 'NaN', 'Infinity', '1,1', ''])('a header of %j -> refused', (value) => {
  expect(() => parseHeaderLength(value, 10)).toThrow(/inference-header-content-length: expected 0 to the body's 10/)
})

test('JSON beyond ASCII with two parts -> the header counts bytes, the parts come back', () => {
  const { body, headerBytes } = joinFrame('{"id":"ä"}', [Uint8Array.of(1, 2), Uint8Array.of(3)])
  expect(headerBytes).toBe(11)
  const parts = partsOf(body.subarray(headerBytes))
  expect([[...parts.take('a', 2)], [...parts.take('b', 1)]]).toEqual([[1, 2], [3]])
  parts.end()
  expect(() => parts.take('c', 1)).toThrow(/c: expected 1 bytes of binary data behind the JSON, got 0/)
})

const scores = (data: TensorData, shape: readonly number[], datatype: Datatype = 'FP32'): Tensor => ({
  name: 'y',
  datatype,
  shape,
  data,
})

test.for([
  ['equal values by their index', scores(Float32Array.of(1, 2, 2, 1), [4]), 3, [], [3], ['2:1', '2:2', '1:0']],
  [
    'NaN last, infinities in order',
    scores(Float64Array.of(Number.NaN, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), [1, 4], 'FP64'),
    4,
    [],
    [1, 4],
    ['inf:3', '1:1', '-inf:2', 'nan:0'],
  ],
  [
    'INT64 beyond 2^53',
    scores(BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n), [2], 'INT64'),
    1,
    [],
    [1],
    ['9007199254740993:1'],
  ],
  ['labels', scores(Float32Array.of(0.3, 0.7), [1, 2]), 1, ['no', 'yes'], [1, 1], ['0.7:1:yes']],
  ['labels of another number', scores(Float32Array.of(0.3, 0.7), [1, 2]), 1, ['no'], [1, 1], ['0.7:1']],
  ['inner dimensions', scores(Float32Array.of(1, 2, 3, 4), [1, 2, 2]), 2, [], [1, 2], ['4:3', '3:2']],
  ['a scalar', scores(Float32Array.of(5), []), 2, [], [1], ['5:0']],
  ['no rows', scores(Float32Array.of(), [0, 3]), 2, [], [0, 2], []],
] as const)('classes of %s', ([, tensor, count, labels, shape, data]) => {
  expect(classify(tensor, count, labels)).toEqual({ name: 'y', datatype: 'BYTES', shape, data })
})

test('an output wanted in binary and one in JSON -> the label of each class, the bytes behind', () => {
  const { body, headers } = encodeInferResponse({
    model: 'm',
    version: 2,
    outputs: [scores(Float32Array.of(0.3, 0.7), [1, 2]), { ...scores(Uint8Array.of(1), [1], 'BOOL'), name: 'z' }],
    wanted: [
      { name: 'y', binary: false, classes: 1 },
      { name: 'z', binary: true },
    ],
    labelsOf: (output) => (output === 'y' ? ['no', 'yes'] : []),
  })
  const length = Number(headers['inference-header-content-length'])
  const bytes = Buffer.from(body as Uint8Array)
  expect(JSON.parse(bytes.subarray(0, length).toString()).outputs).toEqual([
    { name: 'y', datatype: 'BYTES', shape: [1, 1], data: ['0.7:1:yes'] },
    { name: 'z', datatype: 'BOOL', shape: [1], parameters: { binary_data_size: 1 } },
  ])
  expect([...bytes.subarray(length)]).toEqual([1])
})
