import type { Hour, HourAt } from '../ledger/hour.ts'
import { startOfDay } from '../ledger/hour.ts'
import type { HourRange, HourTotal, ListTotals, ListUnfolded } from '../ledger/totals.ts'
import type { Adjustment } from './adjustment.ts'
import { type Invoice, invoiceAmounts } from './invoice.ts'
import { type InvoiceBody, invoiceBody } from './invoice-body.ts'
import { monthSums } from './month-sums.ts'
import { nextMonth } from './plan.ts'
import type { Price } from './price.ts'

/** Of a consumer's month: the adjustments on its invoice, and how many the ledger has counted. */
export type MonthAdjustments = { readonly adjustments: readonly Adjustment[]; readonly count: number }

/** What an invoice is made of. */
export type InvoiceSources = {
  readonly hourAt: HourAt
  readonly currency: string
  readonly listTotals: ListTotals
  readonly listPrices: (model: string) => Promise<readonly Price[]>
  readonly listAdjustments: (consumerId: string, month: string) => Promise<MonthAdjustments>
}

export type DraftSources = InvoiceSources & {
  readonly listUnfolded: ListUnfolded
  /** What rows of hours that are not folded come to now. */
  readonly readLive: (consumerId: string, hours: readonly Hour[]) => Promise<readonly HourTotal[]>
}

/** The first instant of a month of the billing zone, and the first behind it. */
export const monthRange = (hourAt: HourAt, month: string): HourRange => ({
  fromMs: startOfDay(hourAt, `${month}-01`),
  toMs: startOfDay(hourAt, `${nextMonth(month)}-01`),
})

type Of = { readonly consumerId: string; readonly month: string }

/** An invoice of these totals. */
const invoiceOf =
  ({ hourAt, currency, listPrices, listAdjustments }: Omit<InvoiceSources, 'listTotals'>) =>
  async ({ consumerId, month }: Of, totals: readonly Pick<HourTotal, 'lines'>[], nowMs: number) => {
    const { sums, paid } = monthSums(totals)
    const models = [...new Set(sums.flatMap(({ model, priceId }) => (priceId === undefined ? [] : [model])))]
    const prices = (await Promise.all(models.map(listPrices))).flat()
    const { adjustments, count } = await listAdjustments(consumerId, month)
    const amounts = invoiceAmounts(sums, prices, adjustments, paid)
    const { fromMs, toMs } = monthRange(hourAt, month)
    const invoice: Invoice = { consumerId, month, state: 'draft', currency, fromMs, toMs, madeAtMs: nowMs, ...amounts }
    return { invoice, count }
  }

/** The draft of a month as it is now: folded hours by their totals, the others by their rows. */
export const draftInvoice =
  (sources: DraftSources) =>
  async (of: Of, nowMs: number): Promise<InvoiceBody> => {
    const range = monthRange(sources.hourAt, of.month)
    // First: an hour that is folded in between is counted by its rows alone.
    const open = await sources.listUnfolded(range, of.consumerId)
    const labels = new Set(open.map(({ label }) => label))
    const folded = await sources.listTotals(of.consumerId, range)
    const live = await sources.readLive(of.consumerId, open)
    const totals = [...folded.filter(({ hour }) => !labels.has(hour)), ...live]
    return invoiceBody((await invoiceOf(sources)(of, totals, nowMs)).invoice)
  }

/** The invoice of a month whose hours are all folded, without its number; `count` of adjustments that are in it. */
export const closedInvoice =
  (sources: InvoiceSources) =>
  async (of: Of, nowMs: number): Promise<{ readonly invoice: Invoice; readonly count: number }> => {
    const totals = await sources.listTotals(of.consumerId, monthRange(sources.hourAt, of.month))
    return invoiceOf(sources)(of, totals, nowMs)
  }
