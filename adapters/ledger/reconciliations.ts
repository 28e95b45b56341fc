import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Reconciliation, ReconciliationPorts } from '../../src/ledger/reconciliation.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { queryPage, schema, stored, type Table } from '../aws/table.ts'
import { absent } from './ledger-keys.ts'

const pk = 'RECONCILIATION'

const unlessRefused = async <Value>(send: () => Promise<Value>): Promise<Value | undefined> => {
  try {
    return await send()
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return undefined
    throw thrown
  }
}

const itemOf = (reconciliation: Reconciliation) => ({ pk, sk: reconciliation.id, schema, ...reconciliation })

/** False: one of this id is there. */
export const createReconciliation =
  ({ documents, table }: Table) =>
  async (reconciliation: Reconciliation): Promise<boolean> => {
    const put = new PutCommand({ TableName: table, Item: itemOf(reconciliation), ConditionExpression: absent })
    return (await unlessRefused(() => documents.send(put))) !== undefined
  }

export const readReconciliation =
  ({ documents, table }: Table) =>
  async (id: string): Promise<Reconciliation | undefined> => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: { pk, sk: id }, ConsistentRead: true }),
    )
    return Item && stored<Reconciliation>(Item)
  }

/** The newest first. */
export const listReconciliations =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Reconciliation>> => {
    const page = await queryPage(table)(pk, request, true)
    return { ...page, items: page.items.map((item) => stored<Reconciliation>(item)) }
  }

export const takeReconciliation =
  ({ documents, table }: Table): ReconciliationPorts['take'] =>
  async (id, heldUntilMs, nowMs) => {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk, sk: id },
      UpdateExpression: 'SET heldUntilMs = :until, attempt = attempt + :one, stalls = stalls + :one',
      ConditionExpression: '#state = :running AND heldUntilMs < :now',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':until': heldUntilMs, ':one': 1, ':running': 'running', ':now': nowMs },
      ReturnValues: 'ALL_NEW',
    })
    const updated = await unlessRefused(() => documents.send(update))
    return updated?.Attributes && stored<Reconciliation>(updated.Attributes)
  }

export const keepReconciliation =
  ({ documents, table }: Table): ReconciliationPorts['keep'] =>
  async (reconciliation) => {
    const put = new PutCommand({
      TableName: table,
      Item: itemOf(reconciliation),
      ConditionExpression: 'attempt = :attempt AND #state = :running',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':attempt': reconciliation.attempt, ':running': 'running' },
    })
    return (await unlessRefused(() => documents.send(put))) !== undefined
  }
