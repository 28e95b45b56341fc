import * as z from 'zod'
import type { PredictPorts } from '../../adapters/wiring-predict.ts'
import { checkBody, parseJson } from '../../src/body.ts'
import { mostUploadBytes } from '../../src/upload.ts'
import { jsonText } from '../middleware/decode.ts'
import { json, type Route } from '../route.ts'

type PredictRoute = Route<PredictPorts>

const schema = z.strictObject({
  contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type without parameters'),
  sizeBytes: z.int().positive().max(mostUploadBytes),
})

const create: PredictRoute['run'] = async (request, { calls }) => {
  const { contentType, sizeBytes } = checkBody(schema, parseJson(jsonText(request)))
  const upload = { id: calls.newUploadId(), consumer: request.principal.consumerId, contentType, sizeBytes }
  const { url, headers, expiresAtMs } = await calls.createUpload({ ...upload, createdAtMs: calls.nowMs() })
  return json(201, { id: upload.id, method: 'PUT', url, headers, expiresAt: new Date(expiresAtMs).toISOString() })
}

/** Bodies of calls that are too large for the gateway. */
export const consumerUploadRoutes: readonly PredictRoute[] = [
  { method: 'POST', path: '/v1/uploads', access: 'key', run: create },
]
