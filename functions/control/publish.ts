import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { PercallError } from '../../src/errors.ts'
import { requireAlias } from '../../src/registry/alias.ts'
import { requireName } from '../../src/registry/model.ts'
import { servedFile } from '../../src/registry/probe.ts'
import { probedDraft } from '../../src/registry/serving.ts'
import type { Version } from '../../src/registry/version.ts'
import { mediaType } from '../middleware/decode.ts'
import { json, type Route, type RouteRequest } from '../route.ts'
import { beginRegistration } from './registrations.ts'
import { versionBody } from './version-body.ts'

type ControlRoute = Route<ControlPorts>

// The gateway's event is 6 MB in all, and a binary body is a third larger in base64.
const mostInlineBytes = 4 * 1024 * 1024

const requireOnnxBody = (request: RouteRequest): Uint8Array => {
  const type = mediaType(request)
  if (type !== 'application/octet-stream')
    throw new PercallError(
      'WRONG_MEDIA_TYPE',
      `content-type: expected application/octet-stream, or application/json that names an upload, got ${type || 'none'}`,
    )
  const { length } = request.body
  if (length > mostInlineBytes)
    throw new PercallError('TOO_LARGE', `body: expected at most ${mostInlineBytes} bytes, got ${length}`)
  return request.body
}

const queryAlias = ({ query }: RouteRequest): string | undefined => {
  const wanted = query.get('alias')
  return wanted === null ? undefined : requireAlias(wanted)
}

type Pushed = { readonly model: string; readonly bytes: Uint8Array; readonly publishedBy: string }

/** Probes a file in quarantine and gives it its version; the quarantine is emptied however that ends. */
const publishProbed = async (ports: ControlPorts, { model, bytes, publishedBy }: Pushed, alias?: string) => {
  const id = ports.newRegistrationId()
  try {
    const { key, versionId } = await ports.putQuarantined(id, 'model.onnx', bytes)
    const event = { key, digest: ports.hash(bytes), ...(versionId !== undefined && { versionId }) }
    const report = await ports.probe(event)
    const digest = await ports.storeArtifact(bytes)
    const served = servedFile(report)
    if (served) await ports.copyToArtifacts({ key: served.key }, served.digest)
    const draft = probedDraft({ model, digest, sizeBytes: bytes.length }, report)
    return await ports.publishVersion({ draft, ...(alias && { alias }), publishedBy, nowMs: ports.nowMs() })
  } finally {
    await ports.discardQuarantine(id)
  }
}

const location = ({ model, number }: Version) => ({ location: `/api/models/${model}/versions/${number}` })

/** An .onnx file as the body becomes a version at once; one that was uploaded becomes a registration. */
export const publish: ControlRoute['run'] = async (request, ports) => {
  const model = requireName('model', request.params.model ?? '')
  const alias = queryAlias(request)
  if (mediaType(request) === 'application/json') return beginRegistration(request, ports, model, alias)
  const bytes = requireOnnxBody(request)
  const version = await publishProbed(ports, { model, bytes, publishedBy: request.principal.keyId }, alias)
  return json(201, versionBody(version), location(version))
}
