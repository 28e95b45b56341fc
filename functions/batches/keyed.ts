import type { BatchPorts } from '../../adapters/wiring/batches.ts'
import type { Batch } from '../../src/batch/batch.ts'
import { expiresOf, type IdempotencyRecord, type Keyed } from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'
import { replayedHeaders } from '../middleware/keyed.ts'
import type { RouteRequest, RouteResponse } from '../route.ts'
import { acceptedText, batchPath } from './body.ts'

/** What a key's record says: the answer of the batch that is opened with it. */
export const recordOf =
  (keyed: Keyed, requestId: string, nowMs: number) =>
  (batch: Batch): IdempotencyRecord => ({
    ...keyed,
    model: batch.model,
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

/** The start may have landed: the batch may be at work, and charged. */
export const unknownStart = (id: string, cause: unknown): PercallError =>
  new PercallError('OUTCOME_UNKNOWN', `batch ${id}: there was no answer whether it began`, { cause })

/** A recorded answer, sent again; its batch is started again, in case its first request died before that. */
export const replayBatch = async (
  { requestId, principal }: RouteRequest,
  { startExecution }: Pick<BatchPorts, 'startExecution'>,
  { answer, nonce }: IdempotencyRecord,
): Promise<RouteResponse> => {
  await startExecution(nonce, { batchId: nonce, consumerId: principal.consumerId }).catch((cause: unknown) => {
    throw unknownStart(nonce, cause)
  })
  return {
    status: answer.status,
    headers: { ...answer.headers, ...replayedHeaders({ requestId }, answer) },
    ...('text' in answer.body && { body: answer.body.text }),
  }
}
