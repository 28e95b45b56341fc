import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type Batch, openBatchStates, unknownBatch } from '../../src/batch/batch.ts'
import type { ShardProgress } from '../../src/batch/progress.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { queryAll, queryPage, schema, stored, type Table } from '../aws/table.ts'
import type { TransactItem } from './idempotency.ts'

const batchPk = (consumerId: string): string => `B#${consumerId}`
const progressPk = (id: string): string => `BP#${id}`
const numberDigits = 10

type BatchPlace = Pick<Batch, 'consumerId' | 'id'>

/** Where a batch lies. */
export const batchKeyOf = ({ consumerId, id }: BatchPlace) => ({ pk: batchPk(consumerId), sk: id })

/** The put of a batch as part of the transaction that opens its chain: neither is there without the other. */
export const putBatch = ({ table }: Table, batch: Batch): TransactItem => ({
  Put: {
    TableName: table,
    Item: { ...batchKeyOf(batch), schema, ...batch },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
})

/** The batch, or UNKNOWN_BATCH; another consumer's id is unknown too. */
export const requireBatch =
  ({ documents, table }: Table) =>
  async ({ consumerId, id }: BatchPlace): Promise<Batch> => {
    // Other texts are no keys: DynamoDB refuses empty and overlong ones.
    if (!/^[0-9a-z]{1,40}$/.test(id)) throw unknownBatch(id)
    const Key = batchKeyOf({ consumerId, id })
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    if (!Item) throw unknownBatch(id)
    return stored<Batch>(Item)
  }

/** A consumer's batches, newest first. */
export const listBatches =
  (table: Table) =>
  async (consumerId: string, request: PageRequest): Promise<Page<Batch>> => {
    const page = await queryPage(table)(batchPk(consumerId), request, true)
    return { ...page, items: page.items.map((item) => stored<Batch>(item)) }
  }

export type BatchChange = Partial<Pick<Batch, 'state' | 'rows' | 'shards' | 'endedAtMs' | 'totals' | 'failure'>>

/** Changes a batch. With `ifOpen`, answers undefined for one that has ended. */
export const changeBatch =
  ({ documents, table }: Table) =>
  async ({ consumerId, id }: BatchPlace, change: BatchChange, ifOpen: boolean): Promise<Batch | undefined> => {
    const fields = Object.entries(change).filter(([, value]) => value !== undefined)
    const update = new UpdateCommand({
      TableName: table,
      Key: batchKeyOf({ consumerId, id }),
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: ifOpen ? '#state IN (:queued, :running)' : 'attribute_exists(pk)',
      ExpressionAttributeNames: {
        ...(ifOpen && { '#state': 'state' }),
        ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ...(ifOpen && { ':queued': openBatchStates[0], ':running': openBatchStates[1] }),
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      },
      ReturnValues: 'ALL_NEW',
    })
    try {
      const { Attributes = {} } = await documents.send(update)
      return stored<Batch>(Attributes)
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return undefined
      throw thrown
    }
  }

/** Keeps how far a shard is; a retry writes the same once more. */
export const putProgress =
  ({ documents, table }: Table) =>
  async ({ id, expires }: Pick<Batch, 'id' | 'expires'>, progress: ShardProgress): Promise<void> => {
    const sk = String(progress.number).padStart(numberDigits, '0')
    const Item = { pk: progressPk(id), sk, schema, expires, ...progress }
    await documents.send(new PutCommand({ TableName: table, Item }))
  }

/** Of all shards that were worked on, in their order. */
export const listProgress =
  (table: Table) =>
  async (id: string): Promise<readonly ShardProgress[]> =>
    (await queryAll(table)(progressPk(id))).map((item) => stored<ShardProgress>(item))
