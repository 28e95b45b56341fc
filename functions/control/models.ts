import * as z from 'zod'
import type { ControlPorts } from '../../adapters/wiring-control.ts'
import type { Alias } from '../../src/alias.ts'
import { PercallError } from '../../src/errors.ts'
import { type Model, requireName, unknownModel } from '../../src/model.ts'
import { parsePage } from '../../src/page.ts'
import { json, noContent, type Route } from '../route.ts'
import { etag, ifMatch } from './etag.ts'
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
  const created = { createdAtMs: ports.nowMs(), lastVersion: before?.lastVersion ?? 0, revision: revision + 1 }
  const model = { ...present(body), name, ...created }
  await ports.putModel(model, revision)
  return json(201, modelBody(model, []), etag(model.revision))
}

const show: ControlRoute['run'] = async ({ params }, ports) => {
  const model = await requireModel(ports, params.model)
  return json(200, modelBody(model, await ports.listAliases(model.name)), etag(model.revision))
}

const requireRevision = ({ name, revision }: Model, expected: number | undefined): void => {
  if (expected !== undefined && expected !== revision)
    throw new PercallError('STALE', `model ${name}: expected revision ${expected}, got ${revision}`)
}

const change: ControlRoute['run'] = async (request, ports) => {
  const body = jsonBody(modelChangeSchema, request)
  const before = await requireModel(ports, request.params.model)
  requireRevision(before, ifMatch(request.headers))
  const model = { ...before, ...present(body), revision: before.revision + 1 }
  await ports.putModel(model, before.revision)
  return json(200, modelBody(model, await ports.listAliases(model.name)), etag(model.revision))
}

const remove: ControlRoute['run'] = async ({ params, headers }, ports) => {
  const model = await requireModel(ports, params.model)
  requireRevision(model, ifMatch(headers))
  const [aliases, versions] = await Promise.all([ports.listAliases(model.name), ports.listAllVersions(model.name)])
  if (aliases.length > 0 || versions.length > 0)
    throw new PercallError(
      'IN_USE',
      `model ${model.name}: expected no aliases or versions, got aliases [${aliases.map(({ alias }) => alias)}] ` +
        `and versions [${versions.map(({ number }) => number)}]`,
    )
  const { name, createdAtMs, lastVersion, revision } = model
  await ports.putModel({ name, createdAtMs, lastVersion, revision: revision + 1, deletedAtMs: ports.nowMs() }, revision)
  return noContent
}

export const modelRoutes = [
  { method: 'GET', path: '/api/models', access: 'owner', run: list },
  { method: 'POST', path: '/api/models', access: 'owner', run: create },
  { method: 'GET', path: '/api/models/{model}', access: 'owner', run: show },
  { method: 'PATCH', path: '/api/models/{model}', access: 'owner', run: change },
  { method: 'DELETE', path: '/api/models/{model}', access: 'owner', run: remove },
] as const satisfies readonly ControlRoute[]
