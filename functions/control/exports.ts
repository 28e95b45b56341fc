import * as z from 'zod'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { auditRow } from '../../src/access/audit.ts'
import { json, noContent, type Route } from '../route.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

const mostRefusals = 100

const list: ControlRoute['run'] = async (_, ports) => {
  const folded = await ports.lastFolded()
  const exports = await Promise.all(
    Object.entries(ports.exporters).map(async ([name, on]) => {
      const cursor = await ports.readExportCursor(name)
      const { items } = await ports.listRefusals(name, { limit: mostRefusals })
      return { name, on, done: cursor?.done ?? 0, folded, refused: items.map(({ id, reason }) => ({ id, reason })) }
    }),
  )
  return json(200, { exports })
}

export const stripeKeySchema = z.strictObject({
  /** Secret, or restricted to writing meter events. */
  key: z.string().regex(/^(?:sk|rk)_\w{8,250}$/, 'expected a key of Stripe, sk_... or rk_...'),
})

const putKey: ControlRoute['run'] = async (request, ports) => {
  const { key } = jsonBody(stripeKeySchema, request)
  const { keyId } = request.principal
  const told = { kind: key.slice(0, 'rk_'.length) }
  await ports.putStripeKey(key, auditRow(keyId, 'export.key', 'export/stripe', undefined, told, ports.nowMs()))
  return noContent
}

export const exportRoutes = [
  { method: 'GET', path: '/api/exports', access: 'owner', run: list },
  { method: 'PUT', path: '/api/exports/stripe/key', access: 'owner', run: putKey },
] as const satisfies readonly ControlRoute[]
