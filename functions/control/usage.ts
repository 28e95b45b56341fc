import { nextOf, sortKeyOf } from '../../adapters/aws/table.ts'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { csvLine } from '../../src/csv/csv-line.ts'
import { PercallError } from '../../src/errors.ts'
import { dayOf, startOfDay } from '../../src/ledger/hour.ts'
import type { HourRange, HourTotal } from '../../src/ledger/totals.ts'
import { allUsageGroups, type UsageGroup, type UsageLine, usageBy, usageGroups } from '../../src/ledger/usage.ts'
import { parsePage } from '../../src/page.ts'
import { json, type Route, type RouteRequest, type RouteResponse } from '../route.ts'
import { requireRecord } from './consumers.ts'

type ControlRoute = Route<ControlPorts>
type Clock = Pick<ControlPorts, 'hourAt' | 'nowMs'>
type UsagePorts = Clock & Pick<ControlPorts, 'currency'>

const dayMs = 86_400_000
// A year of hours of one consumer are a few pages of the ledger.
const mostDays = 366
const mostLines = 1000
const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** The first instant of a local day. Throws BAD_REQUEST for another text. */
export const dayStart = ({ hourAt }: Pick<Clock, 'hourAt'>, field: string, text: string): number => {
  const utcMs = day.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // Date.parse takes 30 February for 2 March.
  if (!Number.isFinite(utcMs) || new Date(utcMs).toISOString().slice(0, text.length) !== text)
    throw new PercallError('BAD_REQUEST', `${field}: expected a day such as 2026-11-01, got ${text}`)
  return startOfDay(hourAt, text)
}

const groupOf = (text: string, groups: readonly UsageGroup[]): UsageGroup => {
  const group = groups.find((name) => name === text)
  if (!group) throw new PercallError('BAD_REQUEST', `by: expected ${groups.join(', ')}, got ${text}`)
  return group
}

type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

/** Throws BAD_REQUEST for days that hold none: `to` is not included. */
export const requireDays = ({ fromMs, toMs }: HourRange, { from, to }: Days): void => {
  if (fromMs >= toMs)
    throw new PercallError(
      'BAD_REQUEST',
      to === undefined
        ? `from: expected a day that has begun, got ${from}`
        : `from, to: expected a day behind from as to, which is not included, got ${from ?? 'the first of this month'} to ${to}`,
    )
}

/** Local days from..to, `to` not included; the current month, or until now, without them. Throws BAD_REQUEST. */
export const daysOf = (days: Days, clock: Clock): HourRange => {
  const { from, to } = days
  const now = clock.hourAt(clock.nowMs())
  // The clocks of environments differ a little: the hour after this one may have rows already.
  const endMs = clock.hourAt(now.endMs).endMs
  const fromMs = dayStart(clock, 'from', from ?? `${dayOf(now).slice(0, 'YYYY-MM'.length)}-01`)
  const asked = to === undefined ? endMs : dayStart(clock, 'to', to)
  requireDays({ fromMs, toMs: asked }, days)
  const toMs = Math.min(asked, endMs)
  return { fromMs, toMs: Math.max(fromMs, toMs) }
}

type Read = (range: HourRange, add: (total: HourTotal) => void) => Promise<void>

/** What was used in the query's days since `sinceMs`, by model unless it says otherwise. Throws BAD_REQUEST for more than 366 days. */
const read = async (
  query: URLSearchParams,
  ports: UsagePorts,
  of: { readonly sinceMs: number; readonly groups: readonly UsageGroup[]; readonly read: Read },
) => {
  const group = groupOf(query.get('by') ?? 'model', of.groups)
  const asked = daysOf({ from: query.get('from') ?? undefined, to: query.get('to') ?? undefined }, ports)
  const range = { ...asked, fromMs: Math.max(asked.fromMs, of.sinceMs) }
  // An hour more in autumn.
  if (range.toMs - range.fromMs > (mostDays + 1) * dayMs)
    throw new PercallError(
      'BAD_REQUEST',
      `from, to: expected at most ${mostDays} days, got ${query.get('from')} to ${query.get('to') ?? 'now'}`,
    )
  const sums = usageBy(group)
  if (range.fromMs < range.toMs) await of.read(range, sums.add)
  return { group, asked, totals: sums.totals(), lines: sums.lines() }
}

/** The lines of a page, behind the name that `next` stands for. */
const pageOf = (lines: readonly UsageLine[], query: URLSearchParams) => {
  const { limit, next } = query.has('limit') ? parsePage(query) : { ...parsePage(query), limit: mostLines }
  const start = next === undefined ? 0 : lines.findIndex(({ name }) => name === sortKeyOf(next)) + 1
  if (next !== undefined && start === 0)
    throw new PercallError('BAD_REQUEST', `next: expected the word that the last page gave, got ${next}`)
  const shown = lines.slice(start, start + limit)
  const last = shown.at(-1)
  return { shown, ...(last && start + limit < lines.length && { next: nextOf(last.name) }) }
}

const bodyOf = (
  { group, asked, totals, lines }: Awaited<ReturnType<typeof read>>,
  query: URLSearchParams,
  currency: string,
) => {
  const { shown, next } = pageOf(lines, query)
  return {
    from: new Date(asked.fromMs).toISOString(),
    to: new Date(asked.toMs).toISOString(),
    currency,
    totals,
    by: shown.map(({ name, ...sum }) => ({ [group]: name, ...sum })),
    ...(next && { next }),
  }
}

/** A consumer's usage, never of before it was made. */
const readOf = (
  { id, createdAtMs }: { readonly id: string; readonly createdAtMs: number },
  query: URLSearchParams,
  ports: UsagePorts & Pick<ControlPorts, 'readUsage'>,
) =>
  read(query, ports, {
    // The clock that charges may be behind.
    sinceMs: ports.hourAt(ports.hourAt(createdAtMs).startMs - 1).startMs,
    groups: usageGroups,
    read: (range, add) => ports.readUsage(id, range, add),
  })

/**
 * Usage of the local days from..to, `to` not included; the current month and by model unless the query says otherwise.
 * Throws BAD_REQUEST for more than 366 days.
 */
export const usageOf = async (
  consumer: Parameters<typeof readOf>[0],
  query: URLSearchParams,
  ports: Parameters<typeof readOf>[2],
) => bodyOf(await readOf(consumer, query, ports), query, ports.currency)

const wantsCsv = ({ headers }: Pick<RouteRequest, 'headers'>): boolean => /^\s*text\/csv\b/i.test(headers.accept ?? '')

/** JSON, or every line as CSV where that is asked for first. */
const answer = (
  usage: Awaited<ReturnType<typeof read>>,
  request: Pick<RouteRequest, 'headers' | 'query'>,
  currency: string,
): RouteResponse => {
  if (!wantsCsv(request)) return json(200, bodyOf(usage, request.query, currency))
  const { group, lines } = usage
  const rows = lines.map(({ name, calls, units, cost }) => [name, calls, units, cost, currency])
  const text = [[group, 'calls', 'units', 'cost', 'currency'], ...rows].map(csvLine)
  return {
    status: 200,
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: `${text.join('\r\n')}\r\n`,
  }
}

const show: ControlRoute['run'] = async (request, ports) => {
  const consumer = await requireRecord(ports, request.params.consumer)
  return answer(await readOf(consumer, request.query, ports), request, ports.currency)
}

const showAll: ControlRoute['run'] = async (request, ports) => {
  const of = { sinceMs: 0, groups: allUsageGroups, read: ports.readAllUsage }
  return answer(await read(request.query, ports, of), request, ports.currency)
}

export const usageRoutes = [
  { method: 'GET', path: '/api/consumers/{consumer}/usage', access: 'owner', run: show },
  { method: 'GET', path: '/api/usage', access: 'owner', run: showAll },
] as const satisfies readonly ControlRoute[]
