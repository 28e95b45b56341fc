import { createHash } from 'node:crypto'
import { nominalStart } from '../../src/ledger/totals.ts'
import { schema } from '../aws/table.ts'

/** Index and marks of an hour are spread over this many items. */
export const hourShards = 16

export const shardOf = (consumerId: string): number =>
  createHash('sha256').update(consumerId).digest().readUInt32BE() % hourShards

export const hourPk = (hour: string, shard: number): string => `H#${hour}#${shard}`
export const indexPk = (hour: string, consumerId: string): string => hourPk(hour, shardOf(consumerId))

/** Where the item lies that opens a chain. */
export const indexKey = ({ hour, consumerId, id }: Record<'hour' | 'consumerId' | 'id', string>) => ({
  pk: indexPk(hour, consumerId),
  sk: `${consumerId}#${id}`,
})

/** A start as sort keys begin with it: minutes in UTC. */
export const startKey = (ms: number): string => `${new Date(ms).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length)}Z`

/** Hours sort by their starts; the label behind tells two that begin in the same minute apart. */
export const hourKey = (hour: string): string => `${startKey(nominalStart(hour))}#${hour}`

export const marksPk = (shard: number): string => `M#${shard}`
/** The mark of an hour and shard: its first opening makes it, and it says when the fold has begun. */
export const markKey = (hour: string, shard: number) => ({ pk: marksPk(shard), sk: hourKey(hour) })

/**
 * Of an opening's transaction: notes that its hour has chains, while the fold has not begun. As one write of the item it
 * costs what a check of it would, and takes no request of its own.
 */
export const noteHour = (table: string, hour: string, consumerId: string) => ({
  Update: {
    TableName: table,
    Key: markKey(hour, shardOf(consumerId)),
    UpdateExpression: 'SET #schema = :schema, #hour = :hour',
    ConditionExpression: 'attribute_not_exists(folding)',
    ExpressionAttributeNames: { '#schema': 'schema', '#hour': 'hour' },
    ExpressionAttributeValues: { ':schema': schema, ':hour': hour },
  },
})

export const absent = 'attribute_not_exists(pk)'
