import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { leastMasks, type PermutationPlan, planPermutation } from '../../../src/explain/permutation.ts'
import { createRandom } from '../../../src/random.ts'
import { type Game, shapley } from './brute-force.ts'

const madeGame = (players: number, seed: number): Game => {
  const random = createRandom(seed)
  const worth = Float64Array.from({ length: 2 ** players }, () => random() * 10 - 5)
  return (mask) => worth[mask]!
}

const played = ({ masks, read }: PermutationPlan, players: number, game: Game) => {
  const numberOf = (mask: Uint8Array): number => mask.reduce((sum, bit, j) => sum + bit * 2 ** j, 0)
  return read(
    Float64Array.from(masks, (mask) => game(numberOf(mask))),
    game(0),
    game(2 ** players - 1),
  )
}

test.for([1, 2, 3, 5, 8, 10])(
  'given room for all masks of %i columns, values are those of all subsets, without errors',
  (players) => {
    const game = madeGame(players, players)
    const { values, standardErrors } = played(planPermutation(players, 2 ** players, 0), players, game)
    shapley(players, game).forEach((value, j) => {
      expect(Math.abs(values[j]! - value)).toBeLessThan(1e-10)
    })
    expect(standardErrors).toBeUndefined()
  },
)

test('given permutations, values add up, errors cover the exact ones, and the same seed gives the same', () => {
  const players = 9
  const game = madeGame(players, 5)
  const exact = shapley(players, game)
  let within = 0
  for (let seed = 0; seed < 20; seed++) {
    const plan = planPermutation(players, 2 + 16 * 30, seed)
    expect(plan.masks).toHaveLength(16 * 30)
    const { values, standardErrors } = played(plan, players, game)
    expect(values.reduce((sum, value) => sum + value, game(0))).toBeCloseTo(game(511), 9)
    exact.forEach((value, j) => {
      if (Math.abs(value - values[j]!) <= 2 * standardErrors![j]!) within += 1
    })
    expect(planPermutation(players, 2 + 16 * 30, seed).masks).toEqual(plan.masks)
  }
  // Two standard errors hold 95 % of 180 values, 171, with a deviation of 3.
  expect(within).toBeGreaterThan(160)
  expect(within).toBeLessThan(179)
})

/** A sum of effects of single columns and of pairs, which antithetic permutations know exactly (Mitchell et al. 2022). */
test('given effects of pairs at most, one permutation and its reverse are exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 1e6 }), (players, seed) => {
      const random = createRandom(seed)
      const effects = Array.from({ length: players * players }, () => random() - 0.5)
      const game: Game = (mask) =>
        effects.reduce((sum, effect, at) => {
          const [i, j] = [Math.floor(at / players), at % players]
          return mask & (1 << i) && mask & (1 << j) ? sum + effect : sum
        }, 1)
      const { values, standardErrors } = played(planPermutation(players, leastMasks(players), seed), players, game)
      // Nobody can tell from one pair that it is exact; two columns have no other masks.
      expect(standardErrors).toBe(players === 2 ? undefined : null)
      shapley(players, game).forEach((value, j) => {
        expect(Math.abs(values[j]! - value)).toBeLessThan(1e-10)
      })
    }),
    { numRuns: 30 },
  )
})
