import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'

/** A table and the client that reaches it. */
export type Table = { readonly documents: DynamoDBDocumentClient; readonly table: string }

export type Item = Readonly<Record<string, unknown>>

/** The layout that this release writes into every item. */
export const schema = 1

/** An item without its keys and layout number: the value it stores. */
export const stored = <Value>(item: Item): Value => {
  const { pk, sk, schema: _, ...value } = item
  // What this file's callers put is what they get: items of the table are written by this code only.
  return value as Value
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const mostSortKeyBytes = 1024

/** The sort key that a `next` stands for. Throws BAD_REQUEST. */
export const sortKeyOf = (next: string): string => {
  const bytes = Buffer.from(next, 'base64url')
  const text = bytes.toString()
  const isText = text !== '' && bytes.length <= mostSortKeyBytes && Buffer.from(text).toString('base64url') === next
  if (!isText) throw new PercallError('BAD_REQUEST', `next: expected the word that the last page gave, got ${next}`)
  return text
}

/** The `next` of a page that ends with this sort key. */
export const nextOf = (sk: string): string => Buffer.from(sk).toString('base64url')

/** One page of the items under `pk` in the order of their sort keys; `next` is the last sort key, in base64url. */
export const queryPage =
  ({ documents, table }: Table) =>
  async (pk: string, { limit, next }: PageRequest, newestFirst = false): Promise<Page<Item>> => {
    const after = next === undefined ? undefined : sortKeyOf(next)
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        Limit: limit,
        ScanIndexForward: !newestFirst,
        ...(after !== undefined && { ExclusiveStartKey: { pk, sk: after } }),
      }),
    )
    const last: unknown = LastEvaluatedKey?.sk
    return { items: Items, ...(typeof last === 'string' && { next: nextOf(last) }) }
  }

const allPageLimit = 1000

/** Every item under `pk`. */
export const queryAll =
  (table: Table) =>
  async (pk: string): Promise<readonly Item[]> => {
    const items: Item[] = []
    let next: string | undefined
    do {
      const page: Page<Item> = await queryPage(table)(pk, { limit: allPageLimit, ...(next && { next }) })
      items.push(...page.items)
      next = page.next
    } while (next)
    return items
  }

/** Why each action of a cancelled transaction failed, by position; undefined when `thrown` is something else. */
export const cancellation = (thrown: unknown): readonly (string | undefined)[] | undefined =>
  thrown instanceof TransactionCanceledException ? thrown.CancellationReasons?.map(({ Code }) => Code) : undefined

/** The item that the action at this position of a cancelled transaction met; undefined when it met none, or another thing failed. */
export const cancelledBy = <Value>(thrown: unknown, position: number): Value | undefined => {
  const reason = thrown instanceof TransactionCanceledException ? thrown.CancellationReasons?.[position] : undefined
  return reason?.Code === 'ConditionalCheckFailed' && reason.Item ? stored<Value>(unmarshall(reason.Item)) : undefined
}

const mostAttempts = 25
const firstPauseMs = 4
const longestPauseMs = 250

/** Whether another transaction held an item of this write: it did not happen, and the SDK does not repeat it. */
export const isConflict = (thrown: unknown): boolean =>
  thrown instanceof TransactionConflictException || (cancellation(thrown)?.includes('TransactionConflict') ?? false)

/** Repeats a write, with growing random pauses, until it answers other than 'again'. Throws NOT_READY when others go on. */
export const untilSettled = async <Value>(attempt: () => Promise<Value | 'again'>): Promise<Value> => {
  for (let i = 0; i < mostAttempts; i++) {
    const value = await attempt()
    if (value !== 'again') return value
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** i) * Math.random()
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new PercallError('NOT_READY', `write: other writers of the same item came first ${mostAttempts} times`)
}
