import fc from 'fast-check'
import { expect, test } from 'vitest'
import { curveThrough, curveValues } from '../../../../src/run/blend/curve.ts'
import { isotonicBlocks } from '../../../../src/run/blend/isotonic.ts'

type Row = { readonly x: number; readonly y: number; readonly weight: number }

const rowsArbitrary = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 5 }),
    y: fc.integer({ min: 0, max: 4 }).map((k) => k / 4),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 9 },
)

const mean = (rows: readonly Row[]): number =>
  rows.reduce((sum, { y, weight }) => sum + weight * y, 0) / rows.reduce((sum, { weight }) => sum + weight, 0)

const squares = (rows: readonly Row[], value: number): number =>
  rows.reduce((sum, { y, weight }) => sum + weight * (y - value) ** 2, 0)

/** Least squares over every way to cut the distinct places into neighbouring blocks whose means do not fall. */
const bruteForce = (rows: readonly Row[]): number => {
  const places = [...new Set(rows.map(({ x }) => x))].sort((a, b) => a - b)
  let best = Number.POSITIVE_INFINITY
  for (let cuts = 0; cuts < 2 ** (places.length - 1); cuts++) {
    const blocks: Row[][] = [[]]
    places.forEach((place, k) => {
      if (k > 0 && (cuts >> (k - 1)) % 2 === 1) blocks.push([])
      blocks.at(-1)!.push(...rows.filter(({ x }) => x === place))
    })
    const means = blocks.map(mean)
    if (means.some((value, k) => k > 0 && value < means[k - 1]!)) continue
    best = Math.min(
      best,
      blocks.reduce((sum, block, k) => sum + squares(block, means[k]!), 0),
    )
  }
  return best
}

const blocksOf = (rows: readonly Row[]) =>
  isotonicBlocks(
    Float64Array.from(rows, ({ x }) => x),
    Float64Array.from(rows, ({ y }) => y),
    Float64Array.from(rows, ({ weight }) => weight),
  )

test('any rows with ties and weights -> increasing blocks, as near to y as any non-decreasing values can be', () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      const blocks = blocksOf(rows)
      blocks.forEach((block, k) => {
        if (k > 0) expect(block.value).toBeGreaterThan(blocks[k - 1]!.value)
      })
      const own = rows.reduce((sum, row) => {
        const { value } = blocks.find(({ to }) => row.x <= to)!
        return sum + squares([row], value)
      }, 0)
      expect(own).toBeCloseTo(bruteForce(rows), 10)
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('any outcomes of 0 and 1 -> a curve through the blocks that rises and never says 0 or 1', () => {
  const outcomes = fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(0, 1)), {
    minLength: 2,
    maxLength: 300,
  })
  fc.assert(
    fc.property(outcomes, (pairs) => {
      const x = Float64Array.from(pairs, ([place]) => place)
      const blocks = isotonicBlocks(
        x,
        Float64Array.from(pairs, ([, y]) => y),
      )
      const curve = curveThrough(blocks, (share) => share)
      if (curve === undefined) {
        expect(blocks.length).toBeLessThan(2)
        return
      }
      expect(curve.at.length).toBeLessThanOrEqual(100)
      curve.value.forEach((value, k) => {
        expect(value).toBeGreaterThan(k === 0 ? 0 : curve.value[k - 1]!)
        expect(value).toBeLessThan(1)
      })
      const knots = curveValues(curve, Float64Array.from(curve.at))
      knots.forEach((value, k) => {
        expect(value).toBeCloseTo(curve.value[k]!, 10)
      })
      const [below, above] = curveValues(curve, Float64Array.of(-1e9, 1e9))
      expect(below).toBe(curve.value[0])
      expect(above).toBeCloseTo(curve.value.at(-1)!, 10)
    }),
    { seed: 2, numRuns: 300 },
  )
})

test('more blocks than the graph may hold -> the lightest neighbours are pooled, order stays', () => {
  const blocks = Array.from({ length: 500 }, (_, k) => ({ at: k, to: k, value: (k + 1) / 502, weight: 1 + (k % 7) }))
  const { at, value } = curveThrough(blocks, (share) => share)!
  expect(at).toHaveLength(100)
  expect(value).toEqual(value.toSorted((a, b) => a - b))
  expect(at).toEqual(at.toSorted((a, b) => a - b))
})
