import type { z } from 'zod'
import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { keySchema, ownerId, principalOf } from '../../src/consumer.ts'
import { PercallError } from '../../src/errors.ts'
import { isKeyId, type Key } from '../../src/key.ts'
import { parsePage } from '../../src/page.ts'
import { json, noContent, type Route, type RouteRequest } from '../route.ts'
import { requireConsumer } from './consumers.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const isoOf = (ms: number): string => new Date(ms).toISOString()

const keyBody = ({ id, name, grants, createdAtMs, expiresAtMs, revokedAtMs }: Key) => ({
  id,
  name,
  grants,
  createdAt: isoOf(createdAtMs),
  ...(expiresAtMs !== undefined && { expires: isoOf(expiresAtMs) }),
  ...(revokedAtMs !== undefined && { revoked: isoOf(revokedAtMs) }),
})

/** What a body asks of a new key. Throws BAD_REQUEST for one that is expired already, and for an owner key with grants. */
export const newKey = (consumerId: string, { name, grants, expires }: z.output<typeof keySchema>, nowMs: number) => {
  const expiresAtMs = expires === undefined ? undefined : Date.parse(expires)
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs)
    throw new PercallError('BAD_REQUEST', `body.expires: expected a time to come, got ${expires}`)
  if (grants && consumerId === ownerId)
    throw new PercallError('BAD_REQUEST', 'body.grants: expected none, an owner key may do everything')
  return {
    consumerId,
    createdAtMs: nowMs,
    ...(name !== undefined && { name }),
    ...(grants && { grants }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  }
}

/** A key of a consumer, or UNKNOWN_KEY_ID. */
export const requireKey = async (ports: ControlPorts, consumerId: string, id = ''): Promise<Key> => {
  const key = isKeyId(id) ? await ports.readKey(consumerId, id) : undefined
  if (!key) throw new PercallError('UNKNOWN_KEY_ID', `key ${id}: consumer ${consumerId} has no such key`)
  return key
}

/**
 * The key that calls, read anew: whoever knows it from a cache, for 30 s after its end, must not make another with it.
 * Throws KEY_REVOKED, KEY_EXPIRED.
 */
export const callingKey = async ({ principal }: RouteRequest, ports: ControlPorts): Promise<Key> => {
  const { consumerId, keyId } = principal
  const [key, consumer] = await Promise.all([requireKey(ports, consumerId, keyId), ports.readConsumer(consumerId)])
  principalOf(key, consumer, ports.nowMs())
  return key
}

const list: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { id } = await requireConsumer(ports, params.consumer)
  const { items, next } = await ports.listKeys(id, parsePage(query))
  return json(200, { keys: items.map(keyBody), ...(next && { next }) })
}

const create: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(keySchema, request)
  const { id } = await requireConsumer(ports, request.params.consumer)
  await callingKey(request, ports)
  return json(201, await ports.createKey(newKey(id, body, ports.nowMs())))
}

const remove: ControlRoute['run'] = async ({ params }, ports) => {
  const consumer = await requireConsumer(ports, params.consumer)
  const key = await requireKey(ports, consumer.id, params.key)
  await ports.revokeKey(consumer.id, key.id, ports.nowMs())
  return noContent
}

export const keyRoutes = [
  { method: 'GET', path: '/api/consumers/{consumer}/keys', access: 'owner', run: list },
  { method: 'POST', path: '/api/consumers/{consumer}/keys', access: 'owner', run: create },
  { method: 'DELETE', path: '/api/consumers/{consumer}/keys/{key}', access: 'owner', run: remove },
] as const satisfies readonly ControlRoute[]
