import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { featureBins, openMachine } from '../../../../src/estimators/trees/machine.ts'
import { pagesOf, planOf, roomBytes } from '../../../../src/estimators/trees/plan.ts'

const limits = { minRows: 1, minHessian: 0, minGain: 0, l2: 0, categoryRows: 1, categorySmoothing: 0 }
const shared = {
  watched: 0,
  features: 1,
  outputs: 1,
  leaves: 2,
  weighted: false,
  levels: [0],
  monotone: [],
  members: 1,
}

const missing = 255
const row = fc.record({
  // Few distinct bins, many, the first, the last and that of missing values.
  bin: fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 254 }),
    fc.constantFrom(0, 15, 16, 240, 254, missing),
  ),
  gradient: fc.integer({ min: -1000, max: 1000 }),
  hessian: fc.integer({ min: 0, max: 500 }),
})
const node = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 256 }),
  before: fc.nat(20),
  narrow: fc.boolean(),
  minRows: fc.integer({ min: 1, max: 8 }),
  l2: fc.constantFrom(0.5, 3),
  floor: fc.constantFrom(0, 50),
})

test('a node by its rows -> the cut that its histogram gives, to the bit; the room is left as zeros', () => {
  const found = new Set<number>()
  fc.assert(
    fc.property(node, ({ rows: given, before, narrow, minRows, l2, floor }) => {
      // Rows before the node's own belong to another one.
      const first = Math.min(before, given.length - 1)
      const loss = narrow ? ({ name: 'squared' } as const) : ({ name: 'binary' } as const)
      const plan = planOf({ ...shared, rows: given.length, loss, limits, reuse: true })
      expect(plan.narrow).toBe(narrow)
      const pages = pagesOf(plan)
      const machine = openMachine(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }), plan)
      const { kernels, u8, u32, f64 } = machine
      const { at, shift } = plan
      const packed = new BigInt64Array(f64.buffer, at.packed, given.length * 2)
      const order = given.map((_, i) => given.length - 1 - i)
      const bins = featureBins(machine, 0)
      for (const [place, i] of order.entries()) {
        const { bin, gradient, hessian } = given[i]!
        u32[at.order / 4 + place] = i
        u8[bins + 4 * i] = bin
        const one = 1n << BigInt(shift)
        if (narrow) packed[place] = one + BigInt(gradient)
        else packed.set([BigInt(gradient), one + BigInt(hessian)], 2 * place)
      }
      const count = 1 + Math.max(0, ...given.map(({ bin }) => (bin === missing ? 0 : bin)))
      const size = [narrow ? 1 : 0, shift, 0.1, 0.07, l2, minRows, 0, floor] as const
      const result = at.results / 8
      const cutOf = (answer: number) => (answer === 0 ? 'none' : Array.from(f64.subarray(result, result + 9)))

      const histogram = narrow ? kernels.histogram1Narrow : kernels.histogram1Wide
      histogram(bins, at.order, first, given.length, at.packed, at.histograms)
      const expected = cutOf(kernels.threshold(at.histograms, count, ...size, at.sums, at.results))
      const own = cutOf(
        kernels.thresholdOfRows(
          bins,
          count,
          at.order,
          first,
          given.length,
          at.packed,
          ...size,
          at.sums,
          at.room,
          at.results,
        ),
      )
      expect(own).toEqual(expected)
      expect(u8.subarray(at.room, at.room + roomBytes).every((byte) => byte === 0)).toBe(true)
      found.add(expected === 'none' ? -1 : Number(expected[2]))
    }),
    { numRuns: 1000, seed: 1 },
  )
  // Missing values left, right, and no cut.
  expect(found).toEqual(new Set([-1, 0, 1]))
})
