import type { Adjustment } from '../billing/adjustment.ts'
import type { Credit } from '../billing/credit.ts'
import { formatNano } from '../billing/money.ts'
import type { MonthlyFrom } from '../billing/plan.ts'
import type { Price } from '../billing/price.ts'
import type { Model } from '../registry/model.ts'
import type { Trigger } from '../retrain/trigger.ts'
import { type AuditRow, auditRow } from './audit.ts'
import type { Consumer } from './consumer.ts'
import type { Key } from './key.ts'

type Change<Thing> = {
  readonly actor: string
  readonly action: string
  readonly before: Thing | undefined
  readonly after: Thing | undefined
  readonly atMs: number
}

const rowOf =
  <Thing>(path: (thing: Thing) => string, stateOf: (thing: Thing) => unknown) =>
  ({ actor, action, before, after, atMs }: Change<Thing>): AuditRow => {
    const thing = after ?? before
    return auditRow(actor, action, thing ? path(thing) : '', before && stateOf(before), after && stateOf(after), atMs)
  }

const iso = (ms: number): string => new Date(ms).toISOString()

const amountsOf = (history: readonly MonthlyFrom[]) =>
  history.map(({ month, amountNano }) => ({ month, amount: formatNano(amountNano) }))

/** A change of a consumer; all that may be set on it is in the row. */
export const auditOfConsumer = rowOf<Consumer>(
  ({ id }) => `consumer/${id}`,
  ({ id: _, createdAtMs: __, revision: ___, deletedAtMs: ____, months: _____, caps, free, ...state }) => ({
    ...state,
    ...(caps && { capPerMonth: amountsOf(caps) }),
    ...(free && { freePerMonth: amountsOf(free) }),
  }),
)

/** A credit that was given. */
export const auditOfCredit = ({ id, consumerId, amountNano, memo, actor, createdAtMs }: Credit): AuditRow =>
  auditRow(
    actor,
    'credit.give',
    `credit/${consumerId}/${id}`,
    undefined,
    { amount: formatNano(amountNano), memo },
    createdAtMs,
  )

/** What the owner added to an invoice, or took away. */
export const auditOfAdjustment = ({
  id,
  consumerId,
  month,
  amountNano,
  memo,
  actor,
  createdAtMs,
}: Adjustment): AuditRow =>
  auditRow(
    actor,
    'invoice.adjust',
    `invoice/${consumerId}/${month}/${id}`,
    undefined,
    { amount: formatNano(amountNano), memo },
    createdAtMs,
  )

/** A change of a key, without what leads to its secret. */
export const auditOfKey = rowOf<Key>(
  ({ consumerId, id }) => `key/${consumerId}/${id}`,
  ({ id: _, consumerId: __, createdAtMs: ___, limitNano, expiresAtMs, revokedAtMs, ...state }) => ({
    ...state,
    ...(limitNano !== undefined && { limit: formatNano(limitNano) }),
    ...(expiresAtMs !== undefined && { expires: iso(expiresAtMs) }),
    ...(revokedAtMs !== undefined && { revoked: iso(revokedAtMs) }),
  }),
)

/** A change of a model's settings. */
export const auditOfModel = rowOf<Model>(
  ({ name }) => `model/${name}`,
  ({ name: _, createdAtMs: __, lastVersion: ___, revision: ____, ...state }) => state,
)

/** A price; `before` is the one that would hold in its hour without it. */
export const auditOfPrice = rowOf<Price>(
  ({ model }) => `price/${model}`,
  ({ model: _, nanoPerUnit, minimumPerCallNano, fromMs, tiers, ...state }) => ({
    ...state,
    amount: formatNano(nanoPerUnit),
    minimumPerCall: formatNano(minimumPerCallNano),
    from: fromMs === 0 ? null : iso(fromMs),
    ...(tiers && { tiers: tiers.map(({ from, nanoPerUnit }) => ({ from, amount: formatNano(nanoPerUnit) })) }),
  }),
)

/** A change of a model's trigger. */
export const auditOfTrigger = rowOf<Trigger>(
  ({ model }) => `trigger/${model}`,
  ({ model: _, createdAtMs: __, revision: ___, nextDueAtMs: ____, ...state }) => state,
)
