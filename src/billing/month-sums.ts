import type { HourTotal, TotalLine } from '../ledger/totals.ts'
import type { MonthSum, PaidSum } from './invoice.ts'

/** What a month's hours come to: by model and price, and by what paid. */
export type MonthSums = { readonly sums: readonly MonthSum[]; readonly paid: readonly PaidSum[] }

const keyOf = ({ model, unit, priceId }: Pick<MonthSum, 'model' | 'unit' | 'priceId'>): string =>
  JSON.stringify([model, unit, priceId ?? null])

const add = (a: number, b: number): number => {
  const sum = a + b
  if (!Number.isSafeInteger(sum))
    throw new Error(`month: expected at most ${Number.MAX_SAFE_INTEGER} units of a price, got ${BigInt(a) + BigInt(b)}`)
  return sum
}

const emptySum = ({ model, unit, priceId }: TotalLine): MonthSum => ({
  ...{ model, unit, calls: 0, units: 0, costNano: 0n },
  ...(priceId !== undefined && { priceId }),
})

/** Totals of hours -> their sums, each sum once, exact. */
export const monthSums = (totals: readonly Pick<HourTotal, 'lines'>[]): MonthSums => {
  const sums = new Map<string, MonthSum>()
  const paid = new Map<PaidSum['by'], bigint>()
  for (const line of totals.flatMap(({ lines }) => lines)) {
    const sum = sums.get(keyOf(line)) ?? emptySum(line)
    sums.set(keyOf(line), {
      ...sum,
      calls: add(sum.calls, line.calls),
      units: add(sum.units, line.units),
      costNano: sum.costNano + line.costNano,
    })
    if (line.paidBy) paid.set(line.paidBy, (paid.get(line.paidBy) ?? 0n) + line.costNano)
  }
  return { sums: [...sums.values()], paid: [...paid].map(([by, amountNano]) => ({ by, amountNano })) }
}
