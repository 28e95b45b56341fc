import { formatNano } from '../src/billing/money.ts'
import type { Price } from '../src/billing/price.ts'

/** A price as its readers see it. */
export const priceBody = (
  { id, unit, nanoPerUnit, minimumPerCallNano, freePerMonth, tiers, fromMs }: Price,
  currency: string,
) => ({
  id,
  unit,
  amount: formatNano(nanoPerUnit),
  minimumPerCall: formatNano(minimumPerCallNano),
  ...(freePerMonth !== undefined && { freePerMonth }),
  ...(tiers && { tiers: tiers.map(({ from, nanoPerUnit }) => ({ from, amount: formatNano(nanoPerUnit) })) }),
  currency,
  // A model's first price holds at once.
  from: fromMs === 0 ? null : new Date(fromMs).toISOString(),
})
