import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { isWithin } from '../../src/access/consumer.ts'
import { keySchema, narrowedKey, newKey } from '../../src/access/key-request.ts'
import { PercallError } from '../../src/errors.ts'
import { json, noContent, type Route } from '../route.ts'
import { balancesOf, requireConsumer } from './consumers.ts'
import { jsonBody } from './json-body.ts'
import { callingKey, listOf, requireKey } from './keys.ts'
import { usageOf } from './usage.ts'

type ControlRoute = Route<ControlPorts>

const show: ControlRoute['run'] = async ({ principal, query }, ports) => {
  const consumer = await requireConsumer(ports, principal.consumerId)
  const { role, consumerId, keyId, grants, scopes } = principal
  const usage = await usageOf(consumer, query, ports)
  const { plan, limits } = consumer
  const balances = await balancesOf(consumer, ports)
  return json(200, { role, consumer: consumerId, plan, key: keyId, grants, scopes, limits, balances, usage })
}

const list: ControlRoute['run'] = async ({ principal, query }, ports) =>
  json(200, await listOf(principal.consumerId, query, ports))

// A key makes no key that may do more or lives longer than itself.
const createKey: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(keySchema, request)
  const parent = await callingKey(request, ports)
  const wanted = newKey(parent.consumerId, body, ports.nowMs())
  return json(201, await ports.createKey(narrowedKey(wanted, parent), parent.id))
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
  await ports.revokeKey(principal.consumerId, key.id, principal.keyId, ports.nowMs())
  return noContent
}

const keys = { access: 'key', scope: ['keys'] } as const

export const meRoutes = [
  { method: 'GET', path: '/api/me', access: 'key', scope: ['usage'], run: show },
  { method: 'GET', path: '/api/me/keys', ...keys, run: list },
  { method: 'POST', path: '/api/me/keys', ...keys, run: createKey },
  { method: 'DELETE', path: '/api/me/keys/{key}', ...keys, run: removeKey },
] as const satisfies readonly ControlRoute[]
