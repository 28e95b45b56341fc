import type { PredictPorts } from '../../adapters/wiring-predict.ts'
import type { IdempotencyRecord } from '../../src/idempotency.ts'
import { parsePrefer } from '../../src/prefer.ts'
import { uploadNamed } from '../../src/upload.ts'
import { keyedRequest, replaying } from '../middleware/keyed.ts'
import type { Route, RouteRequest, RouteResponse } from '../route.ts'
import { answerOnce, replay } from './once.ts'
import { acceptCall } from './respond-async.ts'

type PredictRoute = Route<PredictPorts>

/** The routes whose answer is charged. */
const charged: readonly string[] = [
  '/v2/models/{model}/infer',
  '/v2/models/{model}/versions/{version}/infer',
  '/v1/models/{target}',
  '/v1/embeddings',
]

const plainText = /^text\/plain\b/i

/** The request with the bytes of the upload that its body names; the upload's content type holds where the request has none. */
const withUpload = async (request: RouteRequest, { calls }: PredictPorts, id: string): Promise<RouteRequest> => {
  const { bytes, contentType, input } = await calls.readUpload(request.principal.consumerId, id)
  const type = request.headers['content-type']
  // fetch names text/plain for any text that it sends.
  const headers =
    type === undefined || plainText.test(type) ? { ...request.headers, 'content-type': contentType } : request.headers
  return { ...request, headers, body: bytes, input }
}

const run = async (route: PredictRoute, request: RouteRequest, ports: PredictPorts): Promise<RouteResponse> => {
  const preferences = parsePrefer(request.headers.prefer)
  const upload = uploadNamed(request.body)
  // `calls` is made on first use: a plain call does not touch it.
  const keyed = keyedRequest(route, request, (text, body) => ports.calls.fingerprint(text, body))
  if (!keyed && !preferences.respondAsync && upload === undefined) return await route.run(request, ports)
  const attempt = async (): Promise<RouteResponse> => {
    const sent = upload === undefined ? request : await withUpload(request, ports, upload)
    if (preferences.respondAsync)
      return await route.run({ ...sent, ask: acceptCall(route, sent, ports, preferences, keyed) }, ports)
    return await route.run(keyed ? { ...sent, ask: answerOnce(sent, ports, keyed) } : sent, ports)
  }
  const again = {
    principal: request.principal,
    readRecord: ports.calls.readRecord,
    replay: (record: IdempotencyRecord) => replay(request, ports, record),
  }
  return await replaying(again)(keyed, attempt)
}

/** A route whose calls may be repeated under an Idempotency-Key, be answered later, and name an upload as their body. */
export const calling = (route: PredictRoute): PredictRoute =>
  charged.includes(route.path) && route.method === 'POST'
    ? { ...route, run: (request, ports) => run(route, request, ports) }
    : route
