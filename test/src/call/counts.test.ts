import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addCall,
  boundOf,
  bucketOf,
  type Counts,
  countsOf,
  type Ended,
  failedOf,
  mergeCounts,
  noCounts,
  percentileMs,
  tallyFrom,
} from '../../../src/call/counts.ts'

const ms = fc.double({ min: 0, max: 900_000, noNaN: true })
const ended: fc.Arbitrary<Ended> = fc.record({
  atMs: fc.integer({ min: 0, max: 2e12 }),
  durationMs: ms,
  outcome: fc.oneof(
    fc.record({
      kind: fc.constant('ok' as const),
      rows: fc.nat(1000),
      cold: fc.boolean(),
      parseMs: ms,
      queueMs: ms,
      inferMs: ms,
    }),
    fc.record({ kind: fc.constant('failed' as const), code: fc.constantFrom('BAD_JSON', 'INTERNAL', 'TOO_LARGE') }),
  ),
})
const count = (all: readonly Ended[]): Counts => {
  const tally = tallyFrom(noCounts)
  for (const one of all) addCall(tally, one)
  return tally
}

/** Sums of floating-point numbers depend on their order in the last digits. */
const rounded = (counts: Counts) =>
  JSON.parse(JSON.stringify(counts), (_, value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value))

test('calls spread over environments -> merged in any order, the counts of all of them', () => {
  fc.assert(
    fc.property(fc.array(fc.array(ended, { maxLength: 20 }), { maxLength: 6 }), (environments) => {
      const merged = environments.map(count).reduce((sum, one) => mergeCounts(one, sum), noCounts)
      expect(rounded(merged)).toEqual(rounded(count(environments.flat())))
      const all = environments.flat()
      expect(merged.begun).toBe(all.length)
      expect(merged.ok + failedOf(merged)).toBe(all.length)
      expect(merged.lastAtMs).toBe(Math.max(0, ...all.map(({ atMs }) => atMs)))
    }),
  )
})

test('any share of any times -> not below the exact percentile by nearest rank, and less than a bucket above it', () => {
  const times = fc.array(fc.double({ min: 0.01, max: 900_000, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (durations, share) => {
      const outcome = { kind: 'ok', rows: 1, cold: false, parseMs: 0, queueMs: 0, inferMs: 0 } as const
      const counts = count(durations.map((durationMs) => ({ atMs: 1, durationMs, outcome })))
      const sorted = durations.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!
      const found = percentileMs(counts, share)!
      // One part in 10^12 for the logarithm.
      expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-12))
      expect(found).toBeLessThan(exact * 2 ** 0.25 * (1 + 1e-12))
    }),
  )
})

test.for([
  [0, -26],
  [0.01, -26],
  [1, 0],
  [1.1, 1],
  [2, 4],
  [1000, 40],
] as const)('%d ms -> bucket %d, whose bound is not below it', ([durationMs, bucket]) => {
  expect(bucketOf(durationMs)).toBe(bucket)
  expect(boundOf(bucket)).toBeGreaterThanOrEqual(durationMs)
})

test('pages of several consumers -> all of them, or one alone; a consumer that never called has none', () => {
  const page = { a: { ...noCounts, ok: 1 }, b: { ...noCounts, ok: 2 } }
  expect(countsOf([page, page]).ok).toBe(6)
  expect(countsOf([page, page], 'b').ok).toBe(4)
  for (const stranger of ['c', 'constructor', 'toString']) expect(countsOf([page], stranger)).toEqual(noCounts)
  expect(percentileMs(noCounts, 0.5)).toBeUndefined()
})
