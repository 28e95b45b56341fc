import type { Price } from './price.ts'

/** From which unit of the month on a unit costs what. */
const stepsOf = ({ freePerMonth = 0, tiers = [], nanoPerUnit }: Price) => [
  { from: 0, nanoPerUnit: freePerMonth > 0 ? 0 : nanoPerUnit, kind: 'free' as const },
  ...(freePerMonth > 0 ? [{ from: freePerMonth, nanoPerUnit, kind: 'tier' as const }] : []),
  ...tiers.map((tier) => ({ ...tier, kind: 'tier' as const })),
]

/** What a month's units of one price get back: so many units, so much for each. */
export type Rebate = {
  /** Units that cost nothing, or those behind a number of them. */
  readonly kind: 'free' | 'tier'
  /** Units of the month behind which it holds. */
  readonly from: number
  readonly units: bigint
  readonly nanoPerUnit: bigint
}

/**
 * What an invoice gives back of the list prices of a month's units: the free ones, and the difference of each tier, in the
 * order of the units. `before`: units of the month that came earlier, under another price. Minimums of calls are not given back.
 */
export const rebatesOf = (price: Price, units: number, before = 0): readonly Rebate[] => {
  const steps = stepsOf(price)
  const end = BigInt(before) + BigInt(units)
  return steps.flatMap(({ kind, from, nanoPerUnit }, i) => {
    const next = steps[i + 1]
    const first = BigInt(Math.max(from, before))
    const last = next && BigInt(next.from) < end ? BigInt(next.from) : end
    const back = BigInt(price.nanoPerUnit) - BigInt(nanoPerUnit)
    return last > first && back > 0n ? [{ kind, from, units: last - first, nanoPerUnit: back }] : []
  })
}

/** The sum of those rebates, in nano. */
export const rebateOf = (price: Price, units: number, before = 0): bigint =>
  rebatesOf(price, units, before).reduce((sum, { units: count, nanoPerUnit }) => sum + count * nanoPerUnit, 0n)
