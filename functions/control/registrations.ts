import * as z from 'zod'
import { requireTokenizer } from '../../adapters/sessions/tokenizers.ts'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { errorTable, PercallError } from '../../src/errors.ts'
import { parsePolicy } from '../../src/optimise/policy.ts'
import { parsePage } from '../../src/page.ts'
import { requireAlias } from '../../src/registry/alias.ts'
import { parseManifest } from '../../src/registry/manifest.ts'
import type { Registration } from '../../src/registry/registration.ts'
import type { Version } from '../../src/registry/version.ts'
import { mostModelBytes } from '../../src/upload.ts'
import { json, type Route, type RouteRequest, type RouteResponse } from '../route.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

export const registrationSchema = z.strictObject({
  upload: z.string(),
  manifest: z.record(z.string(), z.unknown()).optional(),
  alias: z.string().optional(),
})

export const optimisationSchema = z.strictObject({ policy: z.string().optional(), alias: z.string().optional() })

/** Variants are made in memory: this file, its copy and what is written of it. */
const mostOptimisedBytes = 256 * 1024 * 1024

const registrationBody = (registration: Registration) => {
  const { id, model, upload, optimise, alias, state, step, version, failure, createdAtMs, endedAtMs } = registration
  return {
    id,
    model,
    ...(upload !== undefined && { upload }),
    ...(optimise && { optimise: { version: optimise.version, policy: optimise.policy } }),
    ...(alias !== undefined && { alias }),
    state,
    ...(step && { step }),
    ...(version !== undefined && { version }),
    ...(failure && {
      error: { code: failure.code, message: failure.cause, hint: errorTable[failure.code].hint, step: failure.step },
    }),
    createdAt: new Date(createdAtMs).toISOString(),
    ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
  }
}

const draftOf = async (request: RouteRequest, ports: ControlPorts, model: string, queryAlias: string | undefined) => {
  const { upload, manifest, alias: bodyAlias } = jsonBody(registrationSchema, request)
  const alias = bodyAlias === undefined ? queryAlias : requireAlias(bodyAlias)
  const text = manifest && JSON.stringify(requireTokenizer(parseManifest(manifest)))
  const { key, versionId, sizeBytes } = await ports.findUpload(request.principal.consumerId, upload)
  if (sizeBytes > mostModelBytes)
    throw new PercallError(
      'TOO_LARGE',
      `upload ${upload}: expected a model of at most ${mostModelBytes} bytes, got ${sizeBytes}`,
    )
  const same = ports.hash(JSON.stringify(['registration', key, versionId, model, alias, text]))
  return {
    registration: {
      id: ports.newRegistrationId(),
      ...{ model, upload, uploadKey: key, sizeBytes, hasManifest: text !== undefined, same },
      ...(versionId !== undefined && { uploadVersion: versionId }),
      ...(alias !== undefined && { alias }),
      requestedBy: request.principal.keyId,
      state: 'queued' as const,
      createdAtMs: ports.nowMs(),
    },
    manifest: text,
  }
}

/** Keeps a registration and starts its execution; the same request joins the one that it has begun, unless that failed. */
export const beginRegistration = async (
  request: RouteRequest,
  ports: ControlPorts,
  model: string,
  queryAlias: string | undefined,
): Promise<RouteResponse> => {
  const { registration, manifest } = await draftOf(request, ports, model, queryAlias)
  if (manifest !== undefined) await ports.putQuarantined(registration.id, 'manifest.json', manifest)
  return await begin(ports, registration)
}

const begin = async (ports: ControlPorts, registration: Registration): Promise<RouteResponse> => {
  const { id, state } = await ports.createRegistration(registration)
  // One that was kept by a request which died before this line is started by the next same one.
  if (state === 'queued') await ports.startRegistering(id, { id })
  const location = `/api/registrations/${id}`
  return json(202, { id, state, location }, { location })
}

/** Begins to optimise a version's graph: what comes of it is a new version, or the old one with its figures. */
export const beginOptimisation = async (
  request: RouteRequest,
  ports: ControlPorts,
  { model, number, digest, sizeBytes }: Version,
): Promise<RouteResponse> => {
  const { policy = 'exact', alias } = jsonBody(optimisationSchema, request)
  parsePolicy(policy)
  if (sizeBytes > mostOptimisedBytes)
    throw new PercallError(
      'TOO_LARGE',
      `version ${model}/${number}: expected at most ${mostOptimisedBytes} bytes to optimise, got ${sizeBytes}`,
    )
  return await begin(ports, {
    id: ports.newRegistrationId(),
    ...{ model, optimise: { version: number, digest, policy }, sizeBytes, hasManifest: false },
    ...(alias !== undefined && { alias: requireAlias(alias) }),
    same: ports.hash(JSON.stringify(['optimise', model, number, digest, policy, alias])),
    requestedBy: request.principal.keyId,
    state: 'queued',
    createdAtMs: ports.nowMs(),
  })
}

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listRegistrations(parsePage(query))
  return json(200, { registrations: items.map(registrationBody), ...(next && { next }) })
}

const show: ControlRoute['run'] = async ({ params }, ports) =>
  json(200, registrationBody(await ports.requireRegistration(params.registration ?? '')))

export const registrationRoutes = [
  { method: 'GET', path: '/api/registrations', access: 'owner', run: list },
  { method: 'GET', path: '/api/registrations/{registration}', access: 'owner', run: show },
] as const satisfies readonly ControlRoute[]
