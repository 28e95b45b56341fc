import * as z from 'zod'
import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { mostUploadBytes } from '../../src/upload.ts'
import { json, type Route } from '../route.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const schema = z.strictObject({
  contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type without parameters'),
  sizeBytes: z.int().positive().max(mostUploadBytes),
})

const create: ControlRoute['run'] = async (request, ports) => {
  const { contentType, sizeBytes } = jsonBody(schema, request)
  const id = ports.newUploadId()
  const consumer = request.principal.consumerId
  const upload = { id, consumer, contentType, sizeBytes, createdAtMs: ports.nowMs() }
  const { url, headers, expiresAtMs } = await ports.createUpload(upload)
  return json(201, { id, method: 'PUT', url, headers, expiresAt: new Date(expiresAtMs).toISOString() })
}

export const uploadRoutes: readonly ControlRoute[] = [
  { method: 'POST', path: '/api/uploads', access: 'owner', run: create },
]
