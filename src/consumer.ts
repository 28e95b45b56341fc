import * as z from 'zod'
import { PercallError } from './errors.ts'
import type { Key } from './key.ts'
import type { Principal } from './principal.ts'

/** The built-in consumer whose keys may do everything and whose calls cost nothing. */
export const ownerId = 'owner'

export type Consumer = {
  readonly id: string
  readonly plan: 'postpaid'
  /** Model names, or `*` for all. */
  readonly grants: readonly string[]
  readonly createdAtMs: number
  /** Raised by each change; the ETag. */
  readonly revision: number
  readonly deletedAtMs?: number
}

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const grant = z.string().refine((text) => text === '*' || name.test(text), 'expected a model name or *')
const grantsSchema = z.array(grant).max(1000).readonly()

// A cap that is not enforced must not be accepted: the plans that need one are refused by name.
const plan = z
  .enum(['postpaid', 'prepaid', 'postpaid-capped'])
  .refine((text) => text === 'postpaid', 'expected postpaid: prepaid and postpaid-capped are not available yet')
  .transform(() => 'postpaid' as const)
const notYet = z.undefined('caps and limits are not available yet').optional()

export const consumerSchema = z.strictObject({
  id: z.string().regex(name, 'expected letters, digits, "-", "_" or ".", at most 128'),
  plan: plan.default('postpaid'),
  grants: grantsSchema.default([]),
  limits: notYet,
  capPerMonth: notYet,
})

export const consumerChangeSchema = z.strictObject({
  plan: plan.optional(),
  grants: grantsSchema.optional(),
  limits: notYet,
  capPerMonth: notYet,
})

export const keySchema = z.strictObject({
  name: z.string().max(128).optional(),
  grants: grantsSchema.optional(),
  expires: z.iso.datetime({ offset: true, error: 'expected a date and time such as 2027-01-31T00:00:00Z' }).optional(),
  limit: notYet,
})

/** Grants of a consumer, narrowed by a key: never more than either holds. */
export const narrow = (grants: readonly string[], narrowing: readonly string[] | undefined): readonly string[] => {
  if (!narrowing || narrowing.includes('*')) return grants
  return grants.includes('*') ? narrowing : narrowing.filter((model) => grants.includes(model))
}

/** Whether a key may do no more and lives no longer than another of the same consumer. */
export const isWithin = (key: Key, other: Key): boolean => {
  const { grants } = other
  const mayNoMore = !grants || grants.includes('*') || (key.grants?.every((model) => grants.includes(model)) ?? false)
  const forever = Number.POSITIVE_INFINITY
  return mayNoMore && (key.expiresAtMs ?? forever) <= (other.expiresAtMs ?? forever)
}

/** Who a genuine key stands for at an instant. Throws KEY_REVOKED, KEY_EXPIRED. */
export const principalOf = (key: Key, consumer: Consumer | undefined, nowMs: number): Principal => {
  if (key.revokedAtMs !== undefined) throw new PercallError('KEY_REVOKED', `key ${key.id}: it was revoked`)
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs)
    throw new PercallError('KEY_EXPIRED', `key ${key.id}: it expired at ${new Date(key.expiresAtMs).toISOString()}`)
  if (!consumer || consumer.deletedAtMs !== undefined)
    throw new PercallError('KEY_REVOKED', `key ${key.id}: its consumer ${key.consumerId} was removed`)
  return {
    role: key.consumerId === ownerId ? 'owner' : 'consumer',
    consumerId: key.consumerId,
    keyId: key.id,
    grants: narrow(consumer.grants, key.grants),
  }
}
