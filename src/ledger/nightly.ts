import { monthOf } from '../billing/plan.ts'
import { dayOf, type HourAt, startOfDay } from './hour.ts'
import type { HourRange } from './totals.ts'

/** By then the hours of the day before are folded, those with a batch of its evening besides. */
const nightEndsHour = 5
const dayMs = 86_400_000
const nightlyDays = 2

/**
 * What the night's reconciliation looks at: the last two days, and at the begin of a month, before its invoices, the whole
 * month before. Undefined while the night lasts.
 */
export const nightlyOf = (hourAt: HourAt, nowMs: number): (HourRange & { readonly day: string }) | undefined => {
  const now = hourAt(nowMs)
  const day = dayOf(now)
  if (Number(now.label.slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH'.length)) < nightEndsHour) return undefined
  const toMs = startOfDay(hourAt, day)
  const isBegin = day.slice('YYYY-MM-'.length) <= '02'
  const first = hourAt(toMs - nightlyDays * dayMs)
  const fromMs = startOfDay(hourAt, isBegin ? `${monthOf(first)}-01` : dayOf(first))
  return { day, fromMs, toMs }
}
