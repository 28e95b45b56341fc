import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cut, cutShards } from '../../../src/batch/cut-shards.ts'

const all = async (cuts: AsyncIterable<Cut>): Promise<readonly Cut[]> => {
  const found: Cut[] = []
  for await (const cut of cuts) found.push(cut)
  return found
}

const bytesOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)

const bounds = fc.record({ mostRows: fc.integer({ min: 1, max: 7 }), mostBytes: fc.integer({ min: 1, max: 40 }) })
const lines = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 60 })

test('any lines under any bounds -> shards numbered from 1 whose lines one after another are the input, each within its bounds', async () => {
  await fc.assert(
    fc.asyncProperty(lines, bounds, async (input, most) => {
      const cuts = await all(cutShards(input, most))
      expect(cuts.flatMap((cut) => cut.lines)).toEqual(input)
      let row = 1
      for (const [place, { number, firstRow, lines: own }] of cuts.entries()) {
        expect({ number, firstRow }).toEqual({ number: place + 1, firstRow: row })
        expect(own.length).toBeGreaterThan(0)
        expect(own.length).toBeLessThanOrEqual(most.mostRows)
        expect(own.length === 1 || bytesOf(own) <= most.mostBytes).toBe(true)
        row += own.length
      }
    }),
  )
})

test('no line -> no shard', async () => {
  expect(await all(cutShards([], { mostRows: 2, mostBytes: 10 }))).toEqual([])
})
