import { createHash } from 'node:crypto'
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { IdempotencyRecord, Keyed } from '../../src/call/idempotency.ts'
import { isLive } from '../../src/call/idempotency.ts'
import { schema, stored, type Table } from '../aws/table.ts'

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

// A consumer's name has no `#`, so the first one after it ends it, whatever the key holds.
const recordKey = ({ consumerId, key }: Pick<Keyed, 'consumerId' | 'key'>) => ({
  pk: `I#${consumerId}#${key}`,
  sk: '-',
})

const msPerSecond = 1000

/** The put of a record as part of a transaction: absent, or expired at `nowMs`, which must stay the same when it is repeated. */
export const putRecord = (table: string, record: IdempotencyRecord, nowMs: number): TransactItem => ({
  Put: {
    TableName: table,
    Item: { ...recordKey(record), schema, kind: 'idempotency', ...record },
    ConditionExpression: 'attribute_not_exists(pk) OR expires <= :now',
    ExpressionAttributeValues: { ':now': Math.floor(nowMs / msPerSecond) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
})

/** The live record of a consumer's key, by a consistent read. */
export const readRecord =
  ({ documents, table }: Table) =>
  async (keyed: Keyed, nowMs: number): Promise<IdempotencyRecord | undefined> => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: recordKey(keyed), ConsistentRead: true }),
    )
    const record = Item && stored<IdempotencyRecord>(Item)
    return record && isLive(record, nowMs) ? record : undefined
  }

/** Hash of all that makes a request. */
export const fingerprint = (text: string, body: Uint8Array): string =>
  createHash('sha256').update(text).update('\n').update(body).digest('base64url')
