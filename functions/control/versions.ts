import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { requireAlias } from '../../src/alias.ts'
import { PercallError } from '../../src/errors.ts'
import { requireName } from '../../src/model.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import { parsePage } from '../../src/page.ts'
import { requireStorable } from '../../src/signature.ts'
import { parseVersion, unknownVersion, type Version } from '../../src/version.ts'
import { mediaType } from '../middleware/decode.ts'
import { json, noContent, type Route, type RouteRequest } from '../route.ts'
import { requireModel } from './models.ts'

type ControlRoute = Route<ControlPorts>

// The gateway's event is 6 MB in all, and a binary body is a third larger in base64.
const mostInlineBytes = 4 * 1024 * 1024

const versionBody = (version: Version) => {
  const { model, number, digest, manifestDigest, sizeBytes, signature, createdAtMs, runId, metrics } = version
  return {
    name: model,
    version: number,
    digest,
    ...(manifestDigest && { manifestDigest }),
    sizeBytes,
    inputs: signature.inputs,
    outputs: signature.outputs,
    createdAt: new Date(createdAtMs).toISOString(),
    // A version that is pushed is measured only once there is a probe.
    probe: null,
    ...(metrics && { metrics }),
    lineage: runId === undefined ? { origin: 'push' } : { origin: 'run', runId },
  }
}

const list: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const { items, next } = await ports.listVersions(name, parsePage(query))
  return json(200, { versions: items.map(versionBody), ...(next && { next }) })
}

const requireOnnxBody = (request: RouteRequest): Uint8Array => {
  const type = mediaType(request)
  if (type !== 'application/octet-stream')
    throw new PercallError('WRONG_MEDIA_TYPE', `content-type: expected application/octet-stream, got ${type || 'none'}`)
  const { length } = request.body
  if (length > mostInlineBytes)
    throw new PercallError('TOO_LARGE', `body: expected at most ${mostInlineBytes} bytes, got ${length}`)
  return request.body
}

const publish: ControlRoute['run'] = async (request, ports) => {
  const model = requireName('model', request.params.model ?? '')
  const wanted = request.query.get('alias')
  const alias = wanted === null ? undefined : requireAlias(wanted)
  const bytes = requireOnnxBody(request)
  const signature = requireStorable(inspectOnnx(bytes).signature)
  const draft = { model, digest: await ports.storeArtifact(bytes), sizeBytes: bytes.length, signature }
  const publishedBy = request.principal.keyId
  const version = await ports.publishVersion({ draft, ...(alias && { alias }), publishedBy, nowMs: ports.nowMs() })
  return json(201, versionBody(version), { location: `/api/models/${model}/versions/${version.number}` })
}

const requireVersion = async ({ params }: RouteRequest, ports: ControlPorts): Promise<Version> => {
  const { name } = await requireModel(ports, params.model)
  const number = parseVersion(name, params.version ?? '')
  const version = await ports.findVersion(name, number)
  if (!version) throw unknownVersion(name, number)
  return version
}

const show: ControlRoute['run'] = async (request, ports) => {
  const version = await requireVersion(request, ports)
  const aliases = (await ports.listAliases(version.model)).filter((pointer) => pointer.version === version.number)
  return json(200, { ...versionBody(version), aliases: aliases.map(({ alias }) => alias) })
}

/** A redirect, because a model may be larger than what passes the gateway. */
const download: ControlRoute['run'] = async (request, ports) => {
  const { model, number, digest, manifestDigest, cardDigest } = await requireVersion(request, ports)
  const parts = new Map([
    ['model', { digest, suffix: 'onnx' }],
    ['manifest', { digest: manifestDigest, suffix: 'manifest.json' }],
    ['card', { digest: cardDigest, suffix: 'card.json' }],
  ])
  const name = request.query.get('part') ?? 'model'
  const part = parts.get(name)
  if (!part) throw new PercallError('BAD_REQUEST', `part: expected model, manifest or card, got ${name}`)
  if (part.digest === undefined)
    throw new PercallError('BAD_REQUEST', `version ${model}/${number}: expected part model, it has no ${name}`)
  const location = await ports.artifactLink(part.digest, `${model}-${number}.${part.suffix}`)
  return { status: 302, headers: { location } }
}

const remove: ControlRoute['run'] = async (request, ports) => {
  const { model, number } = await requireVersion(request, ports)
  const unused = await ports.withdrawVersion(model, number, ports.nowMs())
  await Promise.all(unused.map((digest) => ports.removeArtifact(digest)))
  return noContent
}

const one = '/api/models/{model}/versions/{version}'

export const versionRoutes: readonly ControlRoute[] = [
  { method: 'GET', path: '/api/models/{model}/versions', access: 'owner', run: list },
  { method: 'POST', path: '/api/models/{model}/versions', access: 'owner', run: publish },
  { method: 'GET', path: one, access: 'owner', run: show },
  { method: 'DELETE', path: one, access: 'owner', run: remove },
  { method: 'GET', path: `${one}/artifact`, access: 'owner', run: download },
]
