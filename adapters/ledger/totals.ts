import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { eachAtMost } from '../../src/each-at-most.ts'
import type { Hour, HourAt } from '../../src/ledger/hour.ts'
import {
  type HourRange,
  type HourRecord,
  type HourTotal,
  hourOfLabel,
  type ListRecords,
  type ListTotals,
  type ListUnfolded,
  type NotedHour,
  type TotalLine,
} from '../../src/ledger/totals.ts'
import { type Item, stored, type Table } from '../aws/table.ts'
import { hourKey, hourShards, marksPk, shardOf, startKey } from './ledger-keys.ts'

export const totalsPk = (consumerId: string): string => `T#${consumerId}`
export const recordsPk = 'FOLDED'

const hourMs = 3_600_000

/** Every item under `pk` whose hour may begin in the range, by consistent reads. */
const queryHours =
  ({ documents, table }: Table) =>
  async (pk: string, { fromMs, toMs }: HourRange): Promise<readonly Item[]> => {
    // Of days that lie ahead, and of today's first hours up to those that must be folded: DynamoDB refuses such bounds.
    if (fromMs >= toMs) return []
    const items: Item[] = []
    let after: Record<string, unknown> | undefined
    // The key of an hour may be up to an hour before its start; a key of the last minute has more behind it, below `~`.
    const from = startKey(Math.max(0, fromMs - hourMs))
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': `${startKey(toMs)}~` },
          ConsistentRead: true,
          ...(after && { ExclusiveStartKey: after }),
        }),
      )
      items.push(...Items)
      after = LastEvaluatedKey
    } while (after)
    return items
  }

const within =
  ({ fromMs, toMs }: HourRange) =>
  ({ startMs }: { readonly startMs: number }): boolean =>
    startMs >= fromMs && startMs < toMs

type Stored<Value> = Omit<Value, 'costNano'> & { readonly costNano: number | bigint }

/** Numbers above 2^53 are read as bigint, others as number. */
const exact = <Value extends { readonly costNano: number | bigint }>(value: Value) => ({
  ...value,
  costNano: BigInt(value.costNano),
})

const lineOf = (line: Stored<TotalLine>): TotalLine => exact(line)

const recordOf = (item: Item): HourRecord => exact(stored<Stored<HourRecord>>(item))

/** Totals lie in one or more pages an hour. */
export const listTotals =
  (ledger: Table): ListTotals =>
  async (consumerId, range) => {
    const totals: HourTotal[] = []
    for (const item of await queryHours(ledger)(totalsPk(consumerId), range)) {
      const page = stored<Omit<HourTotal, 'lines'> & { readonly lines: readonly Stored<TotalLine>[] }>(item)
      const { hour, startMs } = page
      const lines = page.lines.map(lineOf)
      const last = totals.at(-1)
      if (last?.hour === hour) totals.splice(-1, 1, { ...last, lines: [...last.lines, ...lines] })
      else totals.push({ consumerId, hour, startMs, lines })
    }
    return totals.filter(within(range))
  }

export const listRecords =
  (ledger: Table): ListRecords =>
  async (range) =>
    (await queryHours(ledger)(recordsPk, range)).map(recordOf).filter(within(range))

export const readHourRecord =
  ({ documents, table }: Table) =>
  async (hour: string): Promise<HourRecord | undefined> => {
    const Key = { pk: recordsPk, sk: hourKey(hour) }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && recordOf(Item)
  }

/** The marks of a shard's hours in the range. */
const listNoted =
  (ledger: Table) =>
  async (shard: number, range: HourRange): Promise<readonly NotedHour[]> =>
    (await queryHours(ledger)(marksPk(shard), range)).map(({ hour, folding = false, folded = false }) => ({
      hour: String(hour),
      folding: folding === true,
      folded: folded === true,
    }))

const mostReadsAtOnce = 4

export const allShards: readonly number[] = Array.from({ length: hourShards }, (_, shard) => shard)

type NotedAt = NotedHour & Pick<Hour, 'startMs' | 'endMs'>

/** The hours of the range that any shard notes, in their order; folded where any mark says so. */
export const listAllNoted =
  (ledger: Table, hourAt: HourAt, shards = allShards) =>
  async (range: HourRange): Promise<readonly NotedAt[]> => {
    const hours = new Map<string, NotedAt>()
    await eachAtMost(mostReadsAtOnce, shards, async (shard) => {
      for (const { hour, folding, folded } of await listNoted(ledger)(shard, range)) {
        const { startMs, endMs, ...before } = hours.get(hour) ?? hourOfLabel(hourAt, hour)
        const was = 'hour' in before ? before : { folding: false, folded: false }
        const flags = { folding: folding || was.folding, folded: folded || was.folded }
        hours.set(hour, { hour, startMs, endMs, ...flags })
      }
    })
    return [...hours.values()].filter(within(range)).sort((a, b) => a.startMs - b.startMs)
  }

export const listUnfolded =
  (ledger: Table, hourAt: HourAt, all = allShards): ListUnfolded =>
  async (range, consumerId) => {
    const shards = consumerId === undefined ? all : [shardOf(consumerId)]
    const labels = new Set<string>()
    await eachAtMost(mostReadsAtOnce, shards, async (shard) => {
      for (const { hour, folded } of await listNoted(ledger)(shard, range)) if (!folded) labels.add(hour)
    })
    const hours: Hour[] = [...labels].map((label) => hourOfLabel(hourAt, label))
    return hours.filter(within(range)).sort((a, b) => a.startMs - b.startMs)
  }
