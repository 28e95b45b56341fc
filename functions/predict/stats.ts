import { keptDays } from '../../adapters/calls/counts.ts'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { requireGrant } from '../../src/access/principal.ts'
import { type Counts, countsOf, failedOf } from '../../src/call/counts.ts'
import { parseReference } from '../../src/registry/version.ts'
import { json, type Route, type RouteRequest } from '../route.ts'

type StatsRoute = Route<PredictPorts>

const dayMs = 86_400_000
const nsPerMs = 1e6

const duration = (count: number, ms: number) => ({ count, ns: Math.round(ms * nsPerMs) })

// Nothing here queues, caches answers or copies tensors to another device; writing an answer is part of compute_infer.
const none = { count: 0, ns: 0 }

/** https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md */
const modelStat = (name: string, version: number, counts: Counts) => ({
  name,
  version: String(version),
  last_inference: counts.lastAtMs,
  inference_count: counts.rows,
  execution_count: counts.ok,
  inference_stats: {
    success: duration(counts.ok, counts.okMs),
    fail: duration(failedOf(counts), counts.failedMs),
    queue: duration(counts.ok, counts.queueMs),
    compute_input: duration(counts.ok, counts.parseMs),
    compute_infer: duration(counts.ok, counts.inferMs),
    compute_output: none,
    cache_hit: none,
    cache_miss: none,
  },
  response_stats: {},
  batch_stats: [],
  memory_usage: [],
})

/** The version that was named, by number or alias; every version of a model that was named alone. */
const versionsOf = async (request: RouteRequest, { resolve, listAllVersions }: PredictPorts) => {
  const { model = '', version } = request.params
  const reference = parseReference(model, version)
  requireGrant(request.principal, reference.model)
  const all = version === undefined && !model.includes('@') ? await listAllVersions(reference.model) : []
  return all.length > 0 ? all : [(await resolve(reference)).version]
}

const show: StatsRoute['run'] = async (request, ports) => {
  const versions = await versionsOf(request, ports)
  // What this environment has not put yet is part of the answer.
  await ports.flushCounts()
  const { role, consumerId } = request.principal
  const sinceMs = Date.now() - keptDays * dayMs
  const counts = await Promise.all(versions.map(({ model, number }) => ports.readCounts(model, number, sinceMs)))
  const stat = ({ model, number }: (typeof versions)[number], i: number) =>
    modelStat(model, number, countsOf(counts[i] ?? [], role === 'owner' ? undefined : consumerId))
  return json(200, { model_stats: versions.map(stat) })
}

/** Triton's statistics extension. An owner sees all calls, a consumer its own. */
export const statsRoutes = [
  { method: 'GET', path: '/v2/models/{model}/stats', access: 'key', run: show },
  { method: 'GET', path: '/v2/models/{model}/versions/{version}/stats', access: 'key', run: show },
] as const satisfies readonly StatsRoute[]
