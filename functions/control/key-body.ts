import type { Key } from '../../src/access/key.ts'
import { formatNano } from '../../src/billing/money.ts'

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** A key as its owner reads it, never with its secret. `lastUsed` is a day in UTC. */
export const keyBody = (
  { id, name, grants, scopes, ipRanges, limits, limitNano, rotatedTo, createdAtMs, expiresAtMs, revokedAtMs }: Key,
  lastUsed?: string,
) => ({
  id,
  name,
  grants,
  scopes,
  ipRanges,
  limits,
  ...(limitNano !== undefined && { limit: formatNano(limitNano) }),
  createdAt: isoOf(createdAtMs),
  ...(lastUsed !== undefined && { lastUsed }),
  ...(expiresAtMs !== undefined && { expires: isoOf(expiresAtMs) }),
  ...(rotatedTo !== undefined && { rotatedTo }),
  ...(revokedAtMs !== undefined && { revoked: isoOf(revokedAtMs) }),
})
