import { adjustmentAnswer, adjustmentsAnswer, invoiceAnswer, invoicesAnswer } from '../../src/answers/billing.ts'
import { exportsAnswer } from '../../src/answers/exports.ts'
import { adjustmentSchema } from '../../src/billing/adjustment.ts'
import type { adjustmentRoutes } from '../control/adjustments.ts'
import { type exportRoutes, stripeKeySchema } from '../control/exports.ts'
import type { invoiceRoutes } from '../control/invoices.ts'
import type { usageCsvRoutes } from '../control/usage-csv.ts'
import { json, type Operations } from './operation.ts'

const invoice = { content: { ...json(invoiceAnswer), 'text/html': 'text' } } as const

/** Invoices, what is added to them, and exports. */
export const invoiceOperations: Operations<typeof invoiceRoutes> &
  Operations<typeof adjustmentRoutes> &
  Operations<typeof exportRoutes> &
  Operations<typeof usageCsvRoutes> = {
  'GET /api/consumers/{consumer}/invoices': {
    summary: 'Invoices of a consumer, newest first: drafts of open months, final ones with their numbers.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(invoicesAnswer) } },
    errors: ['UNKNOWN_CONSUMER', 'UNKNOWN_INVOICE'],
  },
  'GET /api/consumers/{consumer}/invoices/{month}': {
    summary: 'The invoice of a month; a printable page where Accept has text/html.',
    answers: { 200: invoice },
    errors: ['UNKNOWN_CONSUMER', 'UNKNOWN_INVOICE'],
  },
  'GET /api/me/invoices': {
    summary: "Invoices of the calling key's consumer.",
    query: ['limit', 'next'],
    answers: { 200: { content: json(invoicesAnswer) } },
    errors: ['UNKNOWN_INVOICE'],
  },
  'GET /api/me/invoices/{month}': {
    summary: 'One of them, as JSON or as a printable page.',
    answers: { 200: invoice },
    errors: ['UNKNOWN_INVOICE'],
  },
  'GET /api/consumers/{consumer}/adjustments': {
    summary: 'What was added to invoices of a consumer, or taken away.',
    answers: { 200: { content: json(adjustmentsAnswer) } },
    errors: ['UNKNOWN_CONSUMER'],
  },
  'POST /api/consumers/{consumer}/adjustments': {
    summary: 'Adds an amount to an invoice that is not final, or takes it away; once for its Idempotency-Key.',
    request: json(adjustmentSchema),
    headers: ['Idempotency-Key', 'Content-Encoding'],
    answers: {
      200: { description: 'It was made before.', content: json(adjustmentAnswer) },
      201: { content: json(adjustmentAnswer) },
    },
    errors: ['UNKNOWN_CONSUMER', 'CONFLICT', 'BAD_PRICE', 'IDEMPOTENCY_KEY_REUSED'],
  },
  'GET /api/exports': {
    summary: 'Where usage is exported to, how far each receiver is told of it, and what it refused.',
    answers: { 200: { content: json(exportsAnswer) } },
  },
  'GET /api/exports/usage.csv': {
    summary: 'Usage of all consumers as CSV, page by page: all pages one after another are the file.',
    query: ['from', 'to', 'detail', 'next'],
    headers: ['Accept-Encoding'],
    answers: { 200: { content: { 'text/csv': 'text' }, headers: ['Link'] } },
    errors: ['BAD_REQUEST'],
  },
  'PUT /api/exports/stripe/key': {
    summary: 'Sets the key that meter events are sent to Stripe with; nothing answers it again.',
    request: json(stripeKeySchema),
    headers: ['Content-Encoding'],
    answers: { 204: {} },
  },
}
