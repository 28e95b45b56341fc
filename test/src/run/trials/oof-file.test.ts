import { expect, test } from 'vitest'
import { decodeHeld, encodeHeld, joinHeld } from '../../../../src/run/trials/oof-file.ts'

const held = (rows: readonly number[], columns: number) => ({
  rows: Uint32Array.from(rows),
  margins: {
    rows: rows.length,
    columns,
    values: Float64Array.from(rows.flatMap((row) => Array.from({ length: columns }, (_, k) => row + k / 10))),
  },
})

test.for([
  { rows: [], columns: 1 },
  { rows: [3], columns: 1 },
  { rows: [0, 2, 5], columns: 3 },
])('margins of $rows.length rows -> written and read back, from any place in memory', ({ rows, columns }) => {
  const whole = held(rows, columns)
  const bytes = encodeHeld(whole)
  const shifted = new Uint8Array(bytes.length + 3).subarray(3)
  shifted.set(bytes)
  expect(decodeHeld(bytes)).toEqual(whole)
  expect(decodeHeld(shifted)).toEqual(whole)
})

test('folds -> joined in the order of their rows', () => {
  expect(joinHeld([held([1, 4], 2), held([0, 3], 2), held([2], 2)])).toEqual(held([0, 1, 2, 3, 4], 2))
  expect(joinHeld([])).toEqual(held([], 1))
})
