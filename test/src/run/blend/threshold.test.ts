import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseThreshold, type ThresholdRule } from '../../../../src/run/blend/threshold.ts'

type Row = { readonly y: 0 | 1; readonly p: number; readonly weight: number }

const rowsArbitrary = fc.array(
  fc.record({
    y: fc.constantFrom<0 | 1>(0, 1),
    p: fc.integer({ min: 0, max: 10 }).map((k) => k / 10),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 2, maxLength: 30 },
)

const badness = (rule: ThresholdRule, rows: readonly Row[], threshold: number): number => {
  const sum = (keep: (row: Row) => boolean) => rows.filter(keep).reduce((total, { weight }) => total + weight, 0)
  const found = sum(({ y, p }) => y === 1 && p >= threshold)
  const wrong = sum(({ y, p }) => y === 0 && p >= threshold)
  const missed = sum(({ y, p }) => y === 1 && p < threshold)
  if (rule.kind === 'cost') return rule.costs[0] * wrong + rule.costs[1] * missed
  return found === 0 ? 0 : -(2 * found) / (2 * found + wrong + missed)
}

const rules: readonly ThresholdRule[] = [
  { kind: 'f1' },
  { kind: 'cost', costs: [1, 1] },
  { kind: 'cost', costs: [5, 1] },
  { kind: 'cost', costs: [1, 20] },
]

test.for(rules.map((rule) => [JSON.stringify(rule), rule] as const))(
  'any probabilities, rule %s -> no threshold does better',
  ([, rule]) => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        fc.pre(rows.some(({ y }) => y === 0) && rows.some(({ y }) => y === 1))
        const threshold = chooseThreshold(
          rule,
          Float64Array.from(rows, ({ y }) => y),
          Float64Array.from(rows, ({ p }) => p),
          Float64Array.from(rows, ({ weight }) => weight),
        )
        const every = [0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.1]
        const best = Math.min(...every.map((one) => badness(rule, rows, one)))
        expect(badness(rule, rows, threshold)).toBeCloseTo(best, 12)
        // Half-way between two probabilities: rounding moves no label.
        for (const { p } of rows) expect(Math.abs(p - threshold)).toBeGreaterThan(threshold === 0 ? -1 : 1e-3)
      }),
      { seed: 1, numRuns: 300 },
    )
  },
)

test('one class only -> 0.5', () => {
  expect(chooseThreshold({ kind: 'f1' }, Float64Array.of(1, 1), Float64Array.of(0.2, 0.3))).toBe(0.5)
})
