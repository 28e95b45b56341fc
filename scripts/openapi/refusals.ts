import type { DocumentedRoute } from '../../functions/openapi/sections.ts'
import { type ErrorCode, errorTable } from '../../src/errors.ts'

const ofKeys: readonly ErrorCode[] = ['KEY_MISSING', 'KEY_UNKNOWN', 'KEY_EXPIRED', 'KEY_REVOKED']
// Whoever has a key is refused where the deployment's zone or currency is not the one that is kept.
const ofCallers: readonly ErrorCode[] = [...ofKeys, 'NOT_FROM_HERE', 'BILLING_FIXED']
const always: readonly ErrorCode[] = ['INTERNAL', 'NOT_READY']

const ofAccess: Readonly<Record<DocumentedRoute['access'], readonly ErrorCode[]>> = {
  public: [],
  key: [...ofCallers, 'TOO_MANY_REQUESTS', ...always],
  owner: [...ofCallers, 'OWNER_ONLY', ...always],
}

const ofBody = ({ operation }: DocumentedRoute): readonly ErrorCode[] => {
  const { request } = operation
  if (!request) return []
  const json: readonly ErrorCode[] = 'application/json' in request ? ['BAD_JSON', 'BAD_REQUEST'] : []
  return [...json, 'WRONG_MEDIA_TYPE', 'TOO_LARGE']
}

/** All that a route may refuse a request with: what follows from its access, body and headers, and its own. */
export const refusalsOf = (route: DocumentedRoute): readonly ErrorCode[] => {
  const { query = [], headers = [], errors = [] } = route.operation
  return [
    ...new Set<ErrorCode>([
      ...ofAccess[route.access],
      ...(route.scope ? (['OUT_OF_SCOPE'] as const) : []),
      ...ofBody(route),
      ...(query.includes('limit') ? (['BAD_REQUEST'] as const) : []),
      ...(headers.includes('If-Match') ? (['STALE'] as const) : []),
      ...errors,
    ]),
  ]
}

/** Codes by their status, in its order. */
export const byStatus = (codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> =>
  new Map([...Map.groupBy(codes, (code) => errorTable[code].status)].sort(([a], [b]) => a - b))
