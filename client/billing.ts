import type { ConsumerBody, KeyBody, MeBody, Page, PriceBody, PricesBody, UsageBody } from './bodies.ts'
import type { Client } from './client.ts'
import type { PageQuery } from './paging.ts'

const consumerPath = (consumer: string): string => `/api/consumers/${encodeURIComponent(consumer)}`
const pricePath = (model: string): string => `/api/prices/${encodeURIComponent(model)}`

export type UsageQuery = { readonly by?: string; readonly from?: string; readonly to?: string }

/** Who the calling key is, what it may call and what it used. */
export const getMe = async ({ request }: Client, query: UsageQuery = {}): Promise<MeBody> =>
  (await request<MeBody>('GET', '/api/me', { query })).body

export const listConsumers = async (
  { request }: Client,
  query: PageQuery = {},
): Promise<Page<'consumers', ConsumerBody>> =>
  (await request<Page<'consumers', ConsumerBody>>('GET', '/api/consumers', { query })).body

export const getConsumer = async ({ request }: Client, consumer: string): Promise<ConsumerBody> =>
  (await request<ConsumerBody>('GET', consumerPath(consumer))).body

export const createConsumer = async (
  { request }: Client,
  body: { readonly id: string; readonly plan?: string; readonly grants?: readonly string[] },
): Promise<ConsumerBody> => (await request<ConsumerBody>('POST', '/api/consumers', { body })).body

export const changeGrants = async (
  { request }: Client,
  consumer: string,
  grants: readonly string[],
): Promise<ConsumerBody> => (await request<ConsumerBody>('PATCH', consumerPath(consumer), { body: { grants } })).body

export const deleteConsumer = async ({ request }: Client, consumer: string): Promise<void> => {
  await request('DELETE', consumerPath(consumer))
}

export const listKeys = async (
  { request }: Client,
  consumer: string,
  query: PageQuery = {},
): Promise<Page<'keys', KeyBody>> =>
  (await request<Page<'keys', KeyBody>>('GET', `${consumerPath(consumer)}/keys`, { query })).body

export type NewKey = { readonly name?: string; readonly grants?: readonly string[]; readonly expires?: string }

/** Makes a key; its secret is in this answer and nowhere else. */
export const createKey = async (
  { request }: Client,
  consumer: string,
  body: NewKey = {},
): Promise<{ readonly id: string; readonly secret: string }> =>
  (await request<{ id: string; secret: string }>('POST', `${consumerPath(consumer)}/keys`, { body })).body

export const revokeKey = async ({ request }: Client, consumer: string, key: string): Promise<void> => {
  await request('DELETE', `${consumerPath(consumer)}/keys/${encodeURIComponent(key)}`)
}

export const getPrices = async ({ request }: Client, model: string): Promise<PricesBody> =>
  (await request<PricesBody>('GET', pricePath(model))).body

export type NewPrice = {
  readonly unit: string
  /** A decimal, such as `0.000002`. */
  readonly amount: string
  readonly minimumPerCall?: string
  readonly from?: string
}

export const setPrice = async (
  { request }: Client,
  model: string,
  body: NewPrice,
): Promise<PriceBody & { readonly model: string }> =>
  (await request<PriceBody & { model: string }>('PUT', pricePath(model), { body })).body

export const getUsage = async ({ request }: Client, consumer: string, query: UsageQuery = {}): Promise<UsageBody> =>
  (await request<UsageBody>('GET', `${consumerPath(consumer)}/usage`, { query })).body
