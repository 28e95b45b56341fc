import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bfloat16OfFp32, fp32OfBfloat16 } from '../../../src/tensor/bfloat16.ts'
import { nearest, numberOf } from '../../fixtures/bfloat16-models.ts'

const everyPattern = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)

test('every pattern to FP32 -> the number that IEEE arithmetic gives it', () => {
  const values = fp32OfBfloat16(everyPattern)
  expect(values.findIndex((value, bits) => !Object.is(value, numberOf(bits)))).toBe(-1)
})

test('every pattern there and back -> the same bits; a signalling NaN becomes quiet', () => {
  const back = bfloat16OfFp32(fp32OfBfloat16(everyPattern))
  const isNan = (bits: number): boolean => (bits & 0x7fff) > 0x7f80
  expect(back.findIndex((found, bits) => found !== (isNan(bits) ? bits | 0x40 : bits))).toBe(-1)
})

test('any FP32 -> the nearest bfloat16, ties to even', () => {
  fc.assert(
    fc.property(fc.uint32Array({ minLength: 1, maxLength: 64 }), (words) => {
      const values = new Float32Array(words.slice().buffer)
      const found = Array.from(bfloat16OfFp32(values), numberOf)
      expect(found).toEqual(Array.from(values, nearest))
    }),
    { numRuns: 500 },
  )
})

test.for([
  [0x3f80_8000, 0x3f80],
  [0x3f81_8000, 0x3f82],
  [0x3f80_8001, 0x3f81],
  [0x7f7f_8000, 0x7f80],
  [0x7f80_0001, 0x7fc0],
  [0xff80_0001, 0xffc0],
] as const)('%j -> %j', ([word, bits]) => {
  expect(bfloat16OfFp32(new Float32Array(Uint32Array.of(word).buffer))).toEqual(Uint16Array.of(bits))
})
