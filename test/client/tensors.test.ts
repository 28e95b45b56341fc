import { expect, test } from 'vitest'
import { inferQuestion } from '../../client/infer.ts'
import { type InputValue, tensorOf } from '../../client/tensors.ts'

test.for<{ given: string; value: InputValue; datatype: string; shape: readonly number[]; data?: unknown }>([
  { given: 'Float32Array', value: Float32Array.of(1, 2), datatype: 'FP32', shape: [2] },
  { given: 'Float64Array', value: Float64Array.of(1), datatype: 'FP64', shape: [1] },
  { given: 'BigInt64Array', value: BigInt64Array.of(-1n), datatype: 'INT64', shape: [1] },
  { given: 'BigUint64Array', value: BigUint64Array.of(1n), datatype: 'UINT64', shape: [1] },
  { given: 'Int32Array', value: Int32Array.of(1), datatype: 'INT32', shape: [1] },
  { given: 'Uint32Array', value: Uint32Array.of(1), datatype: 'UINT32', shape: [1] },
  { given: 'Int16Array', value: Int16Array.of(1), datatype: 'INT16', shape: [1] },
  { given: 'Uint16Array', value: Uint16Array.of(1), datatype: 'UINT16', shape: [1] },
  { given: 'Int8Array', value: Int8Array.of(1), datatype: 'INT8', shape: [1] },
  { given: 'Uint8Array', value: Uint8Array.of(1), datatype: 'UINT8', shape: [1] },
  { given: 'a Buffer', value: Buffer.from([1]), datatype: 'UINT8', shape: [1] },
  { given: 'texts', value: ['a', ''], datatype: 'BYTES', shape: [2] },
  {
    given: 'nested truth values',
    value: [[true], [false]],
    datatype: 'BOOL',
    shape: [2, 1],
    data: Uint8Array.of(1, 0),
  },
  {
    given: 'bits of FP16',
    value: { data: Uint16Array.of(0x3c00), shape: [1, 1], datatype: 'FP16' },
    datatype: 'FP16',
    shape: [1, 1],
    data: Uint16Array.of(0x3c00),
  },
  {
    given: 'plain numbers with a datatype',
    value: { data: [[1, 2n ** 60n]], datatype: 'INT64' },
    datatype: 'INT64',
    shape: [1, 2],
    data: BigInt64Array.of(1n, 2n ** 60n),
  },
  {
    given: 'one value',
    value: { data: Float32Array.of(1), shape: [] },
    datatype: 'FP32',
    shape: [],
    data: Float32Array.of(1),
  },
  {
    given: 'nothing',
    value: { data: new Float32Array(0), shape: [0, 3] },
    datatype: 'FP32',
    shape: [0, 3],
    data: new Float32Array(0),
  },
])('$given -> $datatype $shape', ({ value, datatype, shape, data = value }) => {
  expect(tensorOf('x', value)).toEqual({ name: 'x', datatype, shape, data })
})

test.for<{ given: string; value: InputValue; says: RegExp; format?: 'json' }>([
  { given: 'plain numbers', value: [1, 2], says: /input x: expected a datatype beside plain values, .* got number/ },
  { given: 'an empty list', value: [], says: /got no value/ },
  {
    given: 'too few elements',
    value: { data: Float32Array.of(1), shape: [1, 2] },
    says: /2 elements of shape \[1,2\], got 1/,
  },
  {
    given: 'another datatype',
    value: { data: Float32Array.of(1), datatype: 'INT64' },
    says: /one of FP32 for Float32Array, got INT64/,
  },
  {
    given: 'a view of no datatype',
    value: new DataView(new ArrayBuffer(1)) as unknown as Uint8Array,
    says: /got DataView/,
  },
  {
    given: 'a number beyond its datatype',
    value: { data: [300], datatype: 'UINT8' },
    says: /expected UINT8 0..255, got 300/,
  },
  {
    given: 'ragged rows',
    value: { data: [[1, 2], [3]], datatype: 'FP32' },
    says: /shape \[2,2\]: expected 2 elements/,
  },
  { given: 'a lone surrogate', value: ['\ud800'], says: /element 0: expected a UTF-8 string/ },
  {
    given: 'NaN as JSON',
    value: Float32Array.of(Number.NaN),
    format: 'json',
    says: /expected what JSON can carry, got NaN/,
  },
  {
    given: 'FP16 as JSON',
    value: { data: Uint16Array.of(0), datatype: 'FP16' },
    format: 'json',
    says: /expected what JSON can carry, got FP16/,
  },
])('$given -> a TypeError before anything is sent', ({ value, says, format }) => {
  expect(() => inferQuestion('m', { x: value }, format ? { format } : {})).toThrow(TypeError)
  expect(() => inferQuestion('m', { x: value }, format ? { format } : {})).toThrow(says)
})
