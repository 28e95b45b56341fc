import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { auditOfTrigger } from '../../src/access/audited.ts'
import { unknownDataset } from '../../src/dataset/dataset.ts'
import { parsePage } from '../../src/page.ts'
import { requireName } from '../../src/registry/model.ts'
import type { Arrival } from '../../src/retrain/arrival.ts'
import type { Decision } from '../../src/retrain/consider.ts'
import { type Trigger, triggerOf, triggerSchema, unknownTrigger } from '../../src/retrain/trigger.ts'
import { checkFits } from '../../src/run/begin-run.ts'
import { requireDeployed } from '../../src/run/engine/engine.ts'
import { json, noContent, type Route } from '../route.ts'
import { etag, requireRevision } from './etag.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const isoTime = (ms: number): string => new Date(ms).toISOString()

const triggerBody = ({ request, nextDueAtMs, createdAtMs, revision: _, ...trigger }: Trigger) => {
  const { model: __, datasetVersion: ___, ...run } = request
  return {
    ...trigger,
    run,
    ...(nextDueAtMs !== undefined && { nextDueAt: isoTime(nextDueAtMs) }),
    createdAt: isoTime(createdAtMs),
  }
}

const decisionBody = ({ model: _, atMs, ...decision }: Decision) => ({ ...decision, at: isoTime(atMs) })

const arrivalBody = ({ dataset: _, sequence: __, atMs, ...arrival }: Arrival) => ({ ...arrival, at: isoTime(atMs) })

const requireTrigger = async (ports: ControlPorts, name = ''): Promise<Trigger> => {
  const trigger = await ports.findTrigger(requireName('model', name))
  if (!trigger) throw unknownTrigger(name)
  return trigger
}

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listTriggers(parsePage(query))
  return json(200, { triggers: items.map(triggerBody), ...(next && { next }) })
}

const show: ControlRoute['run'] = async ({ params }, ports) => {
  const trigger = await requireTrigger(ports, params.model)
  return json(200, triggerBody(trigger), etag(trigger.revision))
}

/** The dataset must be there; its columns are looked at where it has a version already. */
const put: ControlRoute['run'] = async (request, ports) => {
  const model = requireName('model', request.params.model ?? '')
  const body = jsonBody(triggerSchema, request)
  const before = await ports.findTrigger(model)
  requireRevision(request.headers, `trigger of model ${model}`, before?.revision)
  const trigger = triggerOf(model, body, before, ports.nowMs())
  const { dataset, engine } = trigger.request
  requireDeployed(engine, ports.engines)
  if (!(await ports.findDataset(dataset))) throw unknownDataset(dataset)
  const latest = await ports.latestDatasetVersion(dataset)
  if (latest) checkFits(trigger.request, latest)
  const action = before ? 'trigger.change' : 'trigger.create'
  const { keyId: actor } = request.principal
  const row = auditOfTrigger({ actor, action, before, after: trigger, atMs: ports.nowMs() })
  await ports.putTrigger(trigger, before, row)
  return json(200, triggerBody(trigger), etag(trigger.revision))
}

const remove: ControlRoute['run'] = async ({ params, headers, principal }, ports) => {
  const trigger = await requireTrigger(ports, params.model)
  requireRevision(headers, `trigger of model ${trigger.model}`, trigger.revision)
  const change = { actor: principal.keyId, action: 'trigger.remove', before: trigger, after: undefined }
  await ports.removeTrigger(trigger, auditOfTrigger({ ...change, atMs: ports.nowMs() }))
  return noContent
}

/** Also of a trigger that was removed. */
const decisions: ControlRoute['run'] = async ({ params, query }, ports) => {
  const model = requireName('model', params.model ?? '')
  const { items, next } = await ports.listDecisions(model, parsePage(query))
  if (items.length === 0 && !query.has('next')) await requireTrigger(ports, model)
  return json(200, { decisions: items.map(decisionBody), ...(next && { next }) })
}

/** Also of a dataset that is not there: its objects were refused for that. */
const arrivals: ControlRoute['run'] = async ({ params, query }, ports) => {
  const dataset = requireName('dataset', params.dataset ?? '')
  const { items, next } = await ports.listArrivals(dataset, parsePage(query))
  if (items.length === 0 && !(await ports.findDataset(dataset))) throw unknownDataset(dataset)
  return json(200, { arrivals: items.map(arrivalBody), ...(next && { next }) })
}

const one = '/api/triggers/{model}'

export const triggerRoutes = [
  { method: 'GET', path: '/api/triggers', access: 'owner', run: list },
  { method: 'GET', path: one, access: 'owner', run: show },
  { method: 'PUT', path: one, access: 'owner', run: put },
  { method: 'DELETE', path: one, access: 'owner', run: remove },
  { method: 'GET', path: `${one}/decisions`, access: 'owner', run: decisions },
  { method: 'GET', path: '/api/datasets/{dataset}/arrivals', access: 'owner', run: arrivals },
] as const satisfies readonly ControlRoute[]
