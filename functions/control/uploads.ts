import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { ownerUploadSchema } from '../../src/upload.ts'
import { json, type Route } from '../route.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const create: ControlRoute['run'] = async (request, ports) => {
  const { contentType, sizeBytes } = jsonBody(ownerUploadSchema, request)
  const id = ports.newUploadId()
  const consumer = request.principal.consumerId
  const upload = { id, consumer, contentType, sizeBytes, createdAtMs: ports.nowMs() }
  const { url, headers, expiresAtMs } = await ports.createUpload(upload)
  return json(201, { id, method: 'PUT', url, headers, expiresAt: new Date(expiresAtMs).toISOString() })
}

export const uploadRoutes = [
  { method: 'POST', path: '/api/uploads', access: 'owner', run: create },
] as const satisfies readonly ControlRoute[]
