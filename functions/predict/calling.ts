import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import type { IdempotencyRecord } from '../../src/call/idempotency.ts'
import { parsePrefer } from '../../src/call/prefer.ts'
import { uploadNamed } from '../../src/upload.ts'
import { keyedRequest, replaying } from '../middleware/keyed.ts'
import type { Route, RouteRequest, RouteResponse } from '../route.ts'
import { answerOnce, replay } from './once.ts'
import { acceptCall } from './respond-async.ts'
import { withUpload } from './with-upload.ts'

type PredictRoute = Route<PredictPorts>

// A quote is no call: nothing is charged, so nothing is to be repeated or answered later.
const free: readonly string[] = ['{model}:quote']

/** The routes whose answer is charged. */
const charged: readonly string[] = [
  '/v2/models/{model}/infer',
  '/v2/models/{model}/versions/{version}/infer',
  '/v1/models/{target}',
  '/v1/embeddings',
]

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
  charged.includes(route.path) && route.method === 'POST' && !free.includes(route.form?.shown ?? '')
    ? { ...route, run: (request, ports) => run(route, request, ports) }
    : route
