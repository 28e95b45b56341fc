import type { ConsumerBody } from './bodies.ts'
import type { Client } from './client.ts'

export type ExportBody = {
  readonly name: string
  readonly on: boolean
  /** Folded hours that are sent, of `folded`. */
  readonly done: number
  readonly folded: number
  readonly refused: readonly { readonly id: string; readonly reason: string }[]
}

/** Where usage is exported to, and how far. */
export const listExports = async ({ request }: Client): Promise<readonly ExportBody[]> =>
  (await request<{ readonly exports: readonly ExportBody[] }>('GET', '/api/exports')).body.exports

/** Sets the key that events are sent to Stripe with. */
export const putStripeKey = async ({ request }: Client, key: string): Promise<void> => {
  await request('PUT', '/api/exports/stripe/key', { body: { key } })
}

/** Who a consumer is at receivers of exports; null takes an id away. */
export const changeReceiverIds = async (
  { request }: Client,
  consumer: string,
  body: { readonly stripeCustomer?: string | null; readonly marketplaceCustomer?: string | null },
): Promise<ConsumerBody> =>
  (await request<ConsumerBody>('PATCH', `/api/consumers/${encodeURIComponent(consumer)}`, { body })).body

export type UsageCsvQuery = { readonly from?: string; readonly to?: string; readonly detail?: 'totals' | 'rows' }

const following = /<([^>]+)>; rel="next"/

/** Usage of all consumers as CSV, page by page: all of them one after another are the file. */
export const usageCsv = async function* ({ request }: Client, query: UsageCsvQuery = {}): AsyncGenerator<Uint8Array> {
  let next: string | undefined = '/api/exports/usage.csv'
  for (let asked: UsageCsvQuery = query; next !== undefined; asked = {}) {
    const page: Awaited<ReturnType<typeof request<Uint8Array>>> = await request<Uint8Array>('GET', next, {
      query: asked,
      headers: { accept: 'text/csv' },
      as: 'bytes',
    })
    yield page.body
    next = following.exec(page.headers.get('link') ?? '')?.[1]
  }
}
