import { PutCommand } from '@aws-sdk/lib-dynamodb'
import type { FailedMonth, FinalisePorts } from '../../src/billing/finalise-invoices.ts'
import { queryAll, schema, type Table } from '../aws/table.ts'

const failedPk = 'INVOICES-FAILED'

// Nobody needs the item of a month that is closed; until then a tick that began earlier may put it once more.
const keptMs = 30 * 86_400_000

/** Months that could not be closed. The item of one that is closed goes by its expiry: nobody but that deletes from the ledger. */
export const failedInvoices = ({
  documents,
  table,
}: Table): Pick<FinalisePorts, 'listFailed' | 'noteFailed' | 'forgetFailed'> => {
  const put = ({ consumerId, month }: FailedMonth, more: object) => {
    const Item = { pk: failedPk, sk: `${month} ${consumerId}`, schema, consumerId, month, ...more }
    return documents.send(new PutCommand({ TableName: table, Item }))
  }
  return {
    listFailed: async () =>
      (await queryAll({ documents, table })(failedPk))
        .filter(({ isClosed }) => isClosed !== true)
        .map(({ consumerId, month }) => ({ consumerId: String(consumerId), month: String(month) })),
    noteFailed: (of) => put(of, {}),
    forgetFailed: (of) => put(of, { isClosed: true, expires: Math.ceil((Date.now() + keptMs) / 1000) }),
  }
}
