import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { AuditRow } from '../../src/access/audit.ts'
import { type Consumer, ownerId } from '../../src/access/consumer.ts'
import type { MonthChange } from '../../src/billing/change-plan.ts'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { cancellation, isConflict, queryPage, schema, stored, type Table, untilSettled } from '../aws/table.ts'
import { transact } from '../aws/transact.ts'
import { balanceKey } from '../ledger/balances.ts'
import { auditPut } from './audit.ts'
import { type BuyerChange, buyerActions, refuseTaken } from './buyers.ts'

export const consumerPk = 'CONSUMER'
const mostAtOnce = 1000

const itemOf = (consumer: Consumer) => ({ pk: consumerPk, sk: consumer.id, schema, ...consumer })

const revisionCondition = (revision: number) =>
  revision === 1
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: '#revision = :before',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':before': revision - 1 },
      }

/** A consumer, also a removed one: its name is not given again, since its usage stays under it. */
export const readConsumer =
  ({ documents, table }: Table) =>
  async (id: string): Promise<Consumer | undefined> => {
    const Key = { pk: consumerPk, sk: id }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Consumer>(Item)
  }

/** Puts revision n where revision n-1 is, the first where none is, with its row of the audit. False when another came first. */
export const putConsumer =
  (registry: Table) =>
  (consumer: Consumer, audit: AuditRow): Promise<boolean> => {
    const { table } = registry
    const Put = { TableName: table, Item: itemOf(consumer), ...revisionCondition(consumer.revision) }
    return transact(registry, [{ Put }, auditPut(table, audit)])
  }

export const listConsumers =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Consumer>> => {
    const page = await queryPage(table)(consumerPk, request)
    const consumers = page.items.map((item) => stored<Consumer>(item))
    return { ...page, items: consumers.filter(({ deletedAtMs }) => deletedAtMs === undefined) }
  }

/** Ids of all consumers after one, also of removed ones, whose usage stays, and of the owner, in their order. */
export const consumersAfter = (table: Table) =>
  async function* (after: string): AsyncGenerator<string> {
    let last = after
    let next: string | undefined
    do {
      const page = await queryPage(table)(consumerPk, { limit: mostAtOnce, ...(next !== undefined && { next }) })
      for (const id of page.items.map(({ sk }) => String(sk)).filter((one) => one > after)) {
        if (last < ownerId && ownerId < id) yield ownerId
        yield id
        last = id
      }
      next = page.next
    } while (next !== undefined)
    if (last < ownerId) yield ownerId
  }

/** All that are not removed. */
export const allConsumers = (table: Table) =>
  async function* (): AsyncGenerator<Consumer> {
    let next: string | undefined
    do {
      const page = await listConsumers(table)({ limit: mostAtOnce, ...(next !== undefined && { next }) })
      yield* page.items
      next = page.next
    } while (next !== undefined)
  }

export type ConsumerChange = BuyerChange & {
  readonly months?: readonly MonthChange[]
}

/**
 * Changes a record, with its row of the audit, together with what the change does to items of its months, none of which falls
 * below 0, and to whose its buyer is. False: another change came first, or the month's first lease.
 * Throws CAP_BELOW_SPENT, and CONFLICT where another consumer is this buyer.
 */
export const changeConsumer =
  ({ documents, table }: Table, ledger: string) =>
  async (change: ConsumerChange, audit: AuditRow): Promise<boolean> => {
    const { after, months = [] } = change
    const Put = { TableName: table, Item: itemOf(after), ...revisionCondition(after.revision) }
    const moves = months.map(({ id, byNano }) => ({
      Update: {
        TableName: ledger,
        Key: balanceKey(id),
        UpdateExpression: 'SET totalNano = totalNano + :by, availableNano = availableNano + :by',
        ConditionExpression: 'attribute_exists(pk) AND availableNano >= :least',
        ExpressionAttributeValues: { ':by': byNano, ':least': Math.max(0, -byNano) },
      },
    }))
    const { take, giveBack } = buyerActions(table, change, audit.atMs)
    const others = [{ Put }, ...moves, auditPut(table, audit), ...take]
    let givesBack = giveBack.length > 0
    return untilSettled(async () => {
      const TransactItems = [...others, ...(givesBack ? giveBack : [])]
      try {
        await documents.send(new TransactWriteCommand({ TransactItems }))
        return true
      } catch (thrown) {
        const reasons = cancellation(thrown)
        if (reasons?.[0] === 'ConditionalCheckFailed') return false
        if (take.length > 0) refuseTaken(thrown, others.length - take.length, after.marketplaceCustomer)
        const place = reasons?.indexOf('ConditionalCheckFailed') ?? -1
        if (place > 0 && place <= months.length)
          throw new PercallError(
            'CAP_BELOW_SPENT',
            `consumer ${after.id}: expected at least what is spent and leased in ${months[place - 1]?.month}`,
          )
        // The item is another's, whose record is from before there were items as this one's is: there is nothing to give back.
        const isAnothers = reasons?.[others.length] === 'ConditionalCheckFailed'
        if (isAnothers) givesBack = false
        if (isAnothers || isConflict(thrown)) return 'again'
        throw thrown
      }
    })
  }
