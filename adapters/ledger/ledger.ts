import { hash } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { IdempotencyRecord } from '../../src/call/idempotency.ts'
import type { Chain, OpenChain, PutRecordedRow, PutSlot, ReadChain, Sha256, Slot } from '../../src/ledger/chain.ts'
import { keptLease } from '../../src/ledger/lease.ts'
import { sendWrite } from '../aws/put-outcome.ts'
import {
  cancellation,
  cancelledBy,
  isConflict,
  queryAll,
  queryPage,
  schema,
  stored,
  type Table,
  untilSettled,
} from '../aws/table.ts'
import { putRecord } from '../calls/idempotency.ts'
import { leaseItems, leaseRefusal } from './balances.ts'
import { absent, indexKey, noteHour } from './ledger-keys.ts'

// In one call: a Hash object takes twice the time for the text of a row.
export const sha256: Sha256 = (text) => hash('sha256', text)

const numberDigits = 10
const chainPk = (chainId: string): string => `C#${chainId}`

/**
 * Puts the index item of a chain, with its lease where it has one, and notes its hour unless that is being folded, in one
 * transaction named by the chain. A lease is put once: the token alone is forgotten after minutes.
 */
export const openChain =
  ({ documents, table }: Table, registry: string): OpenChain =>
  async ({ id, kind, consumerId, hour }: Chain, lease) => {
    const index = {
      ...indexKey({ hour, consumerId, id }),
      schema,
      kind,
      consumerId,
      chain: id,
      hour,
      ...(lease && { lease: keptLease(lease) }),
    }
    const TransactItems = [
      { Put: { TableName: table, Item: index, ...(lease && { ConditionExpression: absent }) } },
      noteHour(table, hour, consumerId),
      ...(lease ? leaseItems(table, registry, lease) : []),
    ]
    // Environments that open chains at once write the same few marks.
    return untilSettled(async () => {
      const outcome = await sendWrite(documents, new TransactWriteCommand({ ClientRequestToken: id, TransactItems }))
      if (outcome.kind === 'written') return { kind: 'opened' }
      if (outcome.kind === 'unknown') return outcome
      const reasons = cancellation(outcome.cause)
      // Its id is this opening's own: it landed before.
      if (reasons?.[0] === 'ConditionalCheckFailed') return { kind: 'opened' }
      if (reasons?.[1] === 'ConditionalCheckFailed') return { kind: 'marked' }
      if (!outcome.certain) return { kind: 'unknown' }
      const refusal = leaseRefusal(lease, reasons, 2)
      if (refusal) return { kind: refusal }
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

const mostSlotsOfPage = 1_000

/** One page of a chain's slots, behind the page that ended with `next`. */
export const readPage =
  <Kind = Slot>(table: Table, limit = mostSlotsOfPage) =>
  async (chainId: string, next?: string): Promise<{ readonly slots: readonly Kind[]; readonly next?: string }> => {
    const page = await queryPage(table)(chainPk(chainId), { limit, ...(next !== undefined && { next }) })
    return { slots: page.items.map((item) => stored<Kind>(item)), ...(page.next !== undefined && { next: page.next }) }
  }
