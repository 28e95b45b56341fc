import type { Client } from './client.ts'

/** A difference between rows and what is billed; `chain` holds the row at fault. */
export type DifferenceBody = {
  readonly kind: string
  readonly hour?: string
  readonly consumer?: string
  readonly chain?: string
  readonly text: string
}

export type ReconciliationBody = {
  readonly id: string
  readonly state: 'running' | 'succeeded' | 'failed'
  readonly by: string
  readonly from: string
  readonly to: string
  readonly createdAt: string
  readonly endedAt?: string
  readonly hours: number
  readonly rows: number
  readonly found: number
  readonly differences: readonly DifferenceBody[]
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string }
}

/** Begins to compare rows with what is billed, of the current month by default. */
export const beginReconciliation = async (
  { request }: Client,
  days: { readonly from?: string; readonly to?: string } = {},
): Promise<ReconciliationBody> =>
  (await request<ReconciliationBody>('POST', '/api/reconciliations', { body: days, repeatable: true })).body

export const getReconciliation = async ({ request }: Client, id: string): Promise<ReconciliationBody> =>
  (await request<ReconciliationBody>('GET', `/api/reconciliations/${encodeURIComponent(id)}`)).body
