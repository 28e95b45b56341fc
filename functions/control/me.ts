import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { isWithin, keySchema, narrow } from '../../src/consumer.ts'
import { PercallError } from '../../src/errors.ts'
import { json, noContent, type Route } from '../route.ts'
import { requireConsumer } from './consumers.ts'
import { jsonBody } from './json-body.ts'
import { callingKey, newKey, requireKey } from './keys.ts'
import { usageOf } from './usage.ts'

type ControlRoute = Route<ControlPorts>

const show: ControlRoute['run'] = async ({ principal, query }, ports) => {
  const consumer = await requireConsumer(ports, principal.consumerId)
  const { role, consumerId, keyId, grants } = principal
  const usage = await usageOf(consumer, query, ports)
  return json(200, { role, consumer: consumerId, plan: consumer.plan, key: keyId, grants, usage })
}

// A key makes no key that may do more or lives longer than itself.
const createKey: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(keySchema, request)
  const parent = await callingKey(request, ports)
  const wanted = newKey(parent.consumerId, body, ports.nowMs())
  const grants =
    wanted.grants && parent.grants ? narrow(parent.grants, wanted.grants) : (wanted.grants ?? parent.grants)
  const expiresAtMs = Math.min(
    wanted.expiresAtMs ?? Number.POSITIVE_INFINITY,
    parent.expiresAtMs ?? Number.POSITIVE_INFINITY,
  )
  const key = { ...wanted, ...(grants && { grants }), ...(Number.isFinite(expiresAtMs) && { expiresAtMs }) }
  return json(201, await ports.createKey(key))
}

// A key revokes no key that it could not have made: a narrow one must not lock its consumer out.
const removeKey: ControlRoute['run'] = async (request, ports) => {
  const { principal, params } = request
  const parent = await callingKey(request, ports)
  const key = await requireKey(ports, principal.consumerId, params.key)
  if (!isWithin(key, parent))
    throw new PercallError(
      'NOT_GRANTED',
      `key ${key.id}: expected a key that may do no more and lives no longer than ${parent.id}, which calls`,
    )
  await ports.revokeKey(principal.consumerId, key.id, ports.nowMs())
  return noContent
}

export const meRoutes = [
  { method: 'GET', path: '/api/me', access: 'key', run: show },
  { method: 'POST', path: '/api/me/keys', access: 'key', run: createKey },
  { method: 'DELETE', path: '/api/me/keys/{key}', access: 'key', run: removeKey },
] as const satisfies readonly ControlRoute[]
