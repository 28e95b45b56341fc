import type { InvoiceSources } from '../../src/billing/make-invoice.ts'
import type { Table } from '../aws/table.ts'
import { listAdjustments, putAdjustment } from '../ledger/adjustments.ts'
import { listClosed, readClosed } from '../ledger/invoices.ts'
import { sha256 } from '../ledger/ledger.ts'
import { readLive } from '../ledger/live-totals.ts'
import { listPrices } from '../ledger/prices.ts'
import { listTotals, listUnfolded } from '../ledger/totals.ts'
import { billingHours } from './ledger.ts'
import { billingCurrency, underCurrency } from './terms.ts'
import { documents, registry, setting } from './wiring.ts'

/** What invoices are made of. */
export const invoiceSources = (ledger: Table): InvoiceSources => ({
  hourAt: billingHours().hourAt,
  currency: billingCurrency(),
  listTotals: listTotals(ledger),
  listPrices: listPrices(registry()),
  listAdjustments: listAdjustments(ledger),
})

/** Invoices and adjustments as the control plane reads and writes them. */
export const invoicePorts = () => {
  const ledger = { documents: documents(), table: setting('PERCALL_LEDGER_TABLE') }
  return {
    listTotals: listTotals(ledger),
    listUnfolded: listUnfolded(ledger, billingHours().hourAt),
    readLive: readLive(ledger),
    readClosed: readClosed(ledger),
    listClosed: listClosed(ledger),
    listAdjustments: listAdjustments(ledger),
    putAdjustment: underCurrency(putAdjustment(ledger, registry().table)),
    sha256,
  }
}
