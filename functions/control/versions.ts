import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { parseVersion, unknownVersion, type Version } from '../../src/registry/version.ts'
import { json, noContent, type Route, type RouteRequest } from '../route.ts'
import { requireModel } from './models.ts'
import { publish } from './publish.ts'
import { beginOptimisation } from './registrations.ts'
import { versionBody } from './version-body.ts'

type ControlRoute = Route<ControlPorts>

const list: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const { items, next } = await ports.listVersions(name, parsePage(query))
  return json(200, { versions: items.map(versionBody), ...(next && { next }) })
}

/** The version that a path names. Throws UNKNOWN_MODEL, UNKNOWN_VERSION. */
export const requireVersion = async ({ params }: RouteRequest, ports: ControlPorts): Promise<Version> => {
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
  const version = await requireVersion(request, ports)
  const { model, number, digest, serving } = version
  const parts = new Map([
    ['model', { digest, suffix: 'onnx' }],
    ['manifest', { digest: version.manifestDigest, suffix: 'manifest.json' }],
    ['card', { digest: version.cardDigest, suffix: 'card.json' }],
    ['card.md', { digest: version.cardMarkdownDigest, suffix: 'card.md' }],
    ['ort', { digest: serving?.ort?.digest, suffix: 'ort' }],
  ])
  const name = request.query.get('part') ?? 'model'
  const part = parts.get(name)
  if (!part) throw new PercallError('BAD_REQUEST', `part: expected model, manifest, card, card.md or ort, got ${name}`)
  if (part.digest === undefined)
    throw new PercallError('BAD_REQUEST', `version ${model}/${number}: expected part model, it has no ${name}`)
  const location = await ports.artifactLink(part.digest, `${model}-${number}.${part.suffix}`)
  return { status: 302, headers: { location } }
}

const optimise: ControlRoute['run'] = async (request, ports) =>
  await beginOptimisation(request, ports, await requireVersion(request, ports))

const remove: ControlRoute['run'] = async (request, ports) => {
  const { model, number } = await requireVersion(request, ports)
  const unused = await ports.withdrawVersion(model, number, ports.nowMs())
  await Promise.all(unused.map((digest) => ports.removeArtifact(digest)))
  return noContent
}

const one = '/api/models/{model}/versions/{version}'

export const versionRoutes = [
  { method: 'GET', path: '/api/models/{model}/versions', access: 'owner', run: list },
  { method: 'POST', path: '/api/models/{model}/versions', access: 'owner', run: publish },
  { method: 'GET', path: one, access: 'owner', run: show },
  { method: 'DELETE', path: one, access: 'owner', run: remove },
  { method: 'GET', path: `${one}/artifact`, access: 'owner', run: download },
  { method: 'POST', path: `${one}/optimise`, access: 'owner', run: optimise },
] as const satisfies readonly ControlRoute[]
