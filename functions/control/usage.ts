import type { ControlPorts } from '../../adapters/wiring-control.ts'
import { PercallError } from '../../src/errors.ts'
import { dayOf, hoursBetween, startOfDay } from '../../src/hour.ts'
import { totalUsage, type UsageGroup, usageGroups } from '../../src/usage.ts'
import { json, type Route } from '../route.ts'
import { requireRecord } from './consumers.ts'

type ControlRoute = Route<ControlPorts>
type UsagePorts = Pick<ControlPorts, 'readUsage' | 'hourAt' | 'nowMs' | 'currency'>

// Every hour is one query, so a range has an end: the longest month, the hour that autumn adds, and the hour after this one.
const mostHours = 31 * 24 + 2
const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

const dayStart = ({ hourAt }: UsagePorts, field: string, text: string): number => {
  const utcMs = day.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // Date.parse takes 30 February for 2 March.
  if (!Number.isFinite(utcMs) || new Date(utcMs).toISOString().slice(0, text.length) !== text)
    throw new PercallError('BAD_REQUEST', `${field}: expected a day such as 2026-11-01, got ${text}`)
  return startOfDay(hourAt, text)
}

const groupOf = (text: string): UsageGroup => {
  const group = usageGroups.find((name) => name === text)
  if (!group) throw new PercallError('BAD_REQUEST', `by: expected ${usageGroups.join(', ')}, got ${text}`)
  return group
}

/**
 * Usage of the local days from..to, `to` not included; the current month and by model unless the query says otherwise.
 * Throws BAD_REQUEST for more than 31 days.
 */
export const usageOf = async (
  consumer: { readonly id: string; readonly createdAtMs: number },
  query: URLSearchParams,
  ports: UsagePorts,
) => {
  const { hourAt, nowMs, currency } = ports
  const group = groupOf(query.get('by') ?? 'model')
  const now = hourAt(nowMs())
  const from = dayStart(ports, 'from', query.get('from') ?? `${dayOf(now).slice(0, 'YYYY-MM'.length)}-01`)
  const to = query.get('to')
  // The clocks of environments differ a little: the hour after this one may have rows already, and the one before the first.
  const toMs = Math.min(to === null ? now.endMs + 1 : dayStart(ports, 'to', to), now.endMs + 1)
  const fromMs = Math.max(from, hourAt(hourAt(consumer.createdAtMs).startMs - 1).startMs)
  const hours = fromMs < toMs ? hoursBetween(hourAt, fromMs, Math.min(toMs, fromMs + 2 * mostHours * 3_600_000)) : []
  if (hours.length > mostHours)
    throw new PercallError('BAD_REQUEST', `from, to: expected at most 31 days, got ${from} to ${to ?? 'now'}`)
  const range = { from: new Date(from).toISOString(), to: new Date(Math.max(from, toMs)).toISOString(), currency }
  return { ...range, ...totalUsage(await ports.readUsage(consumer.id, hours), group) }
}

const show: ControlRoute['run'] = async ({ params, query }, ports) =>
  json(200, await usageOf(await requireRecord(ports, params.consumer), query, ports))

export const usageRoutes = [
  { method: 'GET', path: '/api/consumers/{consumer}/usage', access: 'owner', run: show },
] as const satisfies readonly ControlRoute[]
