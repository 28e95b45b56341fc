import { expect, test } from 'vitest'
import { PercallError } from '../../../src/errors.ts'
import type { Signature } from '../../../src/registry/signature.ts'
import { rawQuestion } from '../../../src/tensor/raw-instances.ts'

const oneInput: Signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
}

const columns: Signature = {
  inputs: [
    { name: 'age', datatype: 'INT64', shape: [-1, 1] },
    { name: 'city', datatype: 'BYTES', shape: [-1, 1] },
  ],
  outputs: [
    { name: 'label', datatype: 'INT64', shape: [-1] },
    { name: 'scores', datatype: 'FP32', shape: [-1, 2] },
    { name: 'probabilities', datatype: 'FP32', shape: [], kind: 'sequence' },
  ],
}

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof PercallError) return thrown.code
    throw thrown
  }
  return 'no error'
}

test('bare values of the only input -> one tensor, one entry an instance', () => {
  const question = rawQuestion(
    oneInput,
    [
      [1, 2],
      [3, 4],
    ],
    'refuse',
  )
  expect(question.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }])
  const output = { name: 'y', datatype: 'FP32', shape: [2, 1], data: Float32Array.of(5, Number.NaN) } as const
  expect(JSON.parse(String(question.encode([output]).body))).toEqual({ predictions: [[5], [null]] })
})

test('plain values by name -> columns of width 1, and an object by output name', () => {
  const question = rawQuestion(
    columns,
    [
      { age: 7, city: 'Köln' },
      { age: 8, city: '' },
    ],
    'refuse',
  )
  expect(question.inputs).toEqual([
    { name: 'age', datatype: 'INT64', shape: [2, 1], data: BigInt64Array.of(7n, 8n) },
    { name: 'city', datatype: 'BYTES', shape: [2, 1], data: ['Köln', ''] },
  ])
  expect(question.outputs).toEqual(['label', 'scores'])
  const answer = question.encode([
    { name: 'label', datatype: 'INT64', shape: [2], data: BigInt64Array.of(0n, 1n) },
    { name: 'scores', datatype: 'FP32', shape: [2, 2], data: Float32Array.of(0.75, 0.25, 0.5, 0.5) },
  ])
  expect(JSON.parse(String(answer.body))).toEqual({
    predictions: [
      { label: 0, scores: [0.75, 0.25] },
      { label: 1, scores: [0.5, 0.5] },
    ],
  })
})

test('arrays in the order of the inputs -> as by name', () => {
  const byName = rawQuestion(columns, [{ age: 7, city: 'Köln' }], 'refuse').inputs
  expect(rawQuestion(columns, [[7, 'Köln']], 'refuse').inputs).toEqual(byName)
  const mixed = { ...columns, inputs: [...columns.inputs, { name: 'x', datatype: 'FP32', shape: [-1, 2] }] } as const
  expect(codeOf(() => rawQuestion(mixed, [[7, 'Köln', [1, 2]]], 'refuse'))).toBe('BAD_REQUEST')
})

test.for([
  { given: 'an array of one value for two inputs', instances: [[7]], code: 'BAD_REQUEST' },
  { given: 'a missing input', instances: [{ age: 7 }], code: 'MISSING_INPUT' },
  { given: 'an unknown input', instances: [{ age: 7, city: '', zip: 1 }], code: 'UNKNOWN_INPUT' },
  { given: 'a wrong kind', instances: [{ age: 'old', city: '' }], code: 'BAD_VALUE' },
  { given: 'a bare value for two inputs', instances: [7], code: 'BAD_REQUEST' },
  { given: 'null', instances: [null], code: 'BAD_REQUEST' },
  { given: 'too wide', instances: [{ age: [1, 2], city: '' }], code: 'SHAPE_MISMATCH' },
])('$given -> $code', ({ instances, code }) => {
  expect(codeOf(() => rawQuestion(columns, instances, 'refuse'))).toBe(code)
})

test('an unknown input with unknown=ignore -> dropped', () => {
  expect(rawQuestion(columns, [{ age: 7, city: '', zip: 1 }], 'ignore').rows).toBe(1)
})

test('an output without one entry an instance -> 501', () => {
  const question = rawQuestion(oneInput, [[1, 2]], 'refuse')
  const output = { name: 'y', datatype: 'FP32', shape: [], data: Float32Array.of(5) } as const
  expect(codeOf(() => question.encode([output]))).toBe('OUTPUT_NOT_EXPRESSIBLE')
})
