import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { auditOfCredit } from '../../src/access/audited.ts'
import type { Credit } from '../../src/billing/credit.ts'
import { formatNano } from '../../src/billing/money.ts'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { auditPut } from '../access/audit.ts'
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
import { balanceKey } from './balances.ts'
import { absent } from './ledger-keys.ts'

const creditPk = (consumerId: string): string => `K#${consumerId}`

/** All credits together stay a safe integer, so that no sum of them is ever rounded. */
const addToBalance = (table: string, { consumerId, amountNano }: Credit) => ({
  TableName: table,
  Key: balanceKey(consumerId),
  UpdateExpression: `SET ${[
    'totalNano = if_not_exists(totalNano, :zero) + :amount',
    'availableNano = if_not_exists(availableNano, :zero) + :amount',
    'leasedNano = if_not_exists(leasedNano, :zero)',
    'leases = if_not_exists(leases, :zero)',
    'spentNano = if_not_exists(spentNano, :zero)',
    '#kind = :kind, #payer = :payer, #id = :id, #consumerId = :id, #schema = :schema',
  ].join(', ')}`,
  ConditionExpression: 'attribute_not_exists(totalNano) OR totalNano <= :most',
  ExpressionAttributeNames: {
    '#kind': 'kind',
    '#payer': 'payer',
    '#id': 'id',
    '#consumerId': 'consumerId',
    '#schema': 'schema',
  },
  ExpressionAttributeValues: {
    ':zero': 0,
    ':amount': amountNano,
    ':most': Number.MAX_SAFE_INTEGER - amountNano,
    ':kind': 'balance',
    ':payer': 'prepaid',
    ':id': consumerId,
    ':schema': schema,
  },
})

const reused = (keyed: boolean, there: Credit, asked: Credit): PercallError =>
  new PercallError(
    keyed ? 'IDEMPOTENCY_KEY_REUSED' : 'CONFLICT',
    `credit ${asked.id}: expected ${formatNano(there.amountNano)}${keyed ? ' with its memo' : ''}, which it was given with, got ${formatNano(asked.amountNano)}`,
  )

/**
 * Puts a credit with its row of the audit and adds it to the balance, once for its id: again -> the one that is there.
 * Throws CONFLICT for an id of another amount, IDEMPOTENCY_KEY_REUSED where the id is of a caller's key, for another memo too,
 * CREDIT_TOO_LARGE, and OUTCOME_UNKNOWN where it may be given: the message has the id that gives it once.
 */
export const putCredit =
  ({ documents, table }: Table, registry: string) =>
  (credit: Credit, keyed = false): Promise<{ readonly credit: Credit; readonly isNew: boolean }> => {
    const { id, consumerId, amountNano, memo } = credit
    const put = {
      TableName: table,
      Item: { pk: creditPk(consumerId), sk: id, schema, kind: 'credit', ...credit },
      ConditionExpression: absent,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const
    const TransactItems = [
      { Put: put },
      { Update: addToBalance(table, credit) },
      auditPut(registry, auditOfCredit(credit)),
    ]
    return untilSettled(async () => {
      const outcome = await sendWrite(documents, new TransactWriteCommand({ TransactItems }))
      if (outcome.kind === 'written') return { credit, isNew: true }
      const cause = outcome.kind === 'refused' ? outcome.cause : undefined
      const there = cancelledBy<Credit>(cause, 0)
      if (there && (there.amountNano !== amountNano || (keyed && there.memo !== memo)))
        throw reused(keyed, there, credit)
      if (there) return { credit: there, isNew: false }
      // Its id lets it be given once, also where an earlier attempt is on its way.
      if (isConflict(cause)) return 'again'
      if (outcome.kind === 'unknown' || !outcome.certain)
        throw new PercallError(
          'OUTCOME_UNKNOWN',
          `credit ${id}: the ledger did not answer, it may be given; the same request with the id ${id} gives it once`,
        )
      if (cancellation(cause)?.[1] === 'ConditionalCheckFailed')
        throw new PercallError(
          'CREDIT_TOO_LARGE',
          `credit of ${formatNano(amountNano)}: expected all credits together to be at most ${formatNano(Number.MAX_SAFE_INTEGER)}`,
        )
      throw cause
    })
  }

/** All credits of a consumer together. */
export const sumCredits =
  (table: Table) =>
  async (consumerId: string): Promise<bigint> => {
    const credits = await queryAll(table)(creditPk(consumerId))
    return credits.reduce((sum, { amountNano }) => sum + BigInt(Number(amountNano)), 0n)
  }

/** A consumer's credits in the order of their ids; ids that nobody chose are in the order of their times. */
export const listCredits =
  (table: Table) =>
  async (consumerId: string, request: PageRequest): Promise<Page<Credit>> => {
    const page = await queryPage(table)(creditPk(consumerId), request, true)
    return { ...page, items: page.items.map((item) => stored<Credit>(item)) }
  }
