import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { PercallError } from '../../src/errors.ts'
import { rowsHeader, totalsHeader } from '../../src/export/csv.ts'
import { csvPage, readPlace, writePlace } from '../../src/export/csv-page.ts'
import { dayOf } from '../../src/ledger/hour.ts'
import type { HourRange } from '../../src/ledger/totals.ts'
import { negotiate } from '../middleware/negotiate.ts'
import type { Route } from '../route.ts'
import { dayStart, requireDays } from './usage.ts'

type ControlRoute = Route<ControlPorts>

// Of the 29 s that the gateway waits.
const workMs = 15_000
const mostMs = 366 * 24 * 3_600_000

/** The days of a query, the current month unless it says otherwise. Throws BAD_REQUEST for more than a year. */
const rangeOf = (query: URLSearchParams, ports: ControlPorts): HourRange => {
  const now = ports.hourAt(ports.nowMs())
  const from = query.get('from')
  const fromMs = dayStart(ports, 'from', from ?? `${dayOf(now).slice(0, 'YYYY-MM'.length)}-01`)
  const to = query.get('to')
  const toMs = to === null ? now.endMs : dayStart(ports, 'to', to)
  requireDays({ fromMs, toMs }, { from: from ?? undefined, to: to ?? undefined })
  if (toMs - fromMs > mostMs)
    throw new PercallError(
      'BAD_REQUEST',
      `from, to: expected at most 366 days, got ${from ?? 'the first of this month'} to ${to ?? 'now'}`,
    )
  return { fromMs, toMs }
}

const details = ['totals', 'rows'] as const

const detailOf = (text: string): (typeof details)[number] => {
  const detail = details.find((name) => name === text)
  if (!detail) throw new PercallError('BAD_REQUEST', `detail: expected ${details.join(' or ')}, got ${text}`)
  return detail
}

const placeOf = (next: string | null) =>
  next === null ? undefined : readPlace(Buffer.from(next, 'base64url').toString())

/** RFC 8288: the same query with the place where this page ended. */
const linkOf = (query: URLSearchParams, next: string): string => {
  const following = new URLSearchParams(query)
  following.set('next', Buffer.from(next).toString('base64url'))
  return `</api/exports/usage.csv?${following}>; rel="next"`
}

/** One page; all pages one after another are the file, since only the first has the names of the columns. */
const show: ControlRoute['run'] = async ({ query, headers }, ports) => {
  const detail = detailOf(query.get('detail') ?? 'totals')
  const range = rangeOf(query, ports)
  const after = placeOf(query.get('next'))
  const untilMs = ports.nowMs() + workMs
  const header = detail === 'rows' ? rowsHeader : totalsHeader
  const parts = detail === 'rows' ? ports.rowParts(range, after) : ports.totalParts(range, after)
  const { text, next } = await csvPage(after ? '' : header, parts, () => ports.nowMs() < untilMs)
  const encoded = negotiate(headers, { body: text, headers: { 'content-type': 'text/csv; charset=utf-8' } })
  return {
    status: 200,
    body: encoded.body,
    headers: { ...encoded.headers, ...(next && { link: linkOf(query, writePlace(next)) }) },
  }
}

export const usageCsvRoutes = [
  { method: 'GET', path: '/api/exports/usage.csv', access: 'owner', run: show },
] as const satisfies readonly ControlRoute[]
