import type { Invoice, InvoiceLine, InvoicePayment } from './invoice.ts'
import { formatNano } from './money.ts'
import type { PriceUnit } from './price.ts'

/** A line as JSON: amounts are decimals in the deployment's currency, exact; units are decimal texts. */
export type InvoiceLineBody = {
  readonly kind: InvoiceLine['kind']
  readonly model?: string
  readonly price?: string
  readonly unit?: PriceUnit
  readonly calls?: number
  readonly from?: number
  readonly units?: string
  readonly unitPrice?: string
  readonly id?: string
  readonly memo?: string
  readonly amount: string
}

/** An invoice as the API answers it and as the ledger keeps it. */
export type InvoiceBody = {
  readonly consumer: string
  readonly month: string
  readonly state: Invoice['state']
  readonly number?: number
  readonly currency: string
  readonly from: string
  readonly to: string
  readonly madeAt: string
  readonly lines: readonly InvoiceLineBody[]
  readonly total: string
  readonly paid: readonly { readonly by: InvoicePayment['by']; readonly amount: string }[]
  readonly due: string
}

const lineBody = (line: InvoiceLine): InvoiceLineBody => {
  const amount = formatNano(line.amountNano)
  if (line.kind === 'adjustment') return { kind: line.kind, id: line.id, memo: line.memo, amount }
  const of = { kind: line.kind, model: line.model, ...(line.priceId !== undefined && { price: line.priceId }) }
  if (line.kind === 'minimum') return { ...of, amount }
  const counted = { unit: line.unit, units: String(line.units), unitPrice: formatNano(line.nanoPerUnit), amount }
  return line.kind === 'usage' ? { ...of, calls: line.calls, ...counted } : { ...of, from: line.from, ...counted }
}

const iso = (ms: number): string => new Date(ms).toISOString()

export const invoiceBody = (invoice: Invoice): InvoiceBody => ({
  consumer: invoice.consumerId,
  month: invoice.month,
  state: invoice.state,
  ...(invoice.number !== undefined && { number: invoice.number }),
  currency: invoice.currency,
  from: iso(invoice.fromMs),
  to: iso(invoice.toMs),
  madeAt: iso(invoice.madeAtMs),
  lines: invoice.lines.map(lineBody),
  total: formatNano(invoice.totalNano),
  paid: invoice.paid.map(({ by, amountNano }) => ({ by, amount: formatNano(amountNano) })),
  due: formatNano(invoice.dueNano),
})
