import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutRows, joinRows } from '../../../src/tensor/cut-rows.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const tensors = (rows: number): readonly Tensor[] => [
  { name: 'a', datatype: 'FP32', shape: [rows, 2], data: Float32Array.from({ length: 2 * rows }, (_, i) => i) },
  { name: 'b', datatype: 'BYTES', shape: [rows], data: Array.from({ length: rows }, (_, i) => `t${i}`) },
  { name: 'c', datatype: 'INT64', shape: [rows, 1], data: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i)) },
]

test('any rows in parts of any size -> no part is larger, and joined they are what they were', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.integer({ min: 1, max: 50 }), (rows, most) => {
      const parts = cutRows(tensors(rows), most)
      expect(parts).toHaveLength(Math.max(1, Math.ceil(rows / most)))
      for (const part of parts) for (const { shape } of part) expect(shape[0]).toBeLessThanOrEqual(most)
      expect(joinRows(parts)).toStrictEqual(tensors(rows))
    }),
  )
})

test('no bound -> one part', () => {
  expect(cutRows(tensors(3), Number.POSITIVE_INFINITY)).toStrictEqual([tensors(3)])
})
