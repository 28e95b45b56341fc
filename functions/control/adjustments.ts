import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { type Consumer, ownerId } from '../../src/access/consumer.ts'
import { type Adjustment, adjustmentAmount, adjustmentSchema } from '../../src/billing/adjustment.ts'
import { formatNano } from '../../src/billing/money.ts'
import { PercallError } from '../../src/errors.ts'
import { json, type Route } from '../route.ts'
import { requireRecord } from './consumers.ts'
import { monthsOf } from './invoices.ts'
import { jsonBody } from './json-body.ts'
import { namedOnce } from './named-once.ts'

type ControlRoute = Route<ControlPorts>

const adjustmentBody = ({ id, month, amountNano, memo, actor, createdAtMs }: Adjustment) => ({
  id,
  month,
  amount: formatNano(amountNano),
  memo,
  actor,
  createdAt: new Date(createdAtMs).toISOString(),
})

/** The current month, or another one that is invoiced. */
const requireMonth = (consumer: Consumer, ports: ControlPorts, month?: string): string => {
  const { first, last } = monthsOf(consumer, ports)
  if (month !== undefined && (month < first || month > last))
    throw new PercallError('BAD_REQUEST', `body.month: expected a month ${first} to ${last}, got ${month}`)
  return month ?? last
}

const adjust: ControlRoute['run'] = async (request, ports) => {
  const { amount, memo, month } = jsonBody(adjustmentSchema, request)
  const consumer = await requireRecord(ports, request.params.consumer)
  if (consumer.id === ownerId)
    throw new PercallError('CONFLICT', 'consumer owner: its calls are free, it has no invoices')
  const createdAtMs = ports.nowMs()
  const { adjustment, isNew } = await ports.putAdjustment(
    {
      id: namedOnce(request, ports, createdAtMs).id,
      consumerId: consumer.id,
      month: requireMonth(consumer, ports, month),
      amountNano: adjustmentAmount(amount),
      memo,
      actor: request.principal.keyId,
      createdAtMs,
    },
    month !== undefined,
  )
  return json(isNew ? 201 : 200, adjustmentBody(adjustment))
}

const list: ControlRoute['run'] = async ({ params }, ports) => {
  const { id } = await requireRecord(ports, params.consumer)
  const { adjustments } = await ports.listAdjustments(id)
  return json(200, { adjustments: adjustments.map(adjustmentBody) })
}

export const adjustmentRoutes = [
  { method: 'GET', path: '/api/consumers/{consumer}/adjustments', access: 'owner', run: list },
  { method: 'POST', path: '/api/consumers/{consumer}/adjustments', access: 'owner', run: adjust },
] as const satisfies readonly ControlRoute[]
