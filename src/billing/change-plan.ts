import type { Consumer } from '../access/consumer.ts'
import type { Nano } from './money.ts'
import { amountIn, changeFrom, type MonthlyFrom, type Plan, payer } from './plan.ts'

/** By how much a month's item moves. */
export type MonthChange = { readonly id: string; readonly month: string; readonly byNano: number }

export type PlanChange = { readonly plan?: Plan; readonly capNano?: Nano; readonly freeNano?: Nano }

const moved = (
  { id, months = [] }: Consumer,
  kind: 'capped' | 'free',
  before: readonly MonthlyFrom[] | undefined,
  after: readonly MonthlyFrom[] | undefined,
): readonly MonthChange[] =>
  [...new Set(months.map((name) => name.split('/')[1] ?? ''))].flatMap((month) => {
    const item = payer(kind, id, month).id
    const byNano = (amountIn(after, month) ?? 0) - (amountIn(before, month) ?? 0)
    return months.includes(item) && byNano !== 0 ? [{ id: item, month, byNano }] : []
  })

/** The record with another plan, and what that does to the items of the months that were made, from this month on. */
export const changePlan = (
  consumer: Consumer,
  { plan, capNano, freeNano }: PlanChange,
  month: string,
): { readonly after: Consumer; readonly months: readonly MonthChange[] } => {
  const caps = capNano === undefined ? consumer.caps : changeFrom(consumer.caps, month, capNano)
  const free = freeNano === undefined ? consumer.free : changeFrom(consumer.free, month, freeNano)
  return {
    after: {
      ...consumer,
      ...(plan && { plan }),
      ...(caps && { caps }),
      ...(free && { free }),
      revision: consumer.revision + 1,
    },
    months: [...moved(consumer, 'capped', consumer.caps, caps), ...moved(consumer, 'free', consumer.free, free)],
  }
}
