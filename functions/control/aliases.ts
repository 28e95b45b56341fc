import * as z from 'zod'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { type Alias, type AliasMove, requireAlias, unknownAlias } from '../../src/registry/alias.ts'
import { json, noContent, type Route } from '../route.ts'
import { etag, ifMatch } from './etag.ts'
import { jsonBody } from './json-body.ts'
import { requireModel } from './models.ts'

type ControlRoute = Route<ControlPorts>

const notYet = z.undefined({ error: 'weighted and shadow aliases are not available yet' }).optional()

export const pointerSchema = z.strictObject({
  version: z.number({ error: 'expected the number of a version' }).int().positive(),
  weights: notYet,
  shadow: notYet,
})

const aliasBody = ({ model, alias, version, movedAtMs }: Alias) => ({
  name: model,
  alias,
  version,
  movedAt: new Date(movedAtMs).toISOString(),
})

const moveBody = ({ movedAtMs, ...move }: AliasMove) => ({ ...move, movedAt: new Date(movedAtMs).toISOString() })

const list: ControlRoute['run'] = async ({ params }, ports) => {
  const { name } = await requireModel(ports, params.model)
  return json(200, { aliases: (await ports.listAliases(name)).map(aliasBody) })
}

const show: ControlRoute['run'] = async ({ params }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const wanted = requireAlias(params.alias ?? '')
  const alias = await ports.findAlias(name, wanted)
  if (!alias) throw unknownAlias(name, wanted)
  return json(200, aliasBody(alias), etag(alias.revision))
}

const move: ControlRoute['run'] = async (request, ports) => {
  const { version } = jsonBody(pointerSchema, request)
  const { name } = await requireModel(ports, request.params.model)
  const alias = requireAlias(request.params.alias ?? '')
  const stamp = { nowMs: ports.nowMs(), movedBy: request.principal.keyId }
  const moved = await ports.moveAlias({ model: name, alias, version, ...stamp }, ifMatch(request.headers))
  return json(200, aliasBody(moved), etag(moved.revision))
}

const remove: ControlRoute['run'] = async ({ params, headers, principal }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const alias = requireAlias(params.alias ?? '')
  const stamp = { nowMs: ports.nowMs(), movedBy: principal.keyId }
  await ports.moveAlias({ model: name, alias, version: null, ...stamp }, ifMatch(headers))
  return noContent
}

const history: ControlRoute['run'] = async ({ params }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const alias = requireAlias(params.alias ?? '')
  const moves = await ports.aliasHistory(name, alias)
  if (moves.length === 0) throw unknownAlias(name, alias)
  return json(200, { name, alias, history: moves.map(moveBody) })
}

const one = '/api/models/{model}/aliases/{alias}'

export const aliasRoutes = [
  { method: 'GET', path: '/api/models/{model}/aliases', access: 'owner', run: list },
  { method: 'GET', path: one, access: 'owner', run: show },
  { method: 'PUT', path: one, access: 'owner', run: move },
  { method: 'DELETE', path: one, access: 'owner', run: remove },
  { method: 'GET', path: `${one}/history`, access: 'owner', run: history },
] as const satisfies readonly ControlRoute[]
