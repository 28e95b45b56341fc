import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { ClosedMonth, CloseOutcome } from '../../src/billing/finalise-invoices.ts'
import type { NumberedInvoice } from '../../src/billing/invoice-check.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import {
  cancellation,
  isConflict,
  queryAll,
  queryPage,
  schema,
  stored,
  type Table,
  untilSettled,
} from '../aws/table.ts'
import { monthOfAdjustments } from './adjustments.ts'
import { type KeptInvoice, putLines, withLines } from './invoice-lines.ts'
import { absent } from './ledger-keys.ts'

const closedPk = (consumerId: string): string => `V#${consumerId}`
const numbersPk = 'INVOICES'
const counterKey = { pk: numbersPk, sk: '-' }
const numberDigits = 10
const numberSk = (number: number): string => String(number).padStart(numberDigits, '0')

/** A closed month as its item keeps it: `withLines` reads what an invoice does not have here. */
export type ListedMonth =
  | { readonly kind: 'invoice'; readonly body: KeptInvoice }
  | Extract<ClosedMonth, { kind: 'nothing' }>

/** A consumer's month that is closed; undefined while it is open. */
export const readClosed =
  (ledger: Table) =>
  async (consumerId: string, month: string): Promise<ClosedMonth | undefined> => {
    const Key = { pk: closedPk(consumerId), sk: month }
    const { Item } = await ledger.documents.send(new GetCommand({ TableName: ledger.table, Key, ConsistentRead: true }))
    const listed = Item && stored<ListedMonth>(Item)
    return listed?.kind === 'invoice' ? { kind: listed.kind, body: await withLines(ledger)(listed.body) } : listed
  }

/** A consumer's closed months, newest first */
export const listClosed =
  (table: Table) =>
  async (consumerId: string, request: PageRequest): Promise<Page<ListedMonth>> => {
    const page = await queryPage(table)(closedPk(consumerId), request, true)
    return { ...page, items: page.items.map((item) => stored<ListedMonth>(item)) }
  }

/** The number of the last invoice; 0 before the first. */
export const lastNumber =
  ({ documents, table }: Table) =>
  async (): Promise<number> => {
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key: counterKey, ConsistentRead: true }))
    return Number(Item?.last ?? 0)
  }

/** Which invoice has which number, in their order. */
export const listNumbers = (table: Table) => async (): Promise<readonly NumberedInvoice[]> =>
  (await queryAll(table)(numbersPk))
    .filter(({ kind }) => kind === 'number')
    .map((item) => stored<NumberedInvoice>(item))

const takeNumber = (table: string, number: number, consumer: string, month: string) => [
  {
    Update: {
      TableName: table,
      Key: counterKey,
      UpdateExpression: 'SET #last = :number, #schema = :schema',
      ConditionExpression: number === 1 ? 'attribute_not_exists(#last)' : '#last = :before',
      ExpressionAttributeNames: { '#last': 'last', '#schema': 'schema' },
      ExpressionAttributeValues: { ':number': number, ':schema': schema, ...(number > 1 && { ':before': number - 1 }) },
    },
  },
  {
    Put: {
      TableName: table,
      Item: { pk: numbersPk, sk: numberSk(number), schema, kind: 'number', number, consumer, month },
      ConditionExpression: absent,
    },
  },
]

/** From then on the month takes no adjustment; refused where it has another one than the invoice. */
const closeAdjustments = (table: string, consumerId: string, month: string, count: number) => ({
  Update: {
    TableName: table,
    Key: monthOfAdjustments(consumerId, month),
    UpdateExpression: 'SET isFinal = :true, #kind = :kind, #month = :month, #schema = :schema',
    ConditionExpression: count === 0 ? 'attribute_not_exists(#count)' : '#count = :count',
    ExpressionAttributeNames: { '#count': 'count', '#kind': 'kind', '#month': 'month', '#schema': 'schema' },
    ExpressionAttributeValues: {
      ':true': true,
      ':kind': 'adjusted month',
      ':month': month,
      ':schema': schema,
      ...(count > 0 && { ':count': count }),
    },
  },
})

const monthOf = (closed: ClosedMonth): string => (closed.kind === 'invoice' ? closed.body.month : closed.month)

/**
 * Closes a month in one transaction: the month if it is open, its adjustments if they are `count`, and the number of its
 * invoice if it is the next of the counter. Nothing of it is written otherwise, so that numbers have no gaps; lines that do
 * not fit its item are put before.
 */
export const putClosed =
  (ledger: Table) =>
  async (consumerId: string, closed: ClosedMonth, count: number): Promise<CloseOutcome> => {
    const { documents, table } = ledger
    const month = monthOf(closed)
    const kept: ListedMonth =
      closed.kind === 'invoice' ? { kind: closed.kind, body: await putLines(ledger)(closed.body) } : closed
    const item = { pk: closedPk(consumerId), sk: month, schema, ...kept }
    const number = closed.kind === 'invoice' ? closed.body.number : undefined
    const TransactItems = [
      { Put: { TableName: table, Item: item, ConditionExpression: absent } },
      closeAdjustments(table, consumerId, month, count),
      ...(number === undefined ? [] : takeNumber(table, number, consumerId, month)),
    ]
    return await untilSettled(async () => {
      try {
        await documents.send(new TransactWriteCommand({ TransactItems }))
        return 'closed'
      } catch (thrown) {
        const reasons = cancellation(thrown)
        if (reasons?.[0] === 'ConditionalCheckFailed') return 'there'
        if (reasons?.includes('ConditionalCheckFailed')) return 'moved'
        if (isConflict(thrown)) return 'again'
        throw thrown
      }
    })
  }
