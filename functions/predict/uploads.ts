import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { checkBody, parseJson } from '../../src/body.ts'
import { uploadSchema } from '../../src/upload.ts'
import { jsonText } from '../middleware/decode.ts'
import { json, type Route } from '../route.ts'

type PredictRoute = Route<PredictPorts>

const create: PredictRoute['run'] = async (request, { calls }) => {
  const { contentType, sizeBytes } = checkBody(uploadSchema, parseJson(jsonText(request)))
  const upload = { id: calls.newUploadId(), consumer: request.principal.consumerId, contentType, sizeBytes }
  const { url, headers, expiresAtMs } = await calls.createUpload({ ...upload, createdAtMs: calls.nowMs() })
  return json(201, { id: upload.id, method: 'PUT', url, headers, expiresAt: new Date(expiresAtMs).toISOString() })
}

/** Bodies of calls that are too large for the gateway. */
export const consumerUploadRoutes = [
  { method: 'POST', path: '/v1/uploads', access: 'key', scope: ['predict', 'explain', 'batches'], run: create },
] as const satisfies readonly PredictRoute[]
