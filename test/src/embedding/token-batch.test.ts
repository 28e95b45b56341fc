import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchesOf } from '../../../src/embedding/token-batch.ts'

const idsOf = (lengths: readonly number[]) => lengths.map((length) => Array.from({ length }, (_, i) => i))

const widths = (lengths: readonly number[], fixedWidth?: number) =>
  batchesOf(idsOf(lengths), fixedWidth).map(({ texts, rows }) => `${texts.length} x ${rows.width}`)

test.for<[string, readonly number[], number | undefined, readonly string[]]>([
  ['a text', [7], undefined, ['1 x 7']],
  ['few texts', [7, 3, 512], undefined, ['3 x 512']],
  ['few texts of a fixed width', [7, 3], 128, ['2 x 128']],
  ['9 texts of 512 tokens', Array(9).fill(512), undefined, ['8 x 512', '1 x 512']],
  ['one long text among short ones', [...Array(40).fill(10), 400], undefined, ['10 x 400', '31 x 10']],
  ['a text longer than a run', [8192], undefined, ['1 x 8192']],
  ['three of them', [8192, 5, 8000], undefined, ['1 x 8192', '1 x 8000', '1 x 5']],
  ['2,048 texts of 64 tokens', Array(2048).fill(64), undefined, Array(32).fill('64 x 64')],
])('%s -> these runs', ([, lengths, fixedWidth, expected]) => {
  expect(widths(lengths, fixedWidth)).toEqual(expected)
})

test('few texts -> in their own order', () => {
  expect(batchesOf(idsOf([3, 9, 1]))[0]!.texts).toEqual([0, 1, 2])
})

test.for<[string, readonly number[], RegExp]>([
  ['2,049 texts of 64 tokens', Array(2049).fill(64), /at most 131072 tokens in one call, .* got 131136/],
  ['a text of 32,769 tokens', [1, 32_769], /at most 32768 tokens in one text, got 32769/],
])('%s -> TOO_LARGE with both numbers', ([, lengths, message]) => {
  expect(() => batchesOf(idsOf(lengths))).toThrow(
    expect.objectContaining({ code: 'TOO_LARGE', message: expect.stringMatching(message) }),
  )
})

test('any texts -> each in one run, wide enough for it, and runs of at most 4,096 places or one text', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(lengths, (some) => {
      const ids = idsOf(some)
      fc.pre(some.reduce((sum, length) => sum + length, 0) < 100_000)
      const batches = batchesOf(ids)
      expect(batches.flatMap(({ texts }) => texts).toSorted((a, b) => a - b)).toEqual(some.map((_, text) => text))
      for (const { texts, rows } of batches) {
        expect(rows.ids).toEqual(texts.map((text) => ids[text]))
        expect(rows.width).toBe(Math.max(...rows.ids.map(({ length }) => length)))
        expect(texts.length === 1 || texts.length * rows.width <= 4096).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})
