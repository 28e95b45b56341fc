import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Consumer } from '../src/consumer.ts'
import type { Page, PageRequest } from '../src/page.ts'
import { queryPage, schema, stored, type Table } from './table.ts'

const consumerPk = 'CONSUMER'

/** A consumer, also a removed one: its name is not given again, since its usage stays under it. */
export const readConsumer =
  ({ documents, table }: Table) =>
  async (id: string): Promise<Consumer | undefined> => {
    const Key = { pk: consumerPk, sk: id }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Consumer>(Item)
  }

/** Puts revision n where revision n-1 is, the first where none is. False when another came first. */
export const putConsumer =
  ({ documents, table }: Table) =>
  async (consumer: Consumer): Promise<boolean> => {
    const put = new PutCommand({
      TableName: table,
      Item: { pk: consumerPk, sk: consumer.id, schema, ...consumer },
      ...(consumer.revision === 1
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#revision = :before',
            ExpressionAttributeNames: { '#revision': 'revision' },
            ExpressionAttributeValues: { ':before': consumer.revision - 1 },
          }),
    })
    try {
      await documents.send(put)
      return true
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return false
      throw thrown
    }
  }

export const listConsumers =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Consumer>> => {
    const page = await queryPage(table)(consumerPk, request)
    const consumers = page.items.map((item) => stored<Consumer>(item))
    return { ...page, items: consumers.filter(({ deletedAtMs }) => deletedAtMs === undefined) }
  }
