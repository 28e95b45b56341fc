import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import { ownerId } from '../../src/access/consumer.ts'
import type { Table } from '../aws/table.ts'

/** Ids of consumers behind one, in their order, removed ones too: their usage stays. Without the owner, whose calls are free. */
export const consumerIdsAfter =
  ({ documents, table }: Table) =>
  async (after: string | undefined, limit: number): Promise<readonly string[]> => {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': 'CONSUMER', ...(after !== undefined && { ':after': after }) },
        ConsistentRead: true,
        Limit: limit + 1,
      }),
    )
    const ids = Items.map(({ sk }) => String(sk)).filter((id) => id !== ownerId)
    return ids.slice(0, limit)
  }
