import type { ListedAuditRow } from '../../adapters/access/audit.ts'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { parsePage } from '../../src/page.ts'
import { json, type Route } from '../route.ts'
import { dayStart, requireDays } from './usage.ts'

type ControlRoute = Route<ControlPorts>

// Years of four digits sort as text.
const endOfTimeMs = Date.UTC(9999, 0)

const auditBody = ({ id, atMs, actor, action, of, from, to }: ListedAuditRow) => ({
  id,
  at: new Date(atMs).toISOString(),
  actor,
  action,
  of,
  from,
  to,
})

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const at = (name: 'from' | 'to', otherwise: number): number => {
    const text = query.get(name)
    return text === null ? otherwise : dayStart(ports, name, text)
  }
  const of = query.get('of')
  const by = query.get('by')
  const asked = { ...(of && { of }), ...(by && { by }), fromMs: at('from', 0), toMs: at('to', endOfTimeMs) }
  requireDays(asked, { from: query.get('from') ?? undefined, to: query.get('to') ?? undefined })
  const { items, next } = await ports.listAudit(asked, parsePage(query))
  return json(200, { changes: items.map(auditBody), ...(next && { next }) })
}

/** Who changed what, when, from what to what. Rows are put with their change, and nothing alters them. */
export const auditRoutes = [
  { method: 'GET', path: '/api/audit', access: 'owner', run: list },
] as const satisfies readonly ControlRoute[]
