import * as z from 'zod'
import { parseNano } from '../billing/money.ts'
import { PercallError } from '../errors.ts'
import { countedAs, grantsSchema, hasLimits, narrow, ownerId } from './consumer.ts'
import { areInside, parseRange } from './ip-range.ts'
import type { Key } from './key.ts'
import { limitsSchema } from './limits.ts'
import { scopes } from './scope.ts'

const range = z
  .string()
  .refine(
    (text) => parseRange(text) !== undefined,
    'expected CIDR without bits behind the prefix, such as 203.0.113.0/24 or 2001:db8::/32',
  )

const mostRanges = 50

export const keySchema = z.strictObject({
  name: z.string().max(128).optional(),
  grants: grantsSchema.optional(),
  scopes: z
    .array(z.enum(scopes, `expected ${scopes.join(', ')}`))
    .max(scopes.length)
    .readonly()
    .optional(),
  ipRanges: z.array(range).min(1, 'expected at least one range').max(mostRanges).readonly().optional(),
  limits: limitsSchema.optional(),
  /** A decimal: what it may spend in a month. */
  limit: z.string().optional(),
  expires: z.iso.datetime({ offset: true, error: 'expected a date and time such as 2027-01-31T00:00:00Z' }).optional(),
})

type KeyFields = Omit<Key, 'id'>

const ownerMayAll = ['grants', 'scopes', 'limits', 'limit'] as const

const limitOf = (limit: string) => {
  const limitNano = parseNano('limit', limit)
  if (limitNano === 0) throw new PercallError('BAD_PRICE', `limit: expected a decimal above 0, got ${limit}`)
  return limitNano
}

/** What a body asks of a new key. Throws BAD_REQUEST for one that is expired already, or narrows an owner; BAD_PRICE. */
export const newKey = (consumerId: string, body: z.output<typeof keySchema>, nowMs: number): KeyFields => {
  const { name, grants, scopes, ipRanges, limits, limit, expires } = body
  const expiresAtMs = expires === undefined ? undefined : Date.parse(expires)
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs)
    throw new PercallError('BAD_REQUEST', `body.expires: expected a time to come, got ${expires}`)
  const narrowed = consumerId === ownerId ? ownerMayAll.find((field) => body[field] !== undefined) : undefined
  if (narrowed) throw new PercallError('BAD_REQUEST', `body.${narrowed}: expected none, an owner key may do everything`)
  return {
    consumerId,
    createdAtMs: nowMs,
    ...(name !== undefined && { name }),
    ...(grants && { grants }),
    ...(scopes && { scopes }),
    ...(ipRanges && { ipRanges }),
    ...(limits && { limits }),
    ...(limit !== undefined && { limitNano: limitOf(limit) }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  }
}

const requireInside = (ranges: readonly string[], parent: Key): readonly string[] => {
  const outside = ranges.find((text) => parent.ipRanges && !areInside([text], parent.ipRanges))
  if (outside !== undefined)
    throw new PercallError(
      'BAD_REQUEST',
      `body.ipRanges: expected ranges inside [${parent.ipRanges}] of key ${parent.id}, which calls, got ${outside}`,
    )
  return ranges
}

/** Limits of a key hold for all that it makes together: else it would make as many keys as it wants to spend. */
const sharedLimits = (wanted: KeyFields, parent: Key): Partial<KeyFields> => {
  const { limits, limitNano } = parent
  if (!hasLimits(parent)) return {}
  if (wanted.limits || wanted.limitNano !== undefined)
    throw new PercallError(
      'BAD_REQUEST',
      `body.${wanted.limits ? 'limits' : 'limit'}: expected none, keys made by key ${parent.id} share its limits`,
    )
  return { countsAs: countedAs(parent), ...(limits && { limits }), ...(limitNano !== undefined && { limitNano }) }
}

/**
 * A key that a key makes: it may do no more, comes from nowhere else and lives no longer than its maker. Grants and scopes
 * that the maker has not are left out. Throws BAD_REQUEST for ranges outside of the maker's, and for limits under a limit.
 */
export const narrowedKey = (wanted: KeyFields, parent: Key): KeyFields => {
  const grants =
    wanted.grants && parent.grants ? narrow(parent.grants, wanted.grants) : (wanted.grants ?? parent.grants)
  const own = parent.scopes
  const scopes = wanted.scopes && own ? wanted.scopes.filter((scope) => own.includes(scope)) : (wanted.scopes ?? own)
  const ipRanges = wanted.ipRanges ? requireInside(wanted.ipRanges, parent) : parent.ipRanges
  const forever = Number.POSITIVE_INFINITY
  const expiresAtMs = Math.min(wanted.expiresAtMs ?? forever, parent.expiresAtMs ?? forever)
  return {
    ...wanted,
    ...sharedLimits(wanted, parent),
    ...(grants && { grants }),
    ...(scopes && { scopes }),
    ...(ipRanges && { ipRanges }),
    ...(Number.isFinite(expiresAtMs) && { expiresAtMs }),
  }
}

const spans = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const mostOverlapMs = 90 * spans.d

export const rotationSchema = z.strictObject({
  /** How long the old secret goes on. */
  overlap: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,6})[smhd]$/, 'expected a time such as 24h, 30m, 7d or 0s')
    .default('24h'),
})

/** `24h` -> milliseconds. Throws BAD_REQUEST above 90 days. */
export const overlapMs = (text: string): number => {
  const ms = Number(text.slice(0, -1)) * spans[text.slice(-1) as keyof typeof spans] // by the schema
  if (ms > mostOverlapMs) throw new PercallError('BAD_REQUEST', `body.overlap: expected at most 90d, got ${text}`)
  return ms
}
