import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import type { Encoded } from '../../src/call/encoded.ts'
import { fitsGateway } from '../../src/call/gateway-size.ts'
import type { RecordedAnswer } from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'
import type { RequestHeaders } from '../../src/ports.ts'
import { accepts, codingOf, negotiate } from '../middleware/negotiate.ts'
import type { RouteResponse } from '../route.ts'

/** An answer that was charged and kept; `name` tells its caller which. */
export type KeptAnswer = Pick<RecordedAnswer, 'status' | 'headers' | 'body'> & {
  readonly name: string
  readonly consumerId: string
}

// What we write as text: S3 gives bytes, and in base64 an answer would be a third longer than it was at first.
const textType = /^(?:application\/json|text\/)/

const asText = (encoded: Encoded): Encoded => {
  const { body, headers } = encoded
  const isText = textType.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined
  return isText && typeof body !== 'string' ? { headers, body: Buffer.from(body).toString('utf8') } : encoded
}

type Ports = Pick<PredictPorts['calls'], 'readKeptBody' | 'keepLongBody' | 'linkKept'>

/** The redirect to an answer that does not fit, with what its headers tell besides the form of its bytes. */
const linked = async (
  accepted: RequestHeaders,
  ports: Ports,
  kept: KeptAnswer,
  key: string,
): Promise<RouteResponse> => {
  const { 'content-type': type = '', 'content-encoding': _, vary: __, ...told } = kept.headers
  const coding = codingOf(kept)
  const plain = coding !== undefined && !accepts(accepted, coding)
  const location = await ports.linkKept({ key, type, ...(coding && { coding }) }, plain)
  return { status: 303, headers: { ...told, location } }
}

/**
 * An answer that was kept, in the coding that this caller accepts; where it does not fit the gateway then, a redirect to it.
 * Throws ANSWER_GONE.
 */
export const sendKept = async (accepted: RequestHeaders, ports: Ports, kept: KeptAnswer): Promise<RouteResponse> => {
  const { status, headers, name } = kept
  const there = await ports.readKeptBody(kept.body)
  if (there.kind === 'gone')
    throw new PercallError('ANSWER_GONE', `${name}: expected the answer that was kept, it is not there any more`)
  if (there.kind === 'long') return await linked(accepted, ports, kept, there.key)
  const encoded = asText(negotiate(accepted, { body: there.body, headers }))
  if (fitsGateway(encoded)) return { status, headers: encoded.headers, body: encoded.body }
  const key = 'key' in kept.body ? kept.body.key : await ports.keepLongBody(kept.consumerId, there.body)
  return await linked(accepted, ports, kept, key)
}
