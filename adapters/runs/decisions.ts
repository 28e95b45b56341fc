import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Page, PageRequest } from '../../src/page.ts'
import type { Decision } from '../../src/retrain/consider.ts'
import { type Item, queryPage, schema, stored, type Table } from '../aws/table.ts'

// Longer than any event is repeated, and long enough to ask why nothing happened.
const lifeSeconds = 90 * 24 * 3600

const decisionPk = (model: string): string => `TD#${model}`

const itemOf = (decision: Decision): Item => ({
  pk: decisionPk(decision.model),
  sk: decision.id,
  schema,
  ...decision,
  expires: Math.ceil(decision.atMs / 1000) + lifeSeconds,
})

const decisionOf = (item: Item): Decision => {
  const { expires: _, ...rest } = item
  return stored<Decision>(rest)
}

export const findDecision =
  ({ documents, table }: Table) =>
  async (model: string, id: string): Promise<Decision | undefined> => {
    const Key = { pk: decisionPk(model), sk: id }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && decisionOf(Item)
  }

/** Keeps a decision, unless one of its id is kept; answers the one that is. */
export const keepDecision =
  (registry: Table) =>
  async (decision: Decision): Promise<Decision> => {
    const put = new PutCommand({
      TableName: registry.table,
      Item: itemOf(decision),
      ConditionExpression: 'attribute_not_exists(pk)',
    })
    try {
      await registry.documents.send(put)
      return decision
    } catch (thrown) {
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
      return (await findDecision(registry)(decision.model, decision.id)) ?? decision
    }
  }

export const replaceDecision =
  ({ documents, table }: Table) =>
  async (decision: Decision): Promise<void> => {
    await documents.send(new PutCommand({ TableName: table, Item: itemOf(decision) }))
  }

/** Those of the latest reasons first. */
export const listDecisions =
  (table: Table) =>
  async (model: string, request: PageRequest): Promise<Page<Decision>> => {
    const page = await queryPage(table)(decisionPk(model), request, true)
    return { ...page, items: page.items.map(decisionOf) }
  }
