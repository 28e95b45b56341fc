import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import { cancellation, isConflict, type Table, untilSettled } from './table.ts'

/** One transaction, repeated while others hold its items. False where a condition failed. */
export const transact = ({ documents }: Table, actions: TransactWriteCommandInput['TransactItems']): Promise<boolean> =>
  untilSettled(async () => {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: actions }))
      return true
    } catch (thrown) {
      if (cancellation(thrown)?.includes('ConditionalCheckFailed')) return false
      if (isConflict(thrown)) return 'again'
      throw thrown
    }
  })
