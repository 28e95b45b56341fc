import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { IdempotencyRecord } from '../../src/call/idempotency.ts'
import type { PutReservation } from '../../src/ledger/open-reservation.ts'
import type { Reservation } from '../../src/ledger/reservation.ts'
import { sendWrite } from '../aws/put-outcome.ts'
import { cancellation, cancelledBy, isConflict, schema, type Table, untilSettled } from '../aws/table.ts'
import { putRecord, type TransactItem } from '../calls/idempotency.ts'
import { leaseItems, leaseRefusal } from './balances.ts'
import { absent, indexKey, noteHour } from './ledger-keys.ts'

/** What begins with a chain, in its transaction: the record of the caller's key, and items of the caller's own. */
export type Besides = {
  readonly record?: { readonly of: (reservation: Reservation) => IdempotencyRecord; readonly nowMs: number }
  readonly items?: (reservation: Reservation) => readonly TransactItem[]
}

/** Puts the index item, which holds the reservation, and notes its hour unless that is being folded, with what comes besides. */
export const putReservation =
  ({ documents, table }: Table, registry: string) =>
  ({ record, items }: Besides = {}): PutReservation =>
  (reservation, lease) => {
    const index = { ...indexKey(reservation), schema, ...reservation, chain: reservation.id }
    const TransactItems = [
      { Put: { TableName: table, Item: index, ...(lease && { ConditionExpression: absent }) } },
      noteHour(table, reservation.hour, reservation.consumerId),
      ...(record ? [putRecord(table, record.of(reservation), record.nowMs)] : []),
      ...(lease ? leaseItems(table, registry, lease) : []),
      ...(items?.(reservation) ?? []),
    ]
    const leaseAt = record ? 3 : 2
    const command = { ClientRequestToken: reservation.id, TransactItems }
    return untilSettled(async () => {
      const outcome = await sendWrite(documents, new TransactWriteCommand(command))
      if (outcome.kind === 'written') return { kind: 'opened' }
      if (outcome.kind === 'unknown') return outcome
      const reasons = cancellation(outcome.cause)
      // Its id is this opening's own: it landed before.
      if (reasons?.[0] === 'ConditionalCheckFailed') return { kind: 'opened' }
      // Live now, so an earlier attempt of this put, should it come late, fails as well.
      const by = record && cancelledBy<IdempotencyRecord>(outcome.cause, 2)
      if (by) return { kind: 'recorded', by }
      if (reasons?.[1] === 'ConditionalCheckFailed') return { kind: 'marked' }
      const refusal = outcome.certain ? leaseRefusal(lease, reasons, leaseAt) : undefined
      if (refusal) return { kind: refusal }
      if (isConflict(outcome.cause) && outcome.certain) return 'again'
      return outcome.certain ? { kind: 'refused', cause: outcome.cause } : { kind: 'unknown' }
    })
  }
