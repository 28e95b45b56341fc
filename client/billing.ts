import type {
  AuditBody,
  ConsumerBody,
  CreditBody,
  KeyBody,
  LimitsBody,
  MeBody,
  Page,
  PriceBody,
  PricesBody,
  UsageBody,
} from './bodies.ts'
import { ApiError, type Client } from './client.ts'
import type { PageQuery } from './paging.ts'

const consumerPath = (consumer: string): string => `/api/consumers/${encodeURIComponent(consumer)}`
const pricePath = (model: string): string => `/api/prices/${encodeURIComponent(model)}`

export type UsageQuery = PageQuery & { readonly by?: string; readonly from?: string; readonly to?: string }

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

export type PaymentChange = {
  readonly plan?: string
  /** Decimals, such as `25` or `0.5`. */
  readonly capPerMonth?: string
  readonly freePerMonth?: string
}

export const createConsumer = async (
  { request }: Client,
  body: {
    readonly id: string
    readonly grants?: readonly string[]
    readonly limits?: LimitsBody
  } & PaymentChange,
): Promise<ConsumerBody> => (await request<ConsumerBody>('POST', '/api/consumers', { body })).body

/** Sets all grants of a consumer; `grantsBefore` of the answer are those that it takes the place of. */
export const changeGrants = async (
  { request }: Client,
  consumer: string,
  grants: readonly string[],
): Promise<ConsumerBody> => (await request<ConsumerBody>('PATCH', consumerPath(consumer), { body: { grants } })).body

export type GrantsAmendment = { readonly add?: readonly string[]; readonly remove?: readonly string[] }

// More than people who change one consumer at the same moment.
const mostTries = 5
const cameSecond: readonly (number | undefined)[] = [409, 412]

/** Adds grants to those of a consumer, or takes some away, whatever else changes them at the same time. */
export const amendGrants = async (
  { request }: Client,
  consumer: string,
  { add = [], remove = [] }: GrantsAmendment,
): Promise<ConsumerBody> => {
  const path = consumerPath(consumer)
  for (let tries = 1; ; tries += 1) {
    const { body: before, headers } = await request<ConsumerBody>('GET', path)
    const grants = [...new Set([...before.grants, ...add])].filter((model) => !remove.includes(model))
    try {
      const ifMatch = { 'if-match': headers.get('etag') ?? '*' }
      return (await request<ConsumerBody>('PATCH', path, { headers: ifMatch, body: { grants } })).body
    } catch (error) {
      if (!(error instanceof ApiError && cameSecond.includes(error.status) && tries < mostTries)) throw error
    }
  }
}

/** Changes how a consumer pays. */
export const changePayment = async (
  { request }: Client,
  consumer: string,
  body: PaymentChange,
): Promise<ConsumerBody> => (await request<ConsumerBody>('PATCH', consumerPath(consumer), { body })).body

export type NewCredit = { readonly id?: string; readonly amount: string; readonly memo?: string }

/** Gives credit; with an id a repetition gives it once. */
export const giveCredit = async ({ request }: Client, consumer: string, body: NewCredit): Promise<CreditBody> =>
  (
    await request<CreditBody>('POST', `${consumerPath(consumer)}/credits`, {
      body,
      repeatable: body.id !== undefined,
    })
  ).body

export const listCredits = async (
  { request }: Client,
  consumer: string,
  query: PageQuery = {},
): Promise<Page<'credits', CreditBody>> =>
  (await request<Page<'credits', CreditBody>>('GET', `${consumerPath(consumer)}/credits`, { query })).body
/** Limits of a consumer; null takes them away. */
export const changeLimits = async (
  { request }: Client,
  consumer: string,
  limits: LimitsBody | null,
): Promise<ConsumerBody> => (await request<ConsumerBody>('PATCH', consumerPath(consumer), { body: { limits } })).body

export const deleteConsumer = async ({ request }: Client, consumer: string): Promise<void> => {
  await request('DELETE', consumerPath(consumer))
}

export const listKeys = async (
  { request }: Client,
  consumer: string,
  query: PageQuery = {},
): Promise<Page<'keys', KeyBody>> =>
  (await request<Page<'keys', KeyBody>>('GET', `${consumerPath(consumer)}/keys`, { query })).body

export type NewKey = Partial<Pick<KeyBody, 'name' | 'grants' | 'scopes' | 'ipRanges' | 'limits' | 'limit' | 'expires'>>

/** Makes a key; its secret is in this answer and nowhere else. */
export const createKey = async (
  { request }: Client,
  consumer: string,
  body: NewKey = {},
): Promise<{ readonly id: string; readonly secret: string }> =>
  (await request<{ id: string; secret: string }>('POST', `${consumerPath(consumer)}/keys`, { body })).body

/** Gives a key a successor; its own secret goes on for the overlap, 24h by default. */
export const rotateKey = async (
  { request }: Client,
  consumer: string,
  key: string,
  overlap?: string,
): Promise<{ readonly id: string; readonly secret: string; readonly old: KeyBody }> => {
  const body = overlap === undefined ? {} : { overlap }
  const path = `${consumerPath(consumer)}/keys/${encodeURIComponent(key)}/rotate`
  return (await request<{ id: string; secret: string; old: KeyBody }>('POST', path, { body })).body
}

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
  readonly freePerMonth?: number
  readonly tiers?: readonly { readonly from: number; readonly amount: string }[]
  readonly from?: string
}

export const setPrice = async (
  { request }: Client,
  model: string,
  body: NewPrice,
): Promise<PriceBody & { readonly model: string }> =>
  (await request<PriceBody & { model: string }>('PUT', pricePath(model), { body })).body

/** What all consumers used; `by` may be `consumer` as well. */
export const getAllUsage = async ({ request }: Client, query: UsageQuery = {}): Promise<UsageBody> =>
  (await request<UsageBody>('GET', '/api/usage', { query })).body

export const getUsage = async ({ request }: Client, consumer: string, query: UsageQuery = {}): Promise<UsageBody> =>
  (await request<UsageBody>('GET', `${consumerPath(consumer)}/usage`, { query })).body

export type AuditFilter = { readonly of?: string; readonly by?: string; readonly from?: string; readonly to?: string }

/** Who changed what, newest first. A page with a filter may be short and still have a next one. */
export const listAudit = async (
  { request }: Client,
  query: AuditFilter & PageQuery = {},
): Promise<Page<'changes', AuditBody>> =>
  (await request<Page<'changes', AuditBody>>('GET', '/api/audit', { query })).body
