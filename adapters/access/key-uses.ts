import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { PutKeyUse } from '../../src/access/key-use.ts'
import { queryAll, schema, type Table } from '../aws/table.ts'

// Apart from the key's own records, which transactions change.
const usePk = (consumerId: string): string => `KU#${consumerId}`

export const putKeyUse =
  ({ documents, table }: Table): PutKeyUse =>
  async ({ consumerId, keyId }, day) => {
    const put = new UpdateCommand({
      TableName: table,
      Key: { pk: usePk(consumerId), sk: keyId },
      UpdateExpression: 'SET #day = :day, #schema = :schema',
      // Another environment's clock may be a day ahead.
      ConditionExpression: 'attribute_not_exists(#day) OR #day < :day',
      ExpressionAttributeNames: { '#day': 'day', '#schema': 'schema' },
      ExpressionAttributeValues: { ':day': day, ':schema': schema },
    })
    await documents.send(put).catch(() => undefined)
  }

/** The day of each key's last use, by its id. */
export const listKeyUses =
  (table: Table) =>
  async (consumerId: string): Promise<ReadonlyMap<string, string>> =>
    new Map((await queryAll(table)(usePk(consumerId))).map(({ sk, day }) => [String(sk), String(day)]))
