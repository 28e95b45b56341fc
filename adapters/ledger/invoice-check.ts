import { invoiceBody } from '../../src/billing/invoice-body.ts'
import {
  checkInvoices,
  type InvoiceCheckPorts,
  type InvoiceDifference,
  type KeptMonth,
} from '../../src/billing/invoice-check.ts'
import { closedInvoice, type InvoiceSources, monthRange } from '../../src/billing/make-invoice.ts'
import type { Difference, ReconcileInvoices } from '../../src/ledger/difference.ts'
import type { HourRange } from '../../src/ledger/totals.ts'
import { consumerIdsAfter } from '../access/consumer-ids.ts'
import type { Table } from '../aws/table.ts'
import { withLines } from './invoice-lines.ts'
import { type ListedMonth, lastNumber, listClosed, listNumbers } from './invoices.ts'

const mostAtOnce = 100

const listedOf = (ledger: Table, consumerId: string) =>
  async function* () {
    let next: string | undefined
    do {
      const page = await listClosed(ledger)(consumerId, { limit: mostAtOnce, ...(next !== undefined && { next }) })
      for (const closed of page.items)
        yield { closed, month: closed.kind === 'invoice' ? closed.body.month : closed.month }
      next = page.next
    } while (next !== undefined)
  }

/** Lines that cannot be read are a difference, not an end of the check. */
const keptOf = async (ledger: Table, consumerId: string, month: string, closed: ListedMonth): Promise<KeptMonth> => {
  if (closed.kind === 'nothing') return { consumerId, month }
  try {
    return { consumerId, month, body: await withLines(ledger)(closed.body) }
  } catch (thrown) {
    const unreadable = thrown instanceof Error ? thrown.message : String(thrown)
    return { consumerId, month, body: { ...closed.body, lines: [] }, unreadable }
  }
}

/** Of all consumers; newest first, so that earlier months are not read. */
const keptMonths = (registry: Table, ledger: Table, covers: (month: string) => boolean) =>
  async function* (): AsyncGenerator<KeptMonth> {
    let ids: readonly string[] = []
    do {
      ids = await consumerIdsAfter(registry)(ids.at(-1), mostAtOnce)
      for (const consumerId of ids) {
        let found = false
        for await (const { closed, month } of listedOf(ledger, consumerId)()) {
          if (covers(month)) yield await keptOf(ledger, consumerId, month, closed)
          else if (found) break
          found ||= covers(month)
        }
      }
    } while (ids.length > 0)
  }

export type InvoiceCheckPlace = {
  readonly ledger: Table
  readonly registry: Table
  /** `listTotals` of rows that were summed anew checks invoices against rows. */
  readonly sources: InvoiceSources
}

const checkPorts = (
  { ledger, registry, sources }: InvoiceCheckPlace,
  { fromMs, toMs }: HourRange,
): InvoiceCheckPorts => {
  const covers = (month: string): boolean => {
    const of = monthRange(sources.hourAt, month)
    return of.fromMs < toMs && of.toMs > fromMs
  }
  return {
    covers,
    keptMonths: keptMonths(registry, ledger, covers),
    makeNow: async (consumerId, month) => {
      const { invoice } = await closedInvoice(sources)({ consumerId, month }, 0)
      return invoiceBody({ ...invoice, state: 'final' })
    },
    lastNumber: lastNumber(ledger),
    numbered: listNumbers(ledger),
  }
}

const differenceOf = ({ consumer, month, what, expected, got }: InvoiceDifference): Difference => ({
  kind: 'invoice differs',
  ...(consumer !== undefined && { consumer }),
  text: `${month === undefined ? '' : `${month} `}${what}: expected ${expected}, got ${got}`,
})

/** Makes the closed months of a range anew from their totals, which are compared with rows before, and compares. */
export const reconcileInvoices =
  (place: InvoiceCheckPlace): ReconcileInvoices =>
  async (range) =>
    (await checkInvoices(checkPorts(place, range))).map(differenceOf)
