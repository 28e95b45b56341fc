import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { isConflict, schema, stored, type Table, untilSettled } from '../aws/table.ts'

/** Where a work of many ticks stands. Each move raises the revision, so that of two ticks at once one moves it. */
export type Cursor = { readonly revision: number }

/** The invoices' is moved by adjustments, too. */
export const invoicesCursor = 'invoices'

const cursorKey = (name: string) => ({ pk: `STEP#${name}`, sk: '-' })

/** Undefined before the first move. */
export const readCursor =
  <Kind extends Cursor>({ documents, table }: Table, name: string) =>
  async (): Promise<Kind | undefined> => {
    const Key = cursorKey(name)
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Kind>(Item)
  }

/** The put that moves it where it is at the revision before. */
export const cursorPut = <Kind extends Cursor>(table: string, name: string, to: Kind) => ({
  TableName: table,
  Item: { ...cursorKey(name), schema, ...to },
  ...(to.revision === 1
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'revision = :before', ExpressionAttributeValues: { ':before': to.revision - 1 } }),
})

/** Moves it where it is at the revision before. False: another did. */
export const moveCursor =
  <Kind extends Cursor>({ documents, table }: Table, name: string) =>
  (to: Kind): Promise<boolean> =>
    untilSettled(async () => {
      try {
        await documents.send(new PutCommand(cursorPut(table, name, to)))
        return true
      } catch (thrown) {
        if (thrown instanceof ConditionalCheckFailedException) return false
        if (isConflict(thrown)) return 'again'
        throw thrown
      }
    })
