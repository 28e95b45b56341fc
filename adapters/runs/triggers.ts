import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { AuditRow } from '../../src/access/audit.ts'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import type { Trigger } from '../../src/retrain/trigger.ts'
import { auditPut } from '../access/audit.ts'
import { queryAll, queryPage, schema, stored, type Table } from '../aws/table.ts'
import { transact } from '../aws/transact.ts'

const triggerPk = 'TRIGGER'

const changedSince = (model: string): PercallError =>
  new PercallError('STALE', `trigger of model ${model}: another change came first`)

export const findTrigger =
  ({ documents, table }: Table) =>
  async (model: string): Promise<Trigger | undefined> => {
    const Key = { pk: triggerPk, sk: model }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Trigger>(Item)
  }

/** By the names of their models. */
export const listTriggers =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Trigger>> => {
    const page = await queryPage(table)(triggerPk, request)
    return { ...page, items: page.items.map((item) => stored<Trigger>(item)) }
  }

export const listAllTriggers = (table: Table) => async (): Promise<readonly Trigger[]> =>
  (await queryAll(table)(triggerPk)).map((item) => stored<Trigger>(item))

const atRevision = (revision: number) => ({
  ConditionExpression: 'revision = :revision',
  ExpressionAttributeValues: { ':revision': revision },
})

/**
 * Puts a trigger in the place of the one that was read before, or of none, with its row of the audit.
 * Throws STALE when another change came first.
 */
export const putTrigger =
  (registry: Table) =>
  async (trigger: Trigger, before: Trigger | undefined, audit: AuditRow): Promise<void> => {
    const { table } = registry
    const condition = before ? atRevision(before.revision) : { ConditionExpression: 'attribute_not_exists(pk)' }
    const Item = { pk: triggerPk, sk: trigger.model, schema, ...trigger }
    const put = { Put: { TableName: table, Item, ...condition } }
    if (!(await transact(registry, [put, auditPut(table, audit)]))) throw changedSince(trigger.model)
  }

/** Removes it, with its row of the audit. Throws STALE when another change came first. */
export const removeTrigger =
  (registry: Table) =>
  async ({ model, revision }: Trigger, audit: AuditRow): Promise<void> => {
    const { table } = registry
    const remove = { Delete: { TableName: table, Key: { pk: triggerPk, sk: model }, ...atRevision(revision) } }
    if (!(await transact(registry, [remove, auditPut(table, audit)]))) throw changedSince(model)
  }

/** Sets the next due time, unless the trigger was changed, removed or moved on since it was read. */
export const moveDue =
  ({ documents, table }: Table) =>
  async ({ model, revision, nextDueAtMs }: Trigger, next: number | undefined): Promise<void> => {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: triggerPk, sk: model },
      UpdateExpression: next === undefined ? 'REMOVE nextDueAtMs' : 'SET nextDueAtMs = :next',
      ConditionExpression: 'revision = :revision AND nextDueAtMs = :due',
      ExpressionAttributeValues: {
        ':revision': revision,
        ':due': nextDueAtMs,
        ...(next !== undefined && { ':next': next }),
      },
    })
    try {
      await documents.send(update)
    } catch (thrown) {
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
    }
  }
