import type { KeptInvoice } from '../../adapters/ledger/invoice-lines.ts'
import type { ListedMonth } from '../../adapters/ledger/invoices.ts'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { type Consumer, ownerId } from '../../src/access/consumer.ts'
import { monthPattern } from '../../src/billing/adjustment.ts'
import type { InvoiceBody } from '../../src/billing/invoice-body.ts'
import { invoicePage, invoicePagePolicy } from '../../src/billing/invoice-page.ts'
import { draftInvoice } from '../../src/billing/make-invoice.ts'
import { monthOf, nextMonth } from '../../src/billing/plan.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { json, type Route, type RouteRequest, type RouteResponse } from '../route.ts'
import { requireRecord } from './consumers.ts'

type ControlRoute = Route<ControlPorts>

const requireInvoiced = async (ports: ControlPorts, id: string | undefined): Promise<Consumer> => {
  const consumer = await requireRecord(ports, id)
  if (consumer.id === ownerId)
    throw new PercallError('UNKNOWN_INVOICE', 'consumer owner: its calls are free, it has no invoices')
  return consumer
}

/** Months of which a consumer may have rows: an environment's clock may be a little early. */
export const monthsOf = ({ createdAtMs }: Consumer, { hourAt, nowMs }: Pick<ControlPorts, 'hourAt' | 'nowMs'>) => ({
  first: monthOf(hourAt(hourAt(createdAtMs).startMs - 1)),
  last: monthOf(hourAt(nowMs())),
})

const shortOf = ({ month, state, number, currency, total, due }: KeptInvoice) => ({
  month,
  state,
  ...(number !== undefined && { number }),
  currency,
  total,
  due,
})

const closedMonth = (closed: ListedMonth): string => (closed.kind === 'invoice' ? closed.body.month : closed.month)

/** Months behind the last closed one, newest first. An earlier one that is open for an adjustment is listed once it is closed. */
const openMonths = (consumer: Consumer, lastClosed: ListedMonth | undefined, ports: ControlPorts) => {
  const { first, last } = monthsOf(consumer, ports)
  const months: string[] = []
  for (let month = lastClosed ? nextMonth(closedMonth(lastClosed)) : first; month <= last; month = nextMonth(month))
    months.unshift(month)
  return months.map((month) => ({ month, state: 'draft' as const }))
}

const listOf = async (consumer: Consumer, query: URLSearchParams, ports: ControlPorts): Promise<RouteResponse> => {
  const request = parsePage(query)
  const { items, next } = await ports.listClosed(consumer.id, request)
  const drafts = request.next === undefined ? openMonths(consumer, items[0], ports) : []
  const final = items.flatMap((closed) => (closed.kind === 'invoice' ? [shortOf(closed.body)] : []))
  return json(200, { invoices: [...drafts, ...final], ...(next && { next }) })
}

const unknownInvoice = ({ id }: Consumer, month: string, why: string): PercallError =>
  new PercallError('UNKNOWN_INVOICE', `invoice of ${id} for ${month}: ${why}`)

const invoiceOf = async (consumer: Consumer, month: string, ports: ControlPorts): Promise<InvoiceBody> => {
  if (!monthPattern.test(month))
    throw new PercallError('UNKNOWN_INVOICE', `month: expected a month such as 2026-11, got ${month}`)
  const closed = await ports.readClosed(consumer.id, month)
  if (closed?.kind === 'invoice') return closed.body
  if (closed) throw unknownInvoice(consumer, month, 'nothing was used, and nothing adjusted')
  const { first, last } = monthsOf(consumer, ports)
  if (month < first || month > last) throw unknownInvoice(consumer, month, `expected a month ${first} to ${last}`)
  return draftInvoice(ports)({ consumerId: consumer.id, month }, ports.nowMs())
}

const wantsPage = (accept = ''): boolean => /text\/html/i.test(accept)

const answerOf = (invoice: InvoiceBody, { headers }: RouteRequest, { serverName }: ControlPorts): RouteResponse =>
  wantsPage(headers.accept)
    ? {
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': invoicePagePolicy,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        },
        body: invoicePage(invoice, serverName),
      }
    : json(200, invoice)

const list: ControlRoute['run'] = async ({ params, query }, ports) =>
  listOf(await requireInvoiced(ports, params.consumer), query, ports)

const show: ControlRoute['run'] = async (request, ports) => {
  const consumer = await requireInvoiced(ports, request.params.consumer)
  return answerOf(await invoiceOf(consumer, request.params.month ?? '', ports), request, ports)
}

const listOwn: ControlRoute['run'] = async ({ principal, query }, ports) =>
  listOf(await requireInvoiced(ports, principal.consumerId), query, ports)

const showOwn: ControlRoute['run'] = async (request, ports) => {
  const consumer = await requireInvoiced(ports, request.principal.consumerId)
  return answerOf(await invoiceOf(consumer, request.params.month ?? '', ports), request, ports)
}

export const invoiceRoutes = [
  { method: 'GET', path: '/api/consumers/{consumer}/invoices', access: 'owner', run: list },
  { method: 'GET', path: '/api/consumers/{consumer}/invoices/{month}', access: 'owner', run: show },
  { method: 'GET', path: '/api/me/invoices', access: 'key', scope: ['usage'], run: listOwn },
  { method: 'GET', path: '/api/me/invoices/{month}', access: 'key', scope: ['usage'], run: showOwn },
] as const satisfies readonly ControlRoute[]
