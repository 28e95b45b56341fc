import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { eachAtMost } from '../../src/each-at-most.ts'
import type { Sha256 } from '../../src/ledger/chain.ts'
import type { FoldPorts } from '../../src/ledger/fold.ts'
import type { Hour } from '../../src/ledger/hour.ts'
import { hashOfHour } from '../../src/ledger/hour-hash.ts'
import type { Head } from '../../src/ledger/reconcile.ts'
import { type ChainDigest, type HourRecord, sumOfLines } from '../../src/ledger/totals.ts'
import { cancellation, isConflict, queryAll, schema, stored, type Table, untilSettled } from '../aws/table.ts'
import { absent, hourKey, markKey } from './ledger-keys.ts'
import { allShards, readHourRecord, recordsPk, totalsPk } from './totals.ts'

/** Hours are folded a few requests at a time: callers use the same table. */
const mostWritesAtOnce = 4

const setOnAll =
  (field: 'folding' | 'folded') =>
  ({ documents, table }: Table, shards = allShards) =>
  (hour: string): Promise<void> =>
    eachAtMost(mostWritesAtOnce, shards, (shard) =>
      documents.send(
        new UpdateCommand({
          TableName: table,
          Key: markKey(hour, shard),
          UpdateExpression: 'SET #schema = :schema, #hour = :hour, #field = :true',
          ExpressionAttributeNames: { '#schema': 'schema', '#hour': 'hour', '#field': field },
          ExpressionAttributeValues: { ':schema': schema, ':hour': hour, ':true': true },
        }),
      ),
    )

export const markHour = setOnAll('folding')
export const markFolded = setOnAll('folded')

/** Chains of one consumer in one hour, in one or more items. */
type DigestPage = {
  readonly consumerId: string
  readonly page: number
  readonly pages: number
  readonly digests: readonly Omit<ChainDigest, 'consumerId'>[]
  /** Of all its rows, in each page. */
  readonly calls: number
  readonly costNano: bigint
}

const digestsPk = (hour: string): string => `D#${hour}`

// An item holds 400 KB. A digest takes about 140 bytes, a line about 300.
const mostDigests = 2_000
const mostLines = 1_000
const pageDigits = 4

const pagesOf = <Value>(values: readonly Value[], most: number): readonly (readonly Value[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(values.length / most)) }, (_, i) => values.slice(i * most, (i + 1) * most))

const pageKey = (page: number): string => String(page).padStart(pageDigits, '0')

/** Totals first: who finds the digests finds the totals. */
export const keepConsumer =
  ({ documents, table }: Table): FoldPorts['keepConsumer'] =>
  async ({ hour, consumerId, lines, digests }) => {
    const put = (Item: Record<string, unknown>) =>
      documents.send(new PutCommand({ TableName: table, Item: { ...Item, schema } }))
    const { label, startMs } = hour
    if (lines.length > 0)
      for (const [page, some] of pagesOf(lines, mostLines).entries())
        await put({
          pk: totalsPk(consumerId),
          sk: `${hourKey(label)}#${pageKey(page)}`,
          ...{ consumerId, hour: label, startMs, lines: some },
        })
    const { calls, costNano } = sumOfLines(lines)
    const pages = pagesOf(digests, mostDigests)
    for (const [page, some] of pages.entries())
      await put({
        pk: digestsPk(label),
        sk: `${consumerId}#${pageKey(page)}`,
        ...{ consumerId, page, pages: pages.length, calls, costNano },
        digests: some.map(({ consumerId: _, ...digest }) => digest),
      })
  }

const readDigestPages =
  (ledger: Table) =>
  async (hour: string): Promise<readonly DigestPage[]> =>
    (await queryAll(ledger)(digestsPk(hour))).map((item) => {
      const page = stored<DigestPage>(item)
      return { ...page, costNano: BigInt(page.costNano) }
    })

export const listDigests =
  (ledger: Table) =>
  async (hour: string): Promise<readonly ChainDigest[]> =>
    digestsOf(await readDigestPages(ledger)(hour))

const digestsOf = (pages: readonly DigestPage[]): readonly ChainDigest[] =>
  pages.flatMap(({ consumerId, digests }) => digests.map((one) => ({ consumerId, ...one })))

export const listKept =
  (ledger: Table): FoldPorts['listKept'] =>
  async (hour) => {
    const pages = await readDigestPages(ledger)(hour)
    // Pages are put in their order.
    return new Set(pages.filter(({ page, pages: all }) => page === all - 1).map(({ consumerId }) => consumerId))
  }

/** The end of the chain of hours lies outside of the table whose rows it tells of. */
const headKey = { pk: 'FOLDED', sk: '-' }

export const readHead =
  ({ documents, table }: Table) =>
  async (): Promise<Head | undefined> => {
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key: headKey, ConsistentRead: true }))
    return Item && stored<Head>(Item)
  }

/** Hash before the first hour. */
const firstHash = (sha256: Sha256): string => sha256('')

type RecordPorts = {
  readonly sha256: Sha256
  /** Base64. */
  readonly macOf: (text: string) => Promise<string>
}

/** The record and the end of the chain in one transaction: of two folds that come at once, the second finds the record, or goes behind. */
export const putRecord =
  (ledger: Table, registry: Table, { sha256, macOf }: RecordPorts): FoldPorts['putRecord'] =>
  async ({ label, startMs, endMs }: Hour) => {
    const pages = await readDigestPages(ledger)(label)
    const digests = digestsOf(pages)
    const firsts = pages.filter(({ page }) => page === 0)
    const calls = firsts.reduce((sum, page) => sum + page.calls, 0)
    const costNano = firsts.reduce((sum, page) => sum + page.costNano, 0n)
    await untilSettled(async () => {
      if (await readHourRecord(ledger)(label)) return undefined
      const head = await readHead(registry)()
      const number = (head?.number ?? 0) + 1
      const previous = head?.hash ?? firstHash(sha256)
      const hash = hashOfHour(sha256, { hour: label, number, previous }, digests)
      const record: HourRecord = {
        ...{ hour: label, startMs, endMs, number, previous, hash, mac: await macOf(hash) },
        ...{ chains: digests.length, calls, costNano },
      }
      const Item = { pk: recordsPk, sk: hourKey(label), schema, ...record }
      const end = {
        TableName: registry.table,
        Item: { ...headKey, schema, number, hash, hour: label },
        ...(head
          ? { ConditionExpression: '#hash = :previous', ExpressionAttributeNames: { '#hash': 'hash' } }
          : { ConditionExpression: absent }),
        ...(head && { ExpressionAttributeValues: { ':previous': previous } }),
      }
      const TransactItems = [{ Put: { TableName: ledger.table, Item, ConditionExpression: absent } }, { Put: end }]
      try {
        await ledger.documents.send(new TransactWriteCommand({ TransactItems }))
        return undefined
      } catch (thrown) {
        const failed = cancellation(thrown)?.includes('ConditionalCheckFailed') ?? false
        if (failed || isConflict(thrown)) return 'again'
        throw thrown
      }
    })
  }
