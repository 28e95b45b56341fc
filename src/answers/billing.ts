import * as z from 'zod'
import { limitsSchema } from '../access/limits.ts'
import { scopes } from '../access/scope.ts'
import { plans } from '../billing/plan.ts'
import { priceUnits } from '../billing/price.ts'
import { purposes } from '../call/quote.ts'
import { amount, pageOf, time } from './common.ts'

/** `total` is `available` + `leased` + `spent`; what is leased and not used comes back. */
const balance = z.object({
  kind: z.enum(['prepaid', 'capped', 'free']),
  total: amount,
  available: amount,
  leased: amount,
  spent: amount,
})

export const consumerAnswer = z.object({
  id: z.string(),
  plan: z.enum(plans),
  grants: z.array(z.string()),
  limits: limitsSchema.exactOptional(),
  stripeCustomer: z.string().exactOptional(),
  marketplaceCustomer: z.string().exactOptional(),
  createdAt: time,
  /** Its balances and credits stay readable. */
  deletedAt: time.exactOptional(),
  capPerMonth: amount.exactOptional(),
  freePerMonth: amount.exactOptional(),
  /** Of one consumer only. */
  balances: z.array(balance).exactOptional(),
})

/** With the grants that a change took the place of, where it changed grants. */
export const changedConsumerAnswer = consumerAnswer.extend({ grantsBefore: z.array(z.string()).exactOptional() })

export const creditAnswer = z.object({
  id: z.string(),
  amount,
  memo: z.string(),
  /** Id of the key that gave it. */
  actor: z.string(),
  createdAt: time,
})

export const creditsAnswer = pageOf('credits', creditAnswer)

export const consumersAnswer = pageOf('consumers', consumerAnswer)

/** Never with its secret. */
const keyAnswer = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  grants: z.array(z.string()).exactOptional(),
  scopes: z.array(z.enum(scopes)).exactOptional(),
  ipRanges: z.array(z.string()).exactOptional(),
  limits: limitsSchema.exactOptional(),
  /** What it may spend in a month. */
  limit: amount.exactOptional(),
  createdAt: time,
  /** In UTC. */
  lastUsed: z.iso.date().exactOptional(),
  expires: time.exactOptional(),
  /** The key that took its place. */
  rotatedTo: z.string().exactOptional(),
  revoked: time.exactOptional(),
})

export const keysAnswer = pageOf('keys', keyAnswer)

/** The one answer that has the secret. */
export const keyMadeAnswer = z.object({ id: z.string(), secret: z.string() })

/** The new key with its secret, and the old one with its end. */
export const keyRotatedAnswer = z.object({ id: z.string(), secret: z.string(), old: keyAnswer })

const sum = { calls: z.int(), units: z.int(), cost: amount }

/** `from` is included, `to` is not. */
export const usageAnswer = z.object({
  from: time,
  to: time,
  currency: z.string(),
  totals: z.object(sum),
  by: z.array(
    z.object({
      ...sum,
      day: z.string().exactOptional(),
      /** Local, with its offset: `2026-11-24T13+01:00`. */
      hour: z.string().exactOptional(),
      model: z.string().exactOptional(),
      version: z.string().exactOptional(),
      key: z.string().exactOptional(),
      consumer: z.string().exactOptional(),
    }),
  ),
  next: z.string().exactOptional(),
})

export const meAnswer = z.object({
  role: z.enum(['owner', 'consumer']),
  consumer: z.string(),
  plan: z.enum(plans),
  key: z.string(),
  grants: z.array(z.string()),
  balances: z.array(balance),
  scopes: z.array(z.enum(scopes)).exactOptional(),
  limits: limitsSchema.exactOptional(),
  usage: usageAnswer,
})

const priceFields = {
  id: z.string(),
  unit: z.enum(priceUnits),
  amount,
  minimumPerCall: amount,
  freePerMonth: z.int().exactOptional(),
  tiers: z.array(z.object({ from: z.int(), amount })).exactOptional(),
  currency: z.string(),
  /** Null for a model's first price, which holds at once. */
  from: time.nullable(),
}

const priceAnswer = z.object(priceFields)

export const priceMadeAnswer = z.object({ model: z.string(), ...priceFields })

export const pricesAnswer = z.object({
  model: z.string(),
  price: priceAnswer.nullable(),
  prices: z.array(priceAnswer),
})

export const quoteAnswer = z.object({
  name: z.string(),
  version: z.int(),
  for: z.enum(purposes),
  rows: z.int(),
  tokens: z.int().exactOptional(),
  units: z.int(),
  cost: amount,
  currency: z.string(),
  /** Null where the call would be free. */
  price: priceAnswer.nullable(),
  /** What a consumer would pay: only with an owner's key, whose own calls are free, of a model that has a price. */
  consumers: z.object({ units: z.int(), cost: amount, price: priceAnswer }).exactOptional(),
  /** End of the hour that the price is of. */
  until: time,
})

/** `from` and `to` are the states that the thing had; null where it was not there. */
const auditAnswer = z.object({
  id: z.string(),
  at: time,
  actor: z.string(),
  action: z.string(),
  of: z.string(),
  from: z.any(),
  to: z.any(),
})

export const auditPageAnswer = pageOf('changes', auditAnswer)

const invoiceFields = { month: z.string(), state: z.enum(['draft', 'final']), number: z.int().exactOptional() }

/** A draft has its amounts where it is asked for itself. */
export const invoicesAnswer = pageOf(
  'invoices',
  z.object({
    ...invoiceFields,
    currency: z.string().exactOptional(),
    total: amount.exactOptional(),
    due: amount.exactOptional(),
  }),
)

const count = z.string().regex(/^\d+$/)

/** Amounts are exact. Units are decimal texts: a month's may be more than a number of JSON holds exactly. */
export const invoiceAnswer = z.object({
  consumer: z.string(),
  ...invoiceFields,
  currency: z.string(),
  from: time,
  to: time,
  madeAt: time,
  lines: z.array(
    z.object({
      kind: z.enum(['usage', 'minimum', 'free', 'tier', 'adjustment']),
      model: z.string().exactOptional(),
      price: z.string().exactOptional(),
      unit: z.enum(priceUnits).exactOptional(),
      calls: z.int().exactOptional(),
      from: z.int().exactOptional(),
      units: count.exactOptional(),
      unitPrice: amount.exactOptional(),
      id: z.string().exactOptional(),
      memo: z.string().exactOptional(),
      amount,
    }),
  ),
  total: amount,
  paid: z.array(z.object({ by: z.enum(['free', 'prepaid']), amount })),
  due: amount,
})

export const adjustmentAnswer = z.object({
  id: z.string(),
  month: z.string(),
  amount,
  memo: z.string(),
  /** Id of the key that made it. */
  actor: z.string(),
  createdAt: time,
})

export const adjustmentsAnswer = z.object({ adjustments: z.array(adjustmentAnswer) })
