import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { principalOf } from '../../src/access/consumer.ts'
import { isKeyId, type Key } from '../../src/access/key.ts'
import { keySchema, newKey, overlapMs, rotationSchema } from '../../src/access/key-request.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { json, noContent, type Route, type RouteRequest } from '../route.ts'
import { requireConsumer } from './consumers.ts'
import { jsonBody } from './json-body.ts'
import { keyBody } from './key-body.ts'

type ControlRoute = Route<ControlPorts>

const unknownKey = (consumerId: string, id = ''): PercallError =>
  new PercallError('UNKNOWN_KEY_ID', `key ${id}: consumer ${consumerId} has no such key`)

/** A key of a consumer, or UNKNOWN_KEY_ID. */
export const requireKey = async (ports: ControlPorts, consumerId: string, id = ''): Promise<Key> => {
  const key = isKeyId(id) ? await ports.readKey(consumerId, id) : undefined
  if (!key) throw unknownKey(consumerId, id)
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

/** A page of a consumer's keys, with the day of their last use. */
export const listOf = async (consumerId: string, query: URLSearchParams, ports: ControlPorts) => {
  const [{ items, next }, uses] = await Promise.all([
    ports.listKeys(consumerId, parsePage(query)),
    ports.listKeyUses(consumerId),
  ])
  return { keys: items.map((key) => keyBody(key, uses.get(key.id))), ...(next && { next }) }
}

const list: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { id } = await requireConsumer(ports, params.consumer)
  return json(200, await listOf(id, query, ports))
}

const create: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(keySchema, request)
  const { id } = await requireConsumer(ports, request.params.consumer)
  await callingKey(request, ports)
  return json(201, await ports.createKey(newKey(id, body, ports.nowMs()), request.principal.keyId))
}

const rotate: ControlRoute['run'] = async (request, ports) => {
  const { overlap } = jsonBody(rotationSchema, request)
  const { id: consumerId } = await requireConsumer(ports, request.params.consumer)
  await callingKey(request, ports)
  const { key: id = '' } = request.params
  const asked = { overlapMs: overlapMs(overlap), actor: request.principal.keyId, nowMs: ports.nowMs() }
  const rotated = isKeyId(id) ? await ports.rotateKey({ consumerId, id, ...asked }) : undefined
  if (!rotated) throw unknownKey(consumerId, id)
  return json(201, { id: rotated.id, secret: rotated.secret, old: keyBody(rotated.old) })
}

const remove: ControlRoute['run'] = async ({ params, principal }, ports) => {
  const consumer = await requireConsumer(ports, params.consumer)
  const key = await requireKey(ports, consumer.id, params.key)
  await ports.revokeKey(consumer.id, key.id, principal.keyId, ports.nowMs())
  return noContent
}

const all = '/api/consumers/{consumer}/keys'

export const keyRoutes = [
  { method: 'GET', path: all, access: 'owner', run: list },
  { method: 'POST', path: all, access: 'owner', run: create },
  { method: 'POST', path: `${all}/{key}/rotate`, access: 'owner', run: rotate },
  { method: 'DELETE', path: `${all}/{key}`, access: 'owner', run: remove },
] as const satisfies readonly ControlRoute[]
