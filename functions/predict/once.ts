import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import type { Call } from '../../src/call/call.ts'
import { chargeHeaders } from '../../src/call/charge-headers.ts'
import type { Encoded } from '../../src/call/encoded.ts'
import {
  type IdempotencyRecord,
  type Keyed,
  type RecordedAnswer,
  requireSameRequest,
} from '../../src/call/idempotency.ts'
import { replayedHeaders } from '../middleware/keyed.ts'
import type { RouteRequest, RouteResponse } from '../route.ts'
import { answered } from './answer.ts'
import { sendKept } from './kept-answer.ts'

/**
 * A recorded answer, sent again: its bytes, headers and version; only the id of the request is this one's.
 * Throws ANSWER_GONE, and OUTCOME_UNKNOWN where it is a call's whose worker may not have been started.
 */
export const replay = async (
  { headers, requestId }: Pick<RouteRequest, 'headers' | 'requestId'>,
  { calls }: PredictPorts,
  { answer, consumerId, key }: IdempotencyRecord,
): Promise<RouteResponse> => {
  if (answer.callId !== undefined) await calls.restart({ consumerId, id: answer.callId })
  const sent = await sendKept(headers, calls, { ...answer, name: `idempotency-key ${key}`, consumerId })
  return { ...sent, headers: { ...sent.headers, ...replayedHeaders({ requestId }, answer) } }
}

/** What a key's record says of an answer, put beside the row that charges it. */
const recordOf = (
  keyed: Keyed & Pick<IdempotencyRecord, 'model'>,
  { headers }: Encoded,
  body: RecordedAnswer['body'],
  more: Record<string, string>,
) => ({
  ...keyed,
  answer: { status: 200, headers: { ...headers, ...more }, body },
})

/** Answers a keyed call: row and record in one write. Of twins one is charged, and both get its answer. */
export const answerOnce =
  (request: RouteRequest, ports: PredictPorts, keyed: Keyed) =>
  async (call: Call): Promise<RouteResponse> => {
    let first: IdempotencyRecord | undefined
    const settle: Call['settle'] = async (admission, usage, { encoded, version }) => {
      const body = await ports.calls.keepBody(keyed.consumerId, encoded.body)
      const settled = await ports.calls.settleOnce(admission, usage, (charge) => {
        const more = { 'percall-request-id': call.requestId, ...chargeHeaders(version, charge, usage.cold) }
        return recordOf({ ...keyed, model: admission.model }, encoded, body, more)
      })
      if (settled.kind === 'charged') return settled.charge
      first = requireSameRequest(keyed, settled.by)
      return { units: 0, costNano: 0 } // not told: the first one's answer is sent
    }
    const answer = await ports.answer({ ...call, settle })
    return first ? await replay(request, ports, first) : answered(request, answer)
  }
