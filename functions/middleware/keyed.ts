import { type Principal, requireGrant } from '../../src/access/principal.ts'
import {
  type IdempotencyRecord,
  type Keyed,
  parseIdempotencyKey,
  type RecordedAnswer,
  requireSameRequest,
} from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'
import type { Route, RouteRequest, RouteResponse } from '../route.ts'

// What decides how a body is read and an answer written.
const telling = ['content-type', 'content-encoding', 'inference-header-content-length', 'accept'] as const

type Fingerprint = (text: string, body: Uint8Array) => string

/** The key of a request and what it stands for; undefined without one. Throws BAD_REQUEST for a key of another form. */
export const keyedRequest = (
  { method, path }: Pick<Route<never>, 'method' | 'path'>,
  { headers, params, query, principal, body }: RouteRequest,
  fingerprint: Fingerprint,
): Keyed | undefined => {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  const told = telling.map((name) => headers[name] ?? null)
  const text = JSON.stringify([method, path, params, query.toString(), told])
  const key = parseIdempotencyKey(header)
  return { consumerId: principal.consumerId, key, fingerprint: fingerprint(text, body) }
}

/** Headers of an answer that is sent again: only the id of the request is this one's. */
export const replayedHeaders = ({ requestId }: Pick<RouteRequest, 'requestId'>, { headers }: RecordedAnswer) => ({
  'percall-request-id': requestId,
  'percall-original-request-id': headers['percall-request-id'] ?? '',
  'idempotent-replayed': 'true',
})

// Who may not call is not told of earlier answers either.
const unauthorised: readonly number[] = [401, 403]

const mayReplay = (thrown: unknown): boolean =>
  !(thrown instanceof PercallError) ||
  !(unauthorised.includes(thrown.status) || thrown.code === 'IDEMPOTENCY_KEY_REUSED')

type ReplayPorts = {
  readonly principal: Principal
  readonly readRecord: (keyed: Keyed) => Promise<IdempotencyRecord | undefined>
  readonly replay: (record: IdempotencyRecord) => Promise<RouteResponse>
}

/**
 * Before a keyed request is refused or fails, its key's record is looked up: a live one is the answer, for who may call its
 * model. Throws NOT_GRANTED: a request may fail before its own grant is checked, by an upload that is gone.
 */
export const replaying =
  ({ principal, readRecord, replay }: ReplayPorts) =>
  async (keyed: Keyed | undefined, attempt: () => Promise<RouteResponse>): Promise<RouteResponse> => {
    try {
      return await attempt()
    } catch (thrown) {
      const record = keyed && mayReplay(thrown) ? await readRecord(keyed).catch(() => undefined) : undefined
      if (!keyed || !record) throw thrown
      requireSameRequest(keyed, record)
      requireGrant(principal, record.model)
      return await replay(record)
    }
  }
