import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { IdempotencyRecord } from '../src/idempotency.ts'
import type { PutReservation } from '../src/open-reservation.ts'
import type { Reservation } from '../src/reservation.ts'
import { putRecord, type TransactItem } from './idempotency.ts'
import { absent, indexPk, markKey } from './ledger.ts'
import { sendWrite } from './put-outcome.ts'
import { cancellation, cancelledBy, isConflict, schema, type Table, untilSettled } from './table.ts'

/** What begins with a chain, in its transaction: the record of the caller's key, and items of the caller's own. */
export type Besides = {
  readonly record?: { readonly of: (reservation: Reservation) => IdempotencyRecord; readonly nowMs: number }
  readonly items?: (reservation: Reservation) => readonly TransactItem[]
}

const indexKey = ({ hour, consumerId, id }: Pick<Reservation, 'hour' | 'consumerId' | 'id'>) => ({
  pk: indexPk(hour, consumerId),
  sk: `${consumerId}#${id}`,
})

/** Puts the index item, which holds the reservation, and checks that its hour is not being folded, with what comes besides. */
export const putReservation =
  ({ documents, table }: Table) =>
  ({ record, items }: Besides = {}): PutReservation =>
  (reservation) => {
    const index = { ...indexKey(reservation), schema, ...reservation, chain: reservation.id }
    const TransactItems = [
      { Put: { TableName: table, Item: index } },
      {
        ConditionCheck: {
          TableName: table,
          Key: markKey(reservation.hour, reservation.consumerId),
          ConditionExpression: absent,
        },
      },
      ...(record ? [putRecord(table, record.of(reservation), record.nowMs)] : []),
      ...(items?.(reservation) ?? []),
    ]
    const command = { ClientRequestToken: reservation.id, TransactItems }
    return untilSettled(async () => {
      const outcome = await sendWrite(documents, new TransactWriteCommand(command))
      if (outcome.kind === 'written') return { kind: 'opened' }
      if (outcome.kind === 'unknown') return outcome
      const reasons = cancellation(outcome.cause)
      // Live now, so an earlier attempt of this put, should it come late, fails as well.
      const by = record && cancelledBy<IdempotencyRecord>(outcome.cause, 2)
      if (by) return { kind: 'recorded', by }
      if (reasons?.[1] === 'ConditionalCheckFailed') return { kind: 'marked' }
      if (isConflict(outcome.cause) && outcome.certain) return 'again'
      return outcome.certain ? { kind: 'refused', cause: outcome.cause } : { kind: 'unknown' }
    })
  }
