import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { auditOfAdjustment } from '../../src/access/audited.ts'
import { type Adjustment, mostAdjustments } from '../../src/billing/adjustment.ts'
import { cursorForAdjustment, type InvoiceCursor } from '../../src/billing/finalise-invoices.ts'
import type { MonthAdjustments } from '../../src/billing/make-invoice.ts'
import { formatNano } from '../../src/billing/money.ts'
import { PercallError } from '../../src/errors.ts'
import { auditPut } from '../access/audit.ts'
import {
  cancellation,
  cancelledBy,
  type Item,
  isConflict,
  queryAll,
  schema,
  stored,
  type Table,
  untilSettled,
} from '../aws/table.ts'
import { cursorPut, invoicesCursor, readCursor } from './cursors.ts'
import { absent } from './ledger-keys.ts'

const adjustmentsPk = (consumerId: string): string => `A#${consumerId}`

/** How many adjustments a month has, and whether its invoice is final: an adjustment and the invoice both write it. */
export const monthOfAdjustments = (consumerId: string, month: string) => ({
  pk: adjustmentsPk(consumerId),
  sk: `month ${month}`,
})

/** Amounts of one adjustment are safe integers: parseSignedNano takes no others. */
type Kept = Omit<Adjustment, 'amountNano'> & { readonly amountNano: number }

const keptOf = (adjustment: Adjustment): Kept => ({ ...adjustment, amountNano: Number(adjustment.amountNano) })
const adjustmentOf = (kept: Kept): Adjustment => ({ ...kept, amountNano: BigInt(kept.amountNano) })

const countOne = (table: string, { consumerId, month }: Adjustment) => ({
  TableName: table,
  Key: monthOfAdjustments(consumerId, month),
  UpdateExpression:
    'SET #count = if_not_exists(#count, :zero) + :one, #kind = :kind, #month = :month, #schema = :schema',
  ConditionExpression: 'attribute_not_exists(isFinal) AND (attribute_not_exists(#count) OR #count < :most)',
  ExpressionAttributeNames: { '#count': 'count', '#kind': 'kind', '#month': 'month', '#schema': 'schema' },
  ExpressionAttributeValues: {
    ':zero': 0,
    ':one': 1,
    ':kind': 'adjusted month',
    ':month': month,
    ':schema': schema,
    ':most': mostAdjustments,
  },
})

/** Whether a repetition asks for what is there; without a month it takes that of the first. */
const isSame = (there: Adjustment, asked: Adjustment, monthAsked: boolean): boolean =>
  there.amountNano === asked.amountNano && there.memo === asked.memo && (!monthAsked || there.month === asked.month)

/**
 * Puts an adjustment with its row of the audit, once for its id: again -> the one that is there. It is on exactly one invoice:
 * that of its month, which is not final, and which the work on invoices comes to, moved back where it has passed it.
 * Throws IDEMPOTENCY_KEY_REUSED for an id of another one, CONFLICT where the month's invoice is final or has too many.
 */
export const putAdjustment =
  (ledger: Table, registry: string) =>
  (
    adjustment: Adjustment,
    monthAsked: boolean,
  ): Promise<{ readonly adjustment: Adjustment; readonly isNew: boolean }> => {
    const { documents, table } = ledger
    const { consumerId, id, month } = adjustment
    const put = {
      TableName: table,
      Item: { pk: adjustmentsPk(consumerId), sk: `id ${id}`, schema, kind: 'adjustment', ...keptOf(adjustment) },
      ConditionExpression: absent,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const
    const TransactItems = [
      { Put: put },
      { Update: countOne(table, adjustment) },
      auditPut(registry, auditOfAdjustment(adjustment)),
    ]
    return untilSettled(async () => {
      const to = cursorForAdjustment(await readCursor<InvoiceCursor>(ledger, invoicesCursor)(), adjustment)
      const moved = to ? [{ Put: cursorPut(table, invoicesCursor, to) }] : []
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: [...TransactItems, ...moved] }))
        return { adjustment, isNew: true }
      } catch (thrown) {
        const kept = cancelledBy<Kept>(thrown, 0)
        const there = kept && adjustmentOf(kept)
        if (there && isSame(there, adjustment, monthAsked)) return { adjustment: there, isNew: false }
        if (there)
          throw new PercallError(
            'IDEMPOTENCY_KEY_REUSED',
            `adjustment ${id}: expected ${formatNano(there.amountNano)} for ${there.month} with its memo, got ${formatNano(adjustment.amountNano)} for ${month}`,
          )
        if (cancellation(thrown)?.[1] === 'ConditionalCheckFailed')
          throw new PercallError(
            'CONFLICT',
            `month ${month}: expected a month whose invoice is not final, with less than ${mostAdjustments} adjustments`,
          )
        // The cursor was moved since it was read.
        if (cancellation(thrown)?.[TransactItems.length] === 'ConditionalCheckFailed' || isConflict(thrown))
          return 'again'
        throw thrown
      }
    })
  }

const isAdjustment = ({ kind }: Item): boolean => kind === 'adjustment'

/** A consumer's adjustments, of one month or of all, oldest first. */
export const listAdjustments =
  (table: Table) =>
  async (consumerId: string, month?: string): Promise<MonthAdjustments> => {
    const items = await queryAll(table)(adjustmentsPk(consumerId))
    const adjustments = items
      .filter(isAdjustment)
      .map((item) => adjustmentOf(stored<Kept>(item)))
      .filter((one) => month === undefined || one.month === month)
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
    return { adjustments, count: adjustments.length }
  }
