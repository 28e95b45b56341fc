import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { type ErrorCode, errorTable, PercallError } from '../../src/errors.ts'
import { newReconciliation, type Reconciliation } from '../../src/ledger/reconciliation.ts'
import { reconciliationSchema } from '../../src/ledger/reconciliation-request.ts'
import { parsePage } from '../../src/page.ts'
import { isName } from '../../src/registry/model.ts'
import { json, type Route } from '../route.ts'
import { jsonBody } from './json-body.ts'
import { daysOf } from './usage.ts'

type ControlRoute = Route<ControlPorts>

/** No request met the fault, so none has an id to send. */
const hintOf = (code: ErrorCode): string =>
  code === 'INTERNAL'
    ? 'begin another one; if it stays, the log of the function Reconcile has the cause (locally: percall logs reconcile)'
    : errorTable[code].hint

const listedBody = (reconciliation: Reconciliation) => {
  const { id, state, by, fromMs, toMs, createdAtMs, endedAtMs, hours, rows, found, failure } = reconciliation
  return {
    ...{ id, state, by },
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    createdAt: new Date(createdAtMs).toISOString(),
    ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
    ...{ hours, rows, found },
    ...(failure && { error: { ...failure, hint: hintOf(failure.code) } }),
  }
}

const bodyOf = (reconciliation: Reconciliation) => ({
  ...listedBody(reconciliation),
  differences: reconciliation.differences,
})

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listReconciliations(parsePage(query))
  return json(200, { reconciliations: items.map(listedBody), ...(next && { next }) })
}

const begin: ControlRoute['run'] = async (request, ports) => {
  const body = request.body.length === 0 ? {} : jsonBody(reconciliationSchema, request)
  const nowMs = ports.nowMs()
  const begun = newReconciliation(ports.newReconciliationId(nowMs), request.principal.keyId, daysOf(body, ports), nowMs)
  await ports.createReconciliation(begun)
  // One whose function was not reached is taken up by the next tick.
  await ports.startReconciliation(begun.id).catch(() => undefined)
  return json(202, bodyOf(begun), { location: `/api/reconciliations/${begun.id}` })
}

const show: ControlRoute['run'] = async ({ params: { reconciliation: id = '' } }, ports) => {
  // A text that cannot be an id is not looked up: DynamoDB refuses empty and overlong keys.
  const found = isName(id) ? await ports.readReconciliation(id) : undefined
  if (!found) throw new PercallError('UNKNOWN_RECONCILIATION', `reconciliation ${id}: it does not exist`)
  return json(200, bodyOf(found))
}

/** Rows compared with totals, records, balances and invoices. */
export const reconciliationRoutes = [
  { method: 'GET', path: '/api/reconciliations', access: 'owner', run: list },
  { method: 'POST', path: '/api/reconciliations', access: 'owner', run: begin },
  { method: 'GET', path: '/api/reconciliations/{reconciliation}', access: 'owner', run: show },
] as const satisfies readonly ControlRoute[]
