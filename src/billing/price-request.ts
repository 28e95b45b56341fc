import * as z from 'zod'
import { PercallError } from '../errors.ts'
import { type Nano, parseNano } from './money.ts'
import { type Price, priceUnits } from './price.ts'

const units = (words: string) => z.int(words).min(1, words).max(Number.MAX_SAFE_INTEGER, words)

const mostTiers = 20

export const priceSchema = z.strictObject({
  unit: z.enum(priceUnits, `expected ${priceUnits.join(', ')}`),
  amount: z.string(),
  minimumPerCall: z.string().default('0'),
  /** Units of a month that cost nothing. */
  freePerMonth: units('expected a whole number of units, at least 1').optional(),
  /** Lower amounts for the month's units behind a number of them. */
  tiers: z
    .array(
      z.strictObject({
        from: units('expected the number of units behind which it holds, at least 1'),
        amount: z.string(),
      }),
    )
    .min(1, 'expected at least one tier, got none')
    .max(mostTiers)
    .optional(),
  from: z.iso
    .datetime({ offset: true, error: 'expected the start of an hour such as 2026-12-01T00:00:00Z' })
    .optional(),
})

type Body = z.output<typeof priceSchema>

/** Tiers ascend, each is cheaper than the one before: a rebate is never negative. Throws BAD_PRICE. */
const tiersOf = ({ tiers = [], freePerMonth = 0 }: Body, list: Nano) => {
  let before = { from: freePerMonth, nanoPerUnit: list }
  return tiers.map(({ from, amount }, i) => {
    const nanoPerUnit = parseNano(`tiers.${i}.amount`, amount)
    if (from <= before.from)
      throw new PercallError('BAD_PRICE', `tiers.${i}.from: expected more units than ${before.from}, got ${from}`)
    if (nanoPerUnit >= before.nanoPerUnit)
      throw new PercallError('BAD_PRICE', `tiers.${i}.amount: expected less than the amount before it, got ${amount}`)
    before = { from, nanoPerUnit }
    return before
  })
}

/** What a body says of a price, all but when it begins. Throws BAD_PRICE. */
export const newPrice = (body: Body): Omit<Price, 'id' | 'model' | 'fromMs'> => {
  const { unit, amount, minimumPerCall, freePerMonth } = body
  const nanoPerUnit = parseNano('amount', amount)
  const tiers = tiersOf(body, nanoPerUnit)
  return {
    unit,
    nanoPerUnit,
    minimumPerCallNano: parseNano('minimumPerCall', minimumPerCall),
    ...(freePerMonth !== undefined && { freePerMonth }),
    ...(tiers.length > 0 && { tiers }),
  }
}
