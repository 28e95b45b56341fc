import { expect, test } from 'vitest'
import { differenceOf } from '../../../src/onnx/difference.ts'
import type { Datatype, TensorData } from '../../../src/tensor/tensor.ts'

const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity } = Number

const tensor = (datatype: Datatype, data: TensorData, shape: readonly number[] = [data.length]) => ({
  name: 'y',
  datatype,
  shape,
  data,
})

test.for<[what: string, Datatype, TensorData, TensorData, number]>([
  ['equal numbers', 'FP32', Float32Array.of(1, -2), Float32Array.of(1, -2), 0],
  ['a distance by the largest magnitude', 'FP64', Float64Array.of(1, -4), Float64Array.of(1.5, -4), 0.125],
  [
    'noise in a small number beside a large one',
    'FP64',
    Float64Array.of(1000, 1e-3),
    Float64Array.of(1000, 2e-3),
    1e-6,
  ],
  ['NaN at the same place', 'FP32', Float32Array.of(nan, 1), Float32Array.of(nan, 1), 0],
  ['NaN at another place', 'FP32', Float32Array.of(nan, 1), Float32Array.of(1, nan), infinity],
  ['the same infinity', 'FP32', Float32Array.of(infinity), Float32Array.of(infinity), 0],
  ['the other infinity', 'FP32', Float32Array.of(infinity), Float32Array.of(minusInfinity), infinity],
  ['zeros of both signs', 'FP32', Float32Array.of(0), Float32Array.of(-0), 0],
  [
    'whole numbers that are one apart',
    'INT64',
    BigInt64Array.of(2n ** 53n),
    BigInt64Array.of(2n ** 53n + 1n),
    infinity,
  ],
  ['bytes that are one apart', 'UINT8', Uint8Array.of(7), Uint8Array.of(8), infinity],
  ['other texts', 'BYTES', ['a'], ['b'], infinity],
  ['equal texts', 'BYTES', ['a', ''], ['a', ''], 0],
  ['nothing', 'FP32', new Float32Array(0), new Float32Array(0), 0],
  // IEEE 754 binary16: 1 and the next number, 1 + 2^-10.
  ['half floats one step apart', 'FP16', Uint16Array.of(0x3c00), Uint16Array.of(0x3c01), 2 ** -10],
  ['half infinities', 'FP16', Uint16Array.of(0x7c00), Uint16Array.of(0xfc00), infinity],
  ['the least half floats', 'FP16', Uint16Array.of(2), Uint16Array.of(1), 0.5],
  ['bfloat16 1 and 1 + 2^-7', 'BF16', Uint16Array.of(0x3f80), Uint16Array.of(0x3f81), 2 ** -7],
])('%s -> %4$d', ([, datatype, a, b, difference]) => {
  expect(differenceOf(tensor(datatype, a), tensor(datatype, b))).toBeCloseTo(difference, 12)
})

test.for([
  { what: 'another shape', other: tensor('FP32', new Float32Array(4), [4, 1]) },
  { what: 'another type', other: tensor('FP64', new Float64Array(4), [2, 2]) },
  { what: 'other elements', other: tensor('FP32', new Float32Array(2), [2, 2]) },
])('$what -> Infinity', ({ other }) => {
  expect(differenceOf(tensor('FP32', new Float32Array(4), [2, 2]), other)).toBe(infinity)
})
