import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { ownerId } from '../../src/access/consumer.ts'
import { type Credit, creditAmount, creditSchema } from '../../src/billing/credit.ts'
import { formatNano } from '../../src/billing/money.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { json, type Route } from '../route.ts'
import { requireConsumer, requireRecord } from './consumers.ts'
import { jsonBody } from './json-body.ts'
import { namedOnce } from './named-once.ts'

type ControlRoute = Route<ControlPorts>

const creditBody = ({ id, amountNano, memo, actor, createdAtMs }: Credit) => ({
  id,
  amount: formatNano(amountNano),
  memo,
  actor,
  createdAt: new Date(createdAtMs).toISOString(),
})

/** A repetition under the same id, or without one under the same Idempotency-Key, answers the credit that is there. */
const give: ControlRoute['run'] = async (request, ports) => {
  const { id, amount, memo } = jsonBody(creditSchema, request)
  const consumer = await requireConsumer(ports, request.params.consumer)
  if (consumer.id === ownerId)
    throw new PercallError('CONFLICT', 'consumer owner: its calls are free, it has no balance')
  const createdAtMs = ports.nowMs()
  const named = id === undefined ? namedOnce(request, ports, createdAtMs) : { id, keyed: false }
  const { credit, isNew } = await ports.putCredit(
    {
      id: named.id,
      consumerId: consumer.id,
      amountNano: creditAmount(amount),
      memo,
      actor: request.principal.keyId,
      createdAtMs,
    },
    named.keyed,
  )
  return json(isNew ? 201 : 200, creditBody(credit))
}

const list: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { id } = await requireRecord(ports, params.consumer)
  const { items, next } = await ports.listCredits(id, parsePage(query))
  return json(200, { credits: items.map(creditBody), ...(next && { next }) })
}

export const creditRoutes = [
  { method: 'GET', path: '/api/consumers/{consumer}/credits', access: 'owner', run: list },
  { method: 'POST', path: '/api/consumers/{consumer}/credits', access: 'owner', run: give },
] as const satisfies readonly ControlRoute[]
