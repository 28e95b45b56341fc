import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type CapWarning, capEventOf } from '../../src/billing/cap-warning.ts'
import type { Table } from '../aws/table.ts'
import { balanceKey } from './balances.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
type PutEvents = (operation: 'PutEvents', input: unknown) => Promise<{ readonly FailedEntryCount: number }>

/**
 * Puts the event on the default bus, then notes its share in the month's item. A tick that dies between the two sends it again
 * under the same id.
 */
export const tellOfCap =
  ({ documents, table }: Table, call: PutEvents, source: string, currency: string, now: () => number) =>
  async (warning: CapWarning): Promise<void> => {
    const event = capEventOf(warning, { source, currency, nowMs: now() })
    const entry = { Source: 'percall', DetailType: event.type, Detail: JSON.stringify(event) }
    const { FailedEntryCount } = await call('PutEvents', { Entries: [entry] })
    if (FailedEntryCount > 0) throw new Error(`PutEvents: expected the event ${event.id} to be taken, it was refused`)
    const note = new UpdateCommand({
      TableName: table,
      Key: balanceKey(warning.payer.id),
      UpdateExpression: 'SET warnedPercent = :percent',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(warnedPercent) OR warnedPercent < :percent)',
      ExpressionAttributeValues: { ':percent': warning.sharePercent },
    })
    try {
      await documents.send(note)
    } catch (thrown) {
      // Another tick noted as much.
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
    }
  }
