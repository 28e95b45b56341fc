import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import { eachAtMost } from '../../src/each-at-most.ts'
import type { Opening } from '../../src/ledger/sweep-leases.ts'
import { type Item, queryAll, stored, type Table } from '../aws/table.ts'
import { hourPk, indexPk } from './ledger-keys.ts'
import { allShards } from './totals.ts'

const openingOf = (item: Item): Opening => ({ ...stored<Opening>(item), id: String(item.chain) })

/** What opened the chains of one shard of an hour, by consistent reads. */
export const listOpenings =
  (table: Table) =>
  async (hour: string, shard: number): Promise<readonly Opening[]> =>
    (await queryAll(table)(hourPk(hour, shard))).map(openingOf)

/** The same of one consumer in an hour. */
export const listOwn =
  ({ documents, table }: Table) =>
  async (hour: string, consumerId: string): Promise<readonly Opening[]> => {
    const openings: Opening[] = []
    let after: Record<string, unknown> | undefined
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :consumer)',
          ExpressionAttributeValues: { ':pk': indexPk(hour, consumerId), ':consumer': `${consumerId}#` },
          ConsistentRead: true,
          ...(after && { ExclusiveStartKey: after }),
        }),
      )
      openings.push(...Items.map(openingOf))
      after = LastEvaluatedKey
    } while (after)
    return openings
  }

const mostReadsAtOnce = 4

/** The same of a whole hour. */
export const listHour =
  (table: Table, shards = allShards) =>
  async (hour: string): Promise<readonly Opening[]> => {
    const openings: Opening[] = []
    await eachAtMost(mostReadsAtOnce, shards, async (shard) => {
      for (const one of await listOpenings(table)(hour, shard)) openings.push(one)
    })
    return openings
  }
