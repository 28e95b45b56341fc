import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { SumPart } from '../../src/ledger/sum-in-parts.ts'
import type { TotalLine } from '../../src/ledger/totals.ts'
import { queryAll, schema, type Table } from '../aws/table.ts'
import { absent } from './ledger-keys.ts'

/** Whose parts they are: a fold's of an hour, or a reconciliation's. */
export const foldScope = (hour: string): string => hour
export const reconciliationScope = (id: string, hour: string): string => `${id}/${hour}`

/** Of what a part is made of. A release that sums otherwise has another, and does not go on behind parts of this one. */
const format = 1

const pkOf = (scope: string): string => `P#${format}#${scope}`
const numberDigits = 6

// Whoever goes on with an hour does so within minutes, and nobody takes up a reconciliation after days.
const keptMs = 30 * 86_400_000

type Kept = { readonly consumerId: string; readonly number: number; readonly part: string }

/** Of chains with thousands of keys and models a part has thousands of lines: compressed they fit an item. */
const pack = async (part: SumPart): Promise<string> => {
  const lines = part.lines.map((line) => ({ ...line, costNano: String(line.costNano) }))
  return (await promisify(gzip)(JSON.stringify({ ...part, lines }))).toString('base64')
}

type Packed = Omit<SumPart, 'lines'> & {
  readonly lines: readonly (Omit<TotalLine, 'costNano'> & { costNano: string })[]
}

const unpack = async (text: string): Promise<SumPart> => {
  const part = JSON.parse((await promisify(gunzip)(Buffer.from(text, 'base64'))).toString()) as Packed // packed above, by this file only
  return { ...part, lines: part.lines.map((line) => ({ ...line, costNano: BigInt(line.costNano) })) }
}

/** The parts of each consumer, from its first on. Throws where one between them is missing. */
export const listParts =
  (ledger: Table) =>
  async (scope: string): Promise<ReadonlyMap<string, readonly SumPart[]>> => {
    const parts = new Map<string, SumPart[]>()
    for (const item of await queryAll(ledger)(pkOf(scope))) {
      const { consumerId, number, part } = item as unknown as Kept // items under this key are written below
      const own = parts.get(consumerId) ?? []
      if (number !== own.length)
        throw new Error(`parts of ${scope} ${consumerId}: expected part ${own.length}, got ${number}`)
      parts.set(consumerId, [...own, await unpack(part)])
    }
    return parts
  }

/** Puts a part if it is absent: of two that race the second goes on behind that of the first. -> the one that is there. */
export const keepPart =
  ({ documents, table }: Table) =>
  async (scope: string, consumerId: string, number: number, part: SumPart): Promise<SumPart> => {
    const kept: Kept = { consumerId, number, part: await pack(part) }
    const sk = `${consumerId}#${String(number).padStart(numberDigits, '0')}`
    const expires = Math.ceil((Date.now() + keptMs) / 1000)
    const put = new PutCommand({
      TableName: table,
      Item: { pk: pkOf(scope), sk, schema, ...kept, expires },
      ConditionExpression: absent,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    try {
      await documents.send(put)
      return part
    } catch (thrown) {
      if (!(thrown instanceof ConditionalCheckFailedException && thrown.Item)) throw thrown
      const there = unmarshall(thrown.Item) as unknown as Kept // written above
      return await unpack(there.part)
    }
  }
