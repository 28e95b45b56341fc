import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePrepared, encodePrepared } from '../../../src/run/data-file.ts'
import { type Prepared, selectRows } from '../../../src/run/prepared.ts'

const preparedOf = (
  cells: readonly { f: number; d: number; i: bigint; t: string; y: number; side: number }[],
): Prepared => {
  const shape = [cells.length, 1]
  return {
    tensors: [
      { name: 'f', datatype: 'FP32', shape, data: Float32Array.from(cells, ({ f }) => f) },
      { name: 't\n"', datatype: 'BYTES', shape, data: cells.map(({ t }) => t) },
      { name: 'i', datatype: 'INT64', shape, data: BigInt64Array.from(cells, ({ i }) => i) },
      { name: 'd', datatype: 'FP64', shape, data: Float64Array.from(cells, ({ d }) => d) },
    ],
    y: Float64Array.from(cells, ({ y }) => y),
    rows: Uint32Array.from(cells, (_, row) => row * 3),
    test: Uint8Array.from(cells, ({ side }) => side),
    folds: Uint8Array.from(cells, ({ side }, row) => (row + side) % 5),
    ...(cells.length % 2 === 0 && { weights: Float64Array.from(cells, (_, row) => row / 3) }),
    ...(cells.length % 3 === 0 && { times: Float64Array.from(cells, ({ y }) => y) }),
    ...(cells.length % 5 === 0 && { groups: Uint32Array.from(cells, (_, row) => row % 4) }),
  }
}

const cell = fc.record({
  f: fc.float(),
  d: fc.double(),
  i: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  t: fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  y: fc.double(),
  side: fc.nat({ max: 1 }),
})

test('any prepared rows through data.bin, wherever the bytes lie -> the same values', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 20 }), fc.nat({ max: 9 }), (cells, offset) => {
      const prepared = preparedOf(cells)
      const bytes = encodePrepared(prepared)
      const elsewhere = new Uint8Array(bytes.length + offset)
      elsewhere.set(bytes, offset)
      expect(decodePrepared(elsewhere.subarray(offset))).toEqual(prepared)
    }),
  )
})

test('chosen rows -> all columns of those rows, in their order', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 20 }), (cells) => {
      const chosen = selectRows(preparedOf(cells), (row) => cells[row]!.side === 1)
      expect(chosen.y).toEqual(
        Float64Array.from(
          cells.filter(({ side }) => side === 1),
          ({ y }) => y,
        ),
      )
      expect(chosen.tensors[1]!.data).toEqual(cells.filter(({ side }) => side === 1).map(({ t }) => t))
      expect(chosen.tensors[2]!.shape).toEqual([chosen.y.length, 1])
    }),
  )
})

test('more than 2 GB of typed columns -> refused before they are copied', () => {
  const prepared = preparedOf([])
  const y = new Float64Array(2 ** 28)
  expect(() => encodePrepared({ ...prepared, tensors: [], y })).toThrow(
    expect.objectContaining({ code: 'TOO_LARGE', message: expect.stringContaining('of 268435456 rows and 0 columns') }),
  )
})
