import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matrix } from '../../../../src/estimators/estimator.ts'
import { createRandom } from '../../../../src/random.ts'
import { blendOf, type Candidate, selectBlend } from '../../../../src/run/blend/ensemble.ts'
import { normals } from '../../../fixtures/draws.ts'

const rows = 60

/** Candidates that miss the truth by errors of their own. */
const candidatesOf = (seed: number, spreads: readonly number[]) => {
  const normal = normals(createRandom(seed))
  const truth = Float64Array.from({ length: rows }, () => 5 * normal())
  const candidates = spreads.map((spread): Candidate => {
    const values = truth.map((y) => y + spread * normal())
    return { margins: { rows, columns: 1, values }, sizeBytes: Math.ceil(spread * 100), latencyMs: spread }
  })
  const everyRow = Uint32Array.from(truth.keys())
  const loss = ({ values }: Matrix, on: Uint32Array): number =>
    Math.sqrt(values.reduce((sum, value, i) => sum + (value - truth[on[i]!]!) ** 2, 0) / on.length)
  return { candidates, everyRow, loss }
}

const spreadsArbitrary = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 1, maxLength: 6 })

test('any candidates -> on the rows it was chosen on, the blend is never worse than the best single', () => {
  fc.assert(
    fc.property(fc.nat(1000), spreadsArbitrary, (seed, spreads) => {
      const { candidates, everyRow, loss } = candidatesOf(seed, spreads)
      const blend = selectBlend(candidates, everyRow, loss)
      const best = Math.min(...candidates.map(({ margins }) => loss(margins, everyRow)))
      expect(loss(blendOf(candidates, blend, everyRow), everyRow)).toBeLessThanOrEqual(best * (1 + 1e-12))
      expect([...blend.values()].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      expect(selectBlend(candidates, everyRow, loss)).toEqual(blend)
    }),
    { seed: 1, numRuns: 100 },
  )
})

test('two candidates of independent errors -> the weights of the least squares blend, within a step', () => {
  const { candidates, everyRow, loss } = candidatesOf(4, [1, 1.5])
  const blend = selectBlend(candidates, everyRow, loss)
  const at = (weight: number) =>
    loss(
      blendOf(
        candidates,
        new Map([
          [0, weight],
          [1, 1 - weight],
        ]),
        everyRow,
      ),
      everyRow,
    )
  const best = Math.min(...Array.from({ length: 1001 }, (_, k) => at(k / 1000)))
  expect(at(blend.get(0)!)).toBeLessThan(best * 1.005)
})

test('any limits -> the members together stay within them', () => {
  fc.assert(
    fc.property(fc.nat(1000), spreadsArbitrary, fc.integer({ min: 50, max: 600 }), (seed, spreads, sizeBytes) => {
      const { candidates, everyRow, loss } = candidatesOf(seed, spreads)
      const blend = selectBlend(candidates, everyRow, loss, { sizeBytes })
      const size = [...blend.keys()].reduce((sum, place) => sum + candidates[place]!.sizeBytes!, 0)
      expect(size).toBeLessThanOrEqual(sizeBytes)
    }),
    { seed: 2, numRuns: 100 },
  )
})
