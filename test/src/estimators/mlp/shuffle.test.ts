import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shuffled } from '../../../../src/estimators/mlp/shuffle.ts'

const seed = fc.nat({ max: Number.MAX_SAFE_INTEGER })

test('any seed and epoch -> each row once, the same order each time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), seed, fc.nat({ max: 1000 }), (rows, given, epoch) => {
      const order = shuffled(rows, given, epoch)
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row))
      expect(shuffled(rows, given, epoch)).toEqual(order)
    }),
  )
})

test('another epoch, another seed, a seed beyond 32 bits -> another order', () => {
  const orders = [
    ...[0, 1, 2].map((epoch) => shuffled(50, 7, epoch)),
    ...[8, 7 + 2 ** 32].map((given) => shuffled(50, given, 0)),
  ]
  expect(new Set(orders.map((order) => order.join())).size).toBe(orders.length)
})

test('10,000 shuffles of 4 rows -> each of the 24 orders about as often', () => {
  const counts = new Map<string, number>()
  for (let epoch = 0; epoch < 10_000; epoch++) {
    const order = shuffled(4, 1, epoch).join()
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(24)
  // 10,000 / 24 = 417 with deviation 20: five of them.
  for (const count of counts.values()) expect(Math.abs(count - 10_000 / 24)).toBeLessThan(100)
})
