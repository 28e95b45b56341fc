import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { parseJson } from '../../src/body.ts'
import { type DatasetVersion, unknownDataset } from '../../src/dataset/dataset.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { beginRun, checkFits } from '../../src/run/begin-run.ts'
import { requireDeployed } from '../../src/run/engine/engine.ts'
import { parseRunRequest, type RunRequest } from '../../src/run/request.ts'
import { isOpen, type Run, type RunEvent } from '../../src/run/run.ts'
import { jsonText } from '../middleware/decode.ts'
import { json, type Route } from '../route.ts'

type ControlRoute = Route<ControlPorts>

const runBody = ({ same: _, events: __, createdAtMs, endedAtMs, ...run }: Run) => ({
  ...run,
  createdAt: new Date(createdAtMs).toISOString(),
  ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
})

const eventBody = ({ atMs, ...event }: RunEvent) => ({ ...event, at: new Date(atMs).toISOString() })

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listRuns(parsePage(query))
  return json(200, { runs: items.map(runBody), ...(next && { next }) })
}

const versionFor = async (ports: ControlPorts, { dataset, datasetVersion }: RunRequest): Promise<DatasetVersion> => {
  const version =
    datasetVersion === undefined
      ? await ports.latestDatasetVersion(dataset)
      : await ports.findDatasetVersion(dataset, datasetVersion)
  if (!version) throw unknownDataset(dataset, datasetVersion)
  return version
}

const create: ControlRoute['run'] = async (httpRequest, ports) => {
  const request = parseRunRequest(parseJson(jsonText(httpRequest)))
  requireDeployed(request.engine, ports.engines)
  const version = await versionFor(ports, request)
  checkFits(request, version)
  const id = ports.newRunId()
  const run = await beginRun(ports)(id, request, version)
  const location = `/api/runs/${run.id}`
  return json(202, { id: run.id, state: run.state, joined: run.id !== id }, { location })
}

const show: ControlRoute['run'] = async ({ params }, ports) =>
  json(200, runBody(await ports.requireRun(params.run ?? '')))

const afterOf = (query: URLSearchParams): number => {
  const text = query.get('after') ?? query.get('next') ?? '0'
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new PercallError('BAD_REQUEST', `after: expected the sequence of an event, got ${text}`)
}

/** `next` is the sequence of the last event, also on the last page: whoever follows a run asks on from there. */
const events: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { id } = await ports.requireRun(params.run ?? '')
  const after = afterOf(query)
  const { limit } = parsePage(query)
  const items = await ports.listRunEvents(id, { limit, after })
  return json(200, { events: items.map(eventBody), next: String(items.at(-1)?.sequence ?? after) })
}

const leaderboard: ControlRoute['run'] = async ({ params }, ports) => {
  const { leaderboard: trials = [] } = await ports.requireRun(params.run ?? '')
  return json(200, { trials })
}

/** The row first: a fit in flight reads it and stops. A second call stops an execution that the first one could not. */
const cancel: ControlRoute['run'] = async ({ params }, ports) => {
  const run = await ports.requireRun(params.run ?? '')
  const ended = isOpen(run) ? await ports.endRun(run.id, run.attempt, { state: 'cancelled' }) : undefined
  const after = ended ?? (await ports.requireRun(run.id))
  if (after.state !== 'cancelled')
    throw new PercallError('RUN_ENDED', `run ${run.id}: expected an open run to cancel, it is ${after.state}`)
  await ports.stopExecution(after)
  return json(200, runBody(after))
}

const one = '/api/runs/{run}'

export const runRoutes = [
  { method: 'GET', path: '/api/runs', access: 'owner', run: list },
  { method: 'POST', path: '/api/runs', access: 'owner', run: create },
  { method: 'GET', path: one, access: 'owner', run: show },
  { method: 'GET', path: `${one}/events`, access: 'owner', run: events },
  { method: 'GET', path: `${one}/leaderboard`, access: 'owner', run: leaderboard },
  { method: 'POST', path: `${one}/cancel`, access: 'owner', run: cancel },
] as const satisfies readonly ControlRoute[]
