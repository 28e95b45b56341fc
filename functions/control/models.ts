import * as z from 'zod'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { auditOfModel } from '../../src/access/audited.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import type { Alias } from '../../src/registry/alias.ts'
import { type Model, requireName, unknownModel } from '../../src/registry/model.ts'
import { json, noContent, type Route } from '../route.ts'
import { etag, requireRevision } from './etag.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const mostCharacters = 4096
const text = z.string().max(mostCharacters)

const fields = {
  title: text.optional(),
  description: text.optional(),
  task: text.optional(),
  licence: text.optional(),
  notice: text.optional(),
  logInputs: z.boolean().optional(),
  explain: z.enum(['owner', 'callers']).optional(),
}

export const modelSchema = z.strictObject({ name: z.string(), ...fields })
export const modelChangeSchema = z.strictObject(fields)

const present = <Fields extends object>(body: Fields) =>
  // zod answers undefined only for members that were not sent.
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [Field in keyof Fields]?: Exclude<Fields[Field], undefined>
  }

const modelBody = ({ revision: _, createdAtMs, ...model }: Model, aliases: readonly Alias[]) => ({
  ...model,
  createdAt: new Date(createdAtMs).toISOString(),
  aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
})

/** The model, or UNKNOWN_MODEL. */
export const requireModel = async ({ findModel }: Pick<ControlPorts, 'findModel'>, name = ''): Promise<Model> => {
  const model = await findModel(requireName('model', name))
  if (!model) throw unknownModel(name)
  return model
}

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listModels(parsePage(query))
  const aliases = await Promise.all(items.map(({ name }) => ports.listAliases(name)))
  return json(200, { models: items.map((model, i) => modelBody(model, aliases[i] ?? [])), ...(next && { next }) })
}

const create: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(modelSchema, request)
  const name = requireName('model', body.name)
  const before = await ports.readModel(name)
  if (before && before.deletedAtMs === undefined) throw new PercallError('CONFLICT', `model ${name}: it exists already`)
  // A name that was removed goes on counting its versions where it ended.
  const revision = before?.revision ?? 0
  const atMs = ports.nowMs()
  const created = { createdAtMs: atMs, lastVersion: before?.lastVersion ?? 0, revision: revision + 1 }
  const model = { ...present(body), name, ...created }
  const { keyId: actor } = request.principal
  const row = auditOfModel({ actor, action: 'model.create', before: undefined, after: model, atMs })
  await ports.putModel(model, revision, row)
  return json(201, modelBody(model, []), etag(model.revision))
}

const show: ControlRoute['run'] = async ({ params }, ports) => {
  const model = await requireModel(ports, params.model)
  return json(200, modelBody(model, await ports.listAliases(model.name)), etag(model.revision))
}

const change: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(modelChangeSchema, request)
  const before = await requireModel(ports, request.params.model)
  requireRevision(request.headers, `model ${before.name}`, before.revision)
  const model = { ...before, ...present(body), revision: before.revision + 1 }
  const { keyId: actor } = request.principal
  const row = auditOfModel({ actor, action: 'model.change', before, after: model, atMs: ports.nowMs() })
  await ports.putModel(model, before.revision, row)
  return json(200, modelBody(model, await ports.listAliases(model.name)), etag(model.revision))
}

const remove: ControlRoute['run'] = async ({ params, headers, principal }, ports) => {
  const model = await requireModel(ports, params.model)
  requireRevision(headers, `model ${model.name}`, model.revision)
  if (await ports.findTrigger(model.name))
    throw new PercallError(
      'IN_USE',
      `model ${model.name}: expected no trigger, which would make it anew; remove that first`,
    )
  const [aliases, versions] = await Promise.all([ports.listAliases(model.name), ports.listAllVersions(model.name)])
  if (aliases.length > 0 || versions.length > 0)
    throw new PercallError(
      'IN_USE',
      `model ${model.name}: expected no aliases or versions, got aliases [${aliases.map(({ alias }) => alias)}] ` +
        `and versions [${versions.map(({ number }) => number)}]`,
    )
  const { name, createdAtMs, lastVersion, revision } = model
  const deletedAtMs = ports.nowMs()
  const change = { actor: principal.keyId, action: 'model.remove', before: model, after: undefined, atMs: deletedAtMs }
  const removed = { name, createdAtMs, lastVersion, revision: revision + 1, deletedAtMs }
  await ports.putModel(removed, revision, auditOfModel(change))
  return noContent
}

export const modelRoutes = [
  { method: 'GET', path: '/api/models', access: 'owner', run: list },
  { method: 'POST', path: '/api/models', access: 'owner', run: create },
  { method: 'GET', path: '/api/models/{model}', access: 'owner', run: show },
  { method: 'PATCH', path: '/api/models/{model}', access: 'owner', run: change },
  { method: 'DELETE', path: '/api/models/{model}', access: 'owner', run: remove },
] as const satisfies readonly ControlRoute[]
