import type { PredictPorts } from '../../adapters/wiring-predict.ts'
import type { Call } from '../../src/call.ts'
import { chargeHeaders } from '../../src/charge-headers.ts'
import type { Encoded } from '../../src/encoded.ts'
import { PercallError } from '../../src/errors.ts'
import {
  type IdempotencyRecord,
  type Keyed,
  parseIdempotencyKey,
  type RecordedAnswer,
  requireSameRequest,
} from '../../src/idempotency.ts'
import { negotiate } from '../middleware/negotiate.ts'
import type { Route, RouteRequest, RouteResponse } from '../route.ts'
import { answered } from './answer.ts'

// What decides how a body is read and an answer written.
const telling = ['content-type', 'content-encoding', 'inference-header-content-length', 'accept'] as const

/** The key of a request and what it stands for; undefined without one. Throws BAD_REQUEST for a key of another form. */
export const keyedRequest = (
  { method, path }: Route<PredictPorts>,
  { headers, params, query, principal, body }: RouteRequest,
  { calls }: PredictPorts,
): Keyed | undefined => {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  const told = telling.map((name) => headers[name] ?? null)
  const text = JSON.stringify([method, path, params, query.toString(), told])
  return {
    consumerId: principal.consumerId,
    key: parseIdempotencyKey(header),
    fingerprint: calls.fingerprint(text, body),
  }
}

/** A recorded answer, sent again: its bytes, headers and version; only the id of the request is this one's. */
export const replay = async (
  { headers, requestId }: Pick<RouteRequest, 'headers' | 'requestId'>,
  { calls }: PredictPorts,
  { answer, consumerId }: IdempotencyRecord,
): Promise<RouteResponse> => {
  if (answer.callId !== undefined) await calls.restart({ consumerId, id: answer.callId })
  const encoded = negotiate(headers, { body: await calls.recordedBody(answer.body), headers: answer.headers })
  return {
    status: answer.status,
    headers: {
      ...encoded.headers,
      'percall-request-id': requestId,
      'percall-original-request-id': answer.headers['percall-request-id'] ?? '',
      'idempotent-replayed': 'true',
    },
    body: encoded.body,
  }
}

/** What a key's record says of an answer, put beside the row that charges it. */
const recordOf = (keyed: Keyed, { headers }: Encoded, body: RecordedAnswer['body'], more: Record<string, string>) => ({
  ...keyed,
  answer: { status: 200, headers: { ...headers, ...more }, body },
})

/** Answers a keyed call: row and record in one write. Of twins one is charged, and both get its answer. */
export const answerOnce =
  (request: RouteRequest, ports: PredictPorts, keyed: Keyed) =>
  async (call: Call): Promise<RouteResponse> => {
    let first: IdempotencyRecord | undefined
    const settle: Call['settle'] = async (admission, usage, { encoded, version }) => {
      const body = await ports.calls.keepBody(keyed.consumerId, encoded)
      const settled = await ports.calls.settleOnce(admission, usage, (charge) => {
        const more = { 'percall-request-id': call.requestId, ...chargeHeaders(version, charge, usage.cold) }
        return recordOf(keyed, encoded, body, more)
      })
      if (settled.kind === 'charged') return settled.charge
      first = requireSameRequest(keyed, settled.by)
      return { units: 0, costNano: 0 } // not told: the first one's answer is sent
    }
    const answer = await ports.answer({ ...call, settle })
    return first ? await replay(request, ports, first) : answered(request, answer)
  }

// Who may not call is not told of earlier answers either.
const unauthorised: readonly number[] = [401, 403]

const mayReplay = (thrown: unknown): boolean =>
  !(thrown instanceof PercallError) ||
  !(unauthorised.includes(thrown.status) || thrown.code === 'IDEMPOTENCY_KEY_REUSED')

/** Before a keyed call is refused or fails, its key's record is looked up: a live one is the answer. */
export const replaying = async (
  request: RouteRequest,
  ports: PredictPorts,
  keyed: Keyed,
  attempt: () => Promise<RouteResponse>,
): Promise<RouteResponse> => {
  try {
    return await attempt()
  } catch (thrown) {
    const record = mayReplay(thrown) ? await ports.calls.readRecord(keyed).catch(() => undefined) : undefined
    if (!record) throw thrown
    return await replay(request, ports, requireSameRequest(keyed, record))
  }
}
