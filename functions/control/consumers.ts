import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { auditOfConsumer } from '../../src/access/audited.ts'
import {
  type Consumer,
  consumerChangeSchema,
  consumerSchema,
  ownerId,
  takenBuyer,
  withReceiverIds,
} from '../../src/access/consumer.ts'
import { changePlan } from '../../src/billing/change-plan.ts'
import { formatNano, parseNano } from '../../src/billing/money.ts'
import { amountIn, monthOf, type Payer, type Plan, payer, payersOf } from '../../src/billing/plan.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { isName } from '../../src/registry/model.ts'
import { json, noContent, type Route } from '../route.ts'
import { etag, ifMatch } from './etag.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

type MonthPorts = Pick<ControlPorts, 'hourAt' | 'nowMs'>

const monthNow = ({ hourAt, nowMs }: MonthPorts): string => monthOf(hourAt(nowMs()))

const consumerBody = (consumer: Consumer, ports: MonthPorts) => {
  const { id, plan, grants, limits, createdAtMs, deletedAtMs, caps, free, stripeCustomer, marketplaceCustomer } =
    consumer
  const month = monthNow(ports)
  const cap = plan === 'postpaid-capped' ? amountIn(caps, month) : undefined
  const freeNano = plan === 'prepaid' ? amountIn(free, month) : undefined
  return {
    id,
    plan,
    grants,
    ...(limits && { limits }),
    ...(stripeCustomer && { stripeCustomer }),
    ...(marketplaceCustomer && { marketplaceCustomer }),
    createdAt: new Date(createdAtMs).toISOString(),
    ...(deletedAtMs !== undefined && { deletedAt: new Date(deletedAtMs).toISOString() }),
    ...(cap !== undefined && { capPerMonth: formatNano(cap) }),
    ...(freeNano !== undefined && { freePerMonth: formatNano(freeNano) }),
  }
}

type BalancePorts = MonthPorts & Pick<ControlPorts, 'readBalance'>

const readBalances = async (payers: readonly Payer[], ports: BalancePorts) => {
  const found = await Promise.all(payers.map(async ({ kind, id }) => ({ kind, balance: await ports.readBalance(id) })))
  return found.flatMap(({ kind, balance }) =>
    balance
      ? [
          {
            kind,
            total: formatNano(balance.totalNano ?? 0),
            available: formatNano(balance.availableNano ?? 0),
            leased: formatNano(balance.leasedNano),
            spent: formatNano(balance.spentNano),
          },
        ]
      : [],
  )
}

const payersNow = (consumer: Consumer, ports: MonthPorts): readonly Payer[] =>
  payersOf(consumer, consumer.id, monthNow(ports)).filter(({ kind }) => kind !== 'unlimited')

/** What pays for a consumer's calls this month, in the order in which it is tried; an item that nothing used yet is left out. */
export const balancesOf = (consumer: Consumer, ports: BalancePorts) => readBalances(payersNow(consumer, ports), ports)

/** The same, and the credit of one that is not prepaid any more: it is owed all the same. */
const balancesOwed = (consumer: Consumer, ports: BalancePorts) => {
  const payers = payersNow(consumer, ports)
  const isPrepaid = payers.some(({ kind }) => kind === 'prepaid')
  return readBalances(isPrepaid ? payers : [...payers, payer('prepaid', consumer.id, monthNow(ports))], ports)
}

type Amounts = { readonly capPerMonth?: string | undefined; readonly freePerMonth?: string | undefined }

/** The amounts of a body. Throws BAD_REQUEST for one that its plan has no use for, and for a capped plan without a cap. */
const amountsOf = (plan: Plan, { capPerMonth, freePerMonth }: Amounts, isNew: boolean) => {
  const misplaced = (field: string, wanted: Plan) =>
    new PercallError('BAD_REQUEST', `body.${field}: expected none with plan ${plan}, it is of plan ${wanted}`)
  if (capPerMonth !== undefined && plan !== 'postpaid-capped') throw misplaced('capPerMonth', 'postpaid-capped')
  if (freePerMonth !== undefined && plan !== 'prepaid') throw misplaced('freePerMonth', 'prepaid')
  if (plan === 'postpaid-capped' && isNew && capPerMonth === undefined)
    throw new PercallError('BAD_REQUEST', 'body.capPerMonth: expected the most that a month may cost, such as "25"')
  return {
    ...(capPerMonth !== undefined && { capNano: parseNano('body.capPerMonth', capPerMonth) }),
    ...(freePerMonth !== undefined && { freeNano: parseNano('body.freePerMonth', freePerMonth) }),
  }
}

type ReadPort = Pick<ControlPorts, 'readConsumer'>

const unknownConsumer = (id: string): PercallError =>
  new PercallError('UNKNOWN_CONSUMER', `consumer ${id}: it does not exist`)

/** The consumer, also a removed one, whose usage stays; or UNKNOWN_CONSUMER. */
export const requireRecord = async ({ readConsumer }: ReadPort, id = ''): Promise<Consumer> => {
  // A text that cannot be an id is not looked up: DynamoDB refuses empty and overlong keys.
  const consumer = isName(id) ? await readConsumer(id) : undefined
  if (!consumer) throw unknownConsumer(id)
  return consumer
}

/** The consumer, or UNKNOWN_CONSUMER. */
export const requireConsumer = async (ports: ReadPort, id = ''): Promise<Consumer> => {
  const consumer = await requireRecord(ports, id)
  if (consumer.deletedAtMs !== undefined) throw unknownConsumer(id)
  return consumer
}

/** A consumer that may be changed. Throws CONFLICT for the built-in `owner`, STALE for another If-Match. */
const requireChangeable = async (headers: Parameters<typeof ifMatch>[0], ports: ControlPorts, id = '') => {
  if (id === ownerId) throw new PercallError('CONFLICT', 'consumer owner: it is built in and cannot be changed')
  const consumer = await requireConsumer(ports, id)
  const revision = ifMatch(headers)
  if (revision !== undefined && revision !== consumer.revision)
    throw new PercallError('STALE', `consumer ${id}: expected revision ${revision}, it is ${consumer.revision}`)
  return consumer
}

const changedMeanwhile = ({ id }: Consumer): PercallError =>
  new PercallError('CONFLICT', `consumer ${id}: another change came at the same time`)

const mostAtOnce = 1000

/** Throws CONFLICT where another consumer is this buyer, whose record may be from before the change itself refused it. */
const requireOwnBuyer = async ({ listConsumers }: ControlPorts, id: string, buyer: string): Promise<void> => {
  let next: string | undefined
  do {
    const page = await listConsumers({ limit: mostAtOnce, ...(next !== undefined && { next }) })
    const other = page.items.find((one) => one.marketplaceCustomer === buyer && one.id !== id)
    if (other) throw takenBuyer(buyer, other.id)
    next = page.next
  } while (next !== undefined)
}

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listConsumers(parsePage(query))
  return json(200, { consumers: items.map((one) => consumerBody(one, ports)), ...(next && { next }) })
}

const create: ControlRoute['run'] = async (request, ports) => {
  const { id, plan, grants, limits, ...payment } = jsonBody(consumerSchema, request)
  const atMs = ports.nowMs()
  const draft = { id, plan, grants, ...(limits && { limits }), createdAtMs: atMs, revision: 0 }
  const consumer = changePlan(draft, amountsOf(plan, payment, true), monthNow(ports)).after
  const { keyId: actor } = request.principal
  const row = auditOfConsumer({ actor, action: 'consumer.create', before: undefined, after: consumer, atMs })
  if (id === ownerId || !(await ports.putConsumer(consumer, row)))
    throw new PercallError('CONFLICT', `consumer ${id}: expected a new id, it is or was in use`)
  return json(201, consumerBody(consumer, ports), etag(consumer.revision))
}

// A removed one, too: what is left of its credit is owed.
const show: ControlRoute['run'] = async ({ params }, ports) => {
  const consumer = await requireRecord(ports, params.consumer)
  const balances = await balancesOwed(consumer, ports)
  return json(200, { ...consumerBody(consumer, ports), balances }, etag(consumer.revision))
}

const change: ControlRoute['run'] = async (request, ports) => {
  const { grants, limits, plan, stripeCustomer, marketplaceCustomer, ...payment } = jsonBody(
    consumerChangeSchema,
    request,
  )
  const before = await requireChangeable(request.headers, ports, request.params.consumer)
  if (marketplaceCustomer) await requireOwnBuyer(ports, before.id, marketplaceCustomer)
  const becomes = plan ?? before.plan
  const amounts = amountsOf(becomes, payment, becomes !== before.plan)
  const { after: paid, months } = changePlan(before, { plan: becomes, ...amounts }, monthNow(ports))
  const { limits: limitsBefore, ...rest } = withReceiverIds(paid, { stripeCustomer, marketplaceCustomer })
  const limitsAfter = limits === undefined ? limitsBefore : limits
  const after = { ...rest, ...(grants && { grants }), ...(limitsAfter && { limits: limitsAfter }) }
  const { keyId: actor } = request.principal
  const row = auditOfConsumer({ actor, action: 'consumer.change', before, after, atMs: ports.nowMs() })
  const asksBuyer = marketplaceCustomer !== undefined
  if (!(await ports.changeConsumer({ before, after, months, asksBuyer }, row))) throw changedMeanwhile(after)
  const body = { ...consumerBody(after, ports), ...(grants && { grantsBefore: before.grants }) }
  return json(200, body, etag(after.revision))
}

// Its usage stays readable in the ledger, and its id is not given again.
const remove: ControlRoute['run'] = async ({ headers, params, principal }, ports) => {
  const before = await requireChangeable(headers, ports, params.consumer)
  const atMs = ports.nowMs()
  const after = { ...before, deletedAtMs: atMs, revision: before.revision + 1 }
  const { keyId: actor } = principal
  const row = auditOfConsumer({ actor, action: 'consumer.remove', before, after: undefined, atMs })
  if (!(await ports.changeConsumer({ before, after }, row))) throw changedMeanwhile(before)
  return noContent
}

export const consumerRoutes = [
  { method: 'GET', path: '/api/consumers', access: 'owner', run: list },
  { method: 'POST', path: '/api/consumers', access: 'owner', run: create },
  { method: 'GET', path: '/api/consumers/{consumer}', access: 'owner', run: show },
  { method: 'PATCH', path: '/api/consumers/{consumer}', access: 'owner', run: change },
  { method: 'DELETE', path: '/api/consumers/{consumer}', access: 'owner', run: remove },
] as const satisfies readonly ControlRoute[]
