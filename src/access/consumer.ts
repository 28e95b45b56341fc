import * as z from 'zod'
import { type Account, needsLease, plans } from '../billing/plan.ts'
import { PercallError } from '../errors.ts'
import { areInside } from './ip-range.ts'
import type { Key } from './key.ts'
import { type Limited, type Limits, limitsSchema } from './limits.ts'
import type { Principal } from './principal.ts'

/** The built-in consumer whose keys may do everything and whose calls cost nothing. */
export const ownerId = 'owner'

/** `revision` is its ETag. */
export type Consumer = Account & {
  readonly id: string
  /** Model names, or `*` for all. */
  readonly grants: readonly string[]
  readonly limits?: Limits
  /** Who it is where its usage is exported to: at Stripe `cus_...`, in AWS Marketplace its account or customer identifier. */
  readonly stripeCustomer?: string
  readonly marketplaceCustomer?: string
  readonly createdAtMs: number
  readonly deletedAtMs?: number
}

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const grant = z.string().refine((text) => text === '*' || name.test(text), 'expected a model name or *')
export const grantsSchema = z.array(grant).max(1000).readonly()

const payment = {
  /** A decimal, for `postpaid-capped` only: no call is accepted above it. */
  capPerMonth: z.string().optional(),
  /** A decimal, for `prepaid` only: what is tried before the balance; its rest lapses with the month. */
  freePerMonth: z.string().optional(),
}

export const consumerSchema = z.strictObject({
  id: z.string().regex(name, 'expected letters, digits, "-", "_" or ".", at most 128'),
  plan: z.enum(plans).default('postpaid'),
  grants: grantsSchema.default([]),
  limits: limitsSchema.optional(),
  ...payment,
})

export const consumerChangeSchema = z.strictObject({
  plan: z.enum(plans).optional(),
  grants: grantsSchema.optional(),
  /** Null takes them away. */
  limits: limitsSchema.nullable().optional(),
  ...payment,
  /** Null takes them away; what was exported by then stays. */
  stripeCustomer: z
    .string()
    .regex(/^cus_\w{1,250}$/, 'expected the id of a Stripe customer such as cus_NciAYcXfLnqBoz')
    .nullable()
    .optional(),
  marketplaceCustomer: z
    .string()
    .regex(/^[\w-]{1,255}$/, 'expected the 12 digits of an AWS account, or a CustomerIdentifier')
    .nullable()
    .optional(),
})

type ReceiverIds = Pick<z.output<typeof consumerChangeSchema>, 'stripeCustomer' | 'marketplaceCustomer'>

/** The consumer with other ids at receivers of exports; what the change does not name stays. */
export const withReceiverIds = (consumer: Consumer, change: ReceiverIds): Consumer => {
  const { stripeCustomer: stripeBefore, marketplaceCustomer: marketplaceBefore, ...rest } = consumer
  const stripeCustomer = change.stripeCustomer === undefined ? stripeBefore : change.stripeCustomer
  const marketplaceCustomer = change.marketplaceCustomer === undefined ? marketplaceBefore : change.marketplaceCustomer
  return { ...rest, ...(stripeCustomer && { stripeCustomer }), ...(marketplaceCustomer && { marketplaceCustomer }) }
}

/** A buyer's hour has one record of a model, so no two consumers are the same one; one that was given back is free later. */
export const takenBuyer = (buyer: string, consumer: string, freeAtMs?: number): PercallError => {
  const until = freeAtMs === undefined ? '' : ` until ${new Date(freeAtMs).toISOString()}`
  return new PercallError(
    'CONFLICT',
    `body.marketplaceCustomer: expected one of no other consumer, got ${buyer} of ${consumer}${until}`,
  )
}

/** Grants of a consumer, narrowed by a key: never more than either holds. */
export const narrow = (grants: readonly string[], narrowing: readonly string[] | undefined): readonly string[] => {
  if (!narrowing || narrowing.includes('*')) return grants
  return grants.includes('*') ? narrowing : narrowing.filter((model) => grants.includes(model))
}

const isSubset = <Item>(items: readonly Item[] | undefined, others: readonly Item[]): boolean =>
  items?.every((item) => others.includes(item)) ?? false

/** The id under which a key is counted against its limits. */
export const countedAs = ({ id, countsAs }: Key): string => countsAs ?? id

export const hasLimits = ({ limits, limitNano }: Key): boolean => limits !== undefined || limitNano !== undefined

/** Whether a key may do no more, spend no more and lives no longer than another of the same consumer. */
export const isWithin = (key: Key, other: Key): boolean => {
  const { grants, scopes, ipRanges } = other
  const mayNoMore =
    (!grants || grants.includes('*') || isSubset(key.grants, grants)) &&
    (!scopes || isSubset(key.scopes, scopes)) &&
    (!ipRanges || areInside(key.ipRanges ?? ['::/0', '0.0.0.0/0'], ipRanges)) &&
    (!hasLimits(other) || countedAs(key) === countedAs(other))
  const forever = Number.POSITIVE_INFINITY
  return mayNoMore && (key.expiresAtMs ?? forever) <= (other.expiresAtMs ?? forever)
}

const limitedOf = (key: Key, consumer: Consumer): readonly Limited[] => [
  ...(consumer.limits ? [{ of: 'consumer' as const, subject: consumer.id, limits: consumer.limits }] : []),
  ...(key.limits ? [{ of: 'key' as const, subject: `${consumer.id}#${countedAs(key)}`, limits: key.limits }] : []),
]

/** Who a genuine key stands for at an instant. Throws KEY_REVOKED, KEY_EXPIRED. */
export const principalOf = (key: Key, consumer: Consumer | undefined, nowMs: number): Principal => {
  if (key.revokedAtMs !== undefined) throw new PercallError('KEY_REVOKED', `key ${key.id}: it was revoked`)
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs)
    throw new PercallError('KEY_EXPIRED', `key ${key.id}: it expired at ${new Date(key.expiresAtMs).toISOString()}`)
  if (!consumer || consumer.deletedAtMs !== undefined)
    throw new PercallError('KEY_REVOKED', `key ${key.id}: its consumer ${key.consumerId} was removed`)
  const limited = limitedOf(key, consumer)
  return {
    role: key.consumerId === ownerId ? 'owner' : 'consumer',
    consumerId: key.consumerId,
    keyId: key.id,
    grants: narrow(consumer.grants, key.grants),
    ...(needsLease(consumer, undefined) && { account: consumer }),
    ...(key.limitNano !== undefined && { limit: { keyId: countedAs(key), limitNano: key.limitNano } }),
    ...(key.scopes && { scopes: key.scopes }),
    ...(key.ipRanges && { ipRanges: key.ipRanges }),
    ...(limited.length > 0 && { limited }),
  }
}
