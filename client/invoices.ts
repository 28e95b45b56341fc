import type { Page } from './bodies.ts'
import type { Client } from './client.ts'
import { newKey } from './idempotency-key.ts'
import type { PageQuery } from './paging.ts'

/** An amount is an exact decimal in the deployment's currency; drafts of a list have none. */
export type InvoiceSummaryBody = {
  readonly month: string
  readonly state: 'draft' | 'final'
  readonly number?: number
  readonly currency?: string
  readonly total?: string
  readonly due?: string
}

export type InvoiceLineBody = {
  readonly kind: 'usage' | 'minimum' | 'free' | 'tier' | 'adjustment'
  readonly model?: string
  readonly price?: string
  readonly unit?: string
  readonly calls?: number
  /** Units of the month behind which a tier holds. */
  readonly from?: number
  readonly units?: string
  /** Of a rebate: what each unit gets back. */
  readonly unitPrice?: string
  readonly id?: string
  readonly memo?: string
  readonly amount: string
}

export type InvoiceBody = Required<Pick<InvoiceSummaryBody, 'month' | 'state' | 'currency' | 'total' | 'due'>> & {
  readonly consumer: string
  readonly number?: number
  readonly from: string
  readonly to: string
  readonly madeAt: string
  readonly lines: readonly InvoiceLineBody[]
  readonly paid: readonly { readonly by: 'free' | 'prepaid'; readonly amount: string }[]
}

export type AdjustmentBody = {
  readonly id: string
  readonly month: string
  readonly amount: string
  readonly memo: string
  readonly actor: string
  readonly createdAt: string
}

const folderOf = (consumer: string | undefined): string =>
  consumer === undefined ? '/api/me' : `/api/consumers/${encodeURIComponent(consumer)}`

/** Invoices of a consumer, or of the calling key's own. */
export const listInvoices = async (
  { request }: Client,
  consumer: string | undefined,
  query: PageQuery = {},
): Promise<Page<'invoices', InvoiceSummaryBody>> =>
  (await request<Page<'invoices', InvoiceSummaryBody>>('GET', `${folderOf(consumer)}/invoices`, { query })).body

export const getInvoice = async (
  { request }: Client,
  consumer: string | undefined,
  month: string,
): Promise<InvoiceBody> =>
  (await request<InvoiceBody>('GET', `${folderOf(consumer)}/invoices/${encodeURIComponent(month)}`)).body

/** The printable page of an invoice. */
export const getInvoicePage = async (
  { request }: Client,
  consumer: string | undefined,
  month: string,
): Promise<Uint8Array> => {
  const path = `${folderOf(consumer)}/invoices/${encodeURIComponent(month)}`
  return (await request<Uint8Array>('GET', path, { headers: { accept: 'text/html' }, as: 'bytes' })).body
}

export type NewAdjustment = { readonly amount: string; readonly memo: string; readonly month?: string }

/** Adds to an invoice or takes away, once for the key. */
export const adjustInvoice = async (
  { request }: Client,
  consumer: string,
  body: NewAdjustment,
  idempotencyKey = newKey(),
): Promise<AdjustmentBody> =>
  (await request<AdjustmentBody>('POST', `${folderOf(consumer)}/adjustments`, { body, idempotencyKey })).body
