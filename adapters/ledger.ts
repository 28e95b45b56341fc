import { createHash, hash } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Chain, OpenChain, PutRecordedRow, PutSlot, ReadChain, Sha256, Slot } from '../src/chain.ts'
import type { IdempotencyRecord } from '../src/idempotency.ts'
import { putRecord } from './idempotency.ts'
import { sendWrite } from './put-outcome.ts'
import { cancellation, cancelledBy, isConflict, queryAll, schema, stored, type Table, untilSettled } from './table.ts'

/** Index and marks of an hour are spread over this many items. */
const hourShards = 16

// In one call: a Hash object takes twice the time for the text of a row.
export const sha256: Sha256 = (text) => hash('sha256', text)

export const shardOf = (consumerId: string): number =>
  createHash('sha256').update(consumerId).digest().readUInt32BE() % hourShards

const numberDigits = 10
const chainPk = (chainId: string): string => `C#${chainId}`
export const indexPk = (hour: string, consumerId: string): string => `H#${hour}#${shardOf(consumerId)}`
export const markKey = (hour: string, consumerId: string) => ({ pk: `M#${hour}#${shardOf(consumerId)}`, sk: '-' })
export const absent = 'attribute_not_exists(pk)'

/** Puts the index item of a chain and checks that its hour is not being folded, in one transaction named by the chain. */
export const openChain =
  ({ documents, table }: Table): OpenChain =>
  async ({ id, kind, consumerId, hour }: Chain) => {
    const index = {
      pk: indexPk(hour, consumerId),
      sk: `${consumerId}#${id}`,
      schema,
      kind,
      consumerId,
      chain: id,
      hour,
    }
    const mark = markKey(hour, consumerId)
    const TransactItems = [
      { Put: { TableName: table, Item: index } },
      { ConditionCheck: { TableName: table, Key: mark, ConditionExpression: absent } },
    ]
    // An hour's first calls of all environments check the same few marks at once.
    return untilSettled(async () => {
      const outcome = await sendWrite(documents, new TransactWriteCommand({ ClientRequestToken: id, TransactItems }))
      if (outcome.kind === 'written') return { kind: 'opened' }
      if (outcome.kind === 'unknown') return outcome
      if (cancellation(outcome.cause)?.[1] === 'ConditionalCheckFailed') return { kind: 'marked' }
      return isConflict(outcome.cause) ? 'again' : { kind: 'refused', cause: outcome.cause }
    })
  }

const slotPut = (chainId: string, slot: { readonly number: number }) =>
  ({
    Item: { pk: chainPk(chainId), sk: String(slot.number).padStart(numberDigits, '0'), schema, ...slot },
    ConditionExpression: absent,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }) as const

export const putSlot =
  <Kind extends { readonly number: number } = Slot>({ documents, table }: Table): PutSlot<Kind> =>
  async (chainId, slot) => {
    const outcome = await sendWrite(documents, new PutCommand({ TableName: table, ...slotPut(chainId, slot) }))
    if (outcome.kind !== 'refused') return outcome
    // Slots are immutable: what is there now decides, whatever became of earlier attempts.
    if (outcome.cause instanceof ConditionalCheckFailedException && outcome.cause.Item)
      return { kind: 'occupied', by: stored<Kind>(unmarshall(outcome.cause.Item)) }
    return outcome.certain ? { kind: 'refused', cause: outcome.cause } : { kind: 'unknown' }
  }

/** Puts a row together with the record of its caller's key: both or neither. */
export const putRecordedRow =
  ({ documents, table }: Table): PutRecordedRow =>
  (chainId, row, { record, nowMs, token }) => {
    const slot = { TableName: table, ...slotPut(chainId, row) }
    const command = { ClientRequestToken: token, TransactItems: [{ Put: slot }, putRecord(table, record, nowMs)] }
    // Twins hold the same record at once.
    return untilSettled(async () => {
      const outcome = await sendWrite(documents, new TransactWriteCommand(command))
      if (outcome.kind !== 'refused') return outcome
      const there = cancelledBy<Slot>(outcome.cause, 0)
      if (there?.kind === 'row' && there.nonce === row.nonce) return { kind: 'occupied', by: there }
      const by = cancelledBy<IdempotencyRecord>(outcome.cause, 1)
      if (by) return { kind: 'recorded', by }
      if (there) return { kind: 'occupied', by: there }
      if (!outcome.certain) return { kind: 'unknown' }
      return isConflict(outcome.cause) ? 'again' : { kind: 'refused', cause: outcome.cause }
    })
  }

export const readChain =
  <Kind = Slot>(table: Table): ReadChain<Kind> =>
  async (chainId) =>
    (await queryAll(table)(chainPk(chainId))).map((item) => stored<Kind>(item))

/** Ids of all chains of one consumer in one hour, by consistent reads. */
export const listChains =
  ({ documents, table }: Table) =>
  async (hour: string, consumerId: string): Promise<readonly string[]> => {
    const chains: string[] = []
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
      chains.push(...Items.map(({ chain }) => String(chain)))
      after = LastEvaluatedKey
    } while (after)
    return chains
  }
