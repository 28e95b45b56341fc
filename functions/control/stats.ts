import { keptDays } from '../../adapters/calls/counts.ts'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { type Counts, countsOf, failedOf, percentileMs } from '../../src/call/counts.ts'
import { PercallError } from '../../src/errors.ts'
import { json, type Route } from '../route.ts'
import { requireModel } from './models.ts'

type ControlRoute = Route<ControlPorts>

const unitHours = { h: 1, d: 24 } as const
const hourMs = 3_600_000
const hoursPerDay = 24
const windowPattern = /^([1-9]\d{0,2})([hd])$/

const windowHours = (text: string): number => {
  const [, count, unit] = windowPattern.exec(text) ?? []
  const hours = Number(count) * unitHours[unit === 'd' ? 'd' : 'h']
  if (hours >= 1 && hours <= keptDays * hoursPerDay) return hours
  throw new PercallError('BAD_REQUEST', `window: expected 1h to ${keptDays}d, such as 24h or 7d, got ${text}`)
}

const mean = (sum: number, count: number): number | null => (count === 0 ? null : sum / count)

const statsBody = (counts: Counts) => ({
  calls: counts.ok,
  failed: failedOf(counts),
  errors: counts.failed,
  rows: counts.rows,
  coldStarts: counts.cold,
  p50Ms: percentileMs(counts, 0.5) ?? null,
  p95Ms: percentileMs(counts, 0.95) ?? null,
  p99Ms: percentileMs(counts, 0.99) ?? null,
  meanQueueMs: mean(counts.queueMs, counts.ok),
  meanInferMs: mean(counts.inferMs, counts.ok),
  lastCallAt: counts.lastAtMs === 0 ? null : new Date(counts.lastAtMs).toISOString(),
})

const show: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { name } = await requireModel(ports, params.model)
  const window = query.get('window') ?? '24h'
  // Whole hours of UTC: the running one, and as many before it as the window has.
  const sinceMs = Math.floor(ports.nowMs() / hourMs - windowHours(window)) * hourMs
  const versions = await ports.listAllVersions(name)
  const pages = await Promise.all(versions.map(({ number }) => ports.readCounts(name, number, sinceMs)))
  return json(200, {
    name,
    window,
    since: new Date(sinceMs).toISOString(),
    totals: statsBody(countsOf(pages.flat())),
    versions: versions.map(({ number }, i) => ({ version: number, ...statsBody(countsOf(pages[i] ?? [])) })),
  })
}

/** What the owner asks of a model: how often, how well, how fast. */
export const statsRoutes = [
  { method: 'GET', path: '/api/models/{model}/stats', access: 'owner', run: show },
] as const satisfies readonly ControlRoute[]
