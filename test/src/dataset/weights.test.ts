import { expect, test } from 'vitest'
import { rowWeights } from '../../../src/dataset/weights.ts'

const table = (cells: readonly string[]) => ({ names: ['w'], columns: [cells], firstLine: 2 })

test('weights of some rows -> in their order', () => {
  expect(rowWeights(table(['1', '0', '2.5']), Uint32Array.of(0, 2), 'w')).toEqual(Float64Array.of(1, 2.5))
})

test.for<[string, readonly string[], string]>([
  ['a missing weight', ['1', '', '2'], 'line 3, column w: expected a weight of 0 or more, got a missing one'],
  ['a negative weight', ['1', '2', '-1'], 'line 4, column w: expected a weight of 0 or more, got -1'],
  ['text', ['1', 'much'], 'line 3, column w: expected a weight of 0 or more, got "much"'],
  ['none above 0', ['0', '0'], 'column w: expected a weight above 0, got none'],
])('%s -> BAD_TABLE with its place', ([, cells, message]) => {
  expect(() => rowWeights(table(cells), Uint32Array.from(cells.keys()), 'w')).toThrow(
    expect.objectContaining({ code: 'BAD_TABLE', message: expect.stringContaining(message) }),
  )
})

test('no such column -> UNKNOWN_COLUMN', () => {
  expect(() => rowWeights(table(['1']), Uint32Array.of(0), 'v')).toThrow('weight: expected one of w, got v')
})
