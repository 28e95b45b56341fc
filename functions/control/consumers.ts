import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { type Consumer, consumerChangeSchema, consumerSchema, ownerId } from '../../src/consumer.ts'
import { PercallError } from '../../src/errors.ts'
import { isName } from '../../src/model.ts'
import { parsePage } from '../../src/page.ts'
import { json, noContent, type Route } from '../route.ts'
import { etag, ifMatch } from './etag.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const consumerBody = ({ id, plan, grants, createdAtMs }: Consumer) => ({
  id,
  plan,
  grants,
  createdAt: new Date(createdAtMs).toISOString(),
})

type ReadPort = Pick<ControlPorts, 'readConsumer'>

const unknownConsumer = (id: string): PercallError =>
  new PercallError('UNKNOWN_CONSUMER', `consumer ${id}: it does not exist`)

/** The consumer, also a removed one, whose usage stays; or UNKNOWN_CONSUMER. */
export const requireRecord = async ({ readConsumer }: ReadPort, id = ''): Promise<Consumer> => {
  // A text that cannot be an id is not looked up: DynamoDB refuses empty and overlong keys.
  const consumer = isName(id) ? await readConsumer(id) : undefined
  if (!consumer) throw unknownConsumer(id)
  return consumer
}

/** The consumer, or UNKNOWN_CONSUMER. */
export const requireConsumer = async (ports: ReadPort, id = ''): Promise<Consumer> => {
  const consumer = await requireRecord(ports, id)
  if (consumer.deletedAtMs !== undefined) throw unknownConsumer(id)
  return consumer
}

/** A consumer that may be changed. Throws CONFLICT for the built-in `owner`, STALE for another If-Match. */
const requireChangeable = async (headers: Parameters<typeof ifMatch>[0], ports: ControlPorts, id = '') => {
  if (id === ownerId) throw new PercallError('CONFLICT', 'consumer owner: it is built in and cannot be changed')
  const consumer = await requireConsumer(ports, id)
  const revision = ifMatch(headers)
  if (revision !== undefined && revision !== consumer.revision)
    throw new PercallError('STALE', `consumer ${id}: expected revision ${revision}, it is ${consumer.revision}`)
  return consumer
}

const put = async (ports: ControlPorts, consumer: Consumer): Promise<void> => {
  if (!(await ports.putConsumer(consumer)))
    throw new PercallError('CONFLICT', `consumer ${consumer.id}: another change came at the same time`)
}

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listConsumers(parsePage(query))
  return json(200, { consumers: items.map(consumerBody), ...(next && { next }) })
}

const create: ControlRoute['run'] = async (request, ports) => {
  const { id, plan, grants } = jsonBody(consumerSchema, request)
  const consumer = { id, plan, grants, createdAtMs: ports.nowMs(), revision: 1 }
  if (id === ownerId || !(await ports.putConsumer(consumer)))
    throw new PercallError('CONFLICT', `consumer ${id}: expected a new id, it is or was in use`)
  return json(201, consumerBody(consumer), etag(consumer.revision))
}

const show: ControlRoute['run'] = async ({ params }, ports) => {
  const consumer = await requireConsumer(ports, params.consumer)
  return json(200, consumerBody(consumer), etag(consumer.revision))
}

const change: ControlRoute['run'] = async (request, ports) => {
  const { grants } = jsonBody(consumerChangeSchema, request)
  const before = await requireChangeable(request.headers, ports, request.params.consumer)
  const after = { ...before, ...(grants && { grants }), revision: before.revision + 1 }
  await put(ports, after)
  return json(200, consumerBody(after), etag(after.revision))
}

// Its usage stays readable in the ledger, and its id is not given again.
const remove: ControlRoute['run'] = async ({ headers, params }, ports) => {
  const before = await requireChangeable(headers, ports, params.consumer)
  await put(ports, { ...before, deletedAtMs: ports.nowMs(), revision: before.revision + 1 })
  return noContent
}

export const consumerRoutes = [
  { method: 'GET', path: '/api/consumers', access: 'owner', run: list },
  { method: 'POST', path: '/api/consumers', access: 'owner', run: create },
  { method: 'GET', path: '/api/consumers/{consumer}', access: 'owner', run: show },
  { method: 'PATCH', path: '/api/consumers/{consumer}', access: 'owner', run: change },
  { method: 'DELETE', path: '/api/consumers/{consumer}', access: 'owner', run: remove },
] as const satisfies readonly ControlRoute[]
