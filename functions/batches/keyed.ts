import type { BatchPorts } from '../../adapters/wiring-batches.ts'
import type { Batch } from '../../src/batch/batch.ts'
import { PercallError } from '../../src/errors.ts'
import {
  expiresOf,
  type IdempotencyRecord,
  type Keyed,
  parseIdempotencyKey,
  requireSameRequest,
} from '../../src/idempotency.ts'
import type { RouteRequest, RouteResponse } from '../route.ts'
import { acceptedText, batchPath } from './body.ts'

// What decides how a body is read and an answer written.
const telling = ['content-type', 'content-encoding', 'accept'] as const

/** The key of a request and what it stands for; undefined without one. Throws BAD_REQUEST for a key of another form. */
export const keyedBatch = (
  { headers, query, principal, body }: RouteRequest,
  { hash }: Pick<BatchPorts, 'hash'>,
): Keyed | undefined => {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  const text = JSON.stringify(['POST /v1/batches', query.toString(), telling.map((name) => headers[name] ?? null)])
  const key = parseIdempotencyKey(header)
  return { consumerId: principal.consumerId, key, fingerprint: hash(text, body) }
}

/** What a key's record says: the answer of the batch that is opened with it. */
export const recordOf =
  (keyed: Keyed, requestId: string, nowMs: number) =>
  (batch: Batch): IdempotencyRecord => ({
    ...keyed,
    nonce: batch.id,
    expires: expiresOf(nowMs),
    answer: {
      status: 202,
      headers: {
        'content-type': 'application/json',
        location: batchPath(batch.id),
        'percall-request-id': requestId,
      },
      body: { text: acceptedText(batch) },
    },
  })

/** A recorded answer, sent again; its batch is started again, in case its first request died before that. */
export const replayBatch = async (
  { requestId, principal }: RouteRequest,
  { startExecution }: Pick<BatchPorts, 'startExecution'>,
  keyed: Keyed,
  record: IdempotencyRecord,
): Promise<RouteResponse> => {
  const { answer, nonce } = requireSameRequest(keyed, record)
  await startExecution(nonce, { batchId: nonce, consumerId: principal.consumerId })
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      'percall-request-id': requestId,
      'percall-original-request-id': answer.headers['percall-request-id'] ?? '',
      'idempotent-replayed': 'true',
    },
    ...('text' in answer.body && { body: answer.body.text }),
  }
}

// Who may not call is not told of earlier answers either.
const unauthorised: readonly number[] = [401, 403]

/** Before a keyed request is refused or fails, its key's record is looked up: a live one is the answer. */
export const replaying = async (
  request: RouteRequest,
  ports: BatchPorts,
  keyed: Keyed | undefined,
  attempt: () => Promise<RouteResponse>,
): Promise<RouteResponse> => {
  try {
    return await attempt()
  } catch (thrown) {
    const refused = thrown instanceof PercallError
    if (!keyed || (refused && (unauthorised.includes(thrown.status) || thrown.code === 'IDEMPOTENCY_KEY_REUSED')))
      throw thrown
    const record = await ports.readRecord(keyed, ports.nowMs()).catch(() => undefined)
    if (!record) throw thrown
    return await replayBatch(request, ports, keyed, record)
  }
}
