import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { UsageRow } from '../../src/ledger/usage-row.ts'
import type { Stack } from '../stack/stack.ts'

/** Every usage row of the deployment, in the order of the calls, read from the table itself. */
export const usageRows = async ({
  running,
  documents,
}: {
  readonly running: Pick<Stack['running'], 'outputs'>
  readonly documents: Stack['documents']
}): Promise<readonly UsageRow[]> => {
  const TableName = running.outputs.PercallService?.LedgerTable
  const Items: Record<string, unknown>[] = []
  let after: Record<string, unknown> | undefined
  // A page of a scan ends at 1 MB.
  do {
    const start = after && { ExclusiveStartKey: after }
    const page = await documents.send(new ScanCommand({ TableName, ConsistentRead: true, ...start }))
    Items.push(...(page.Items ?? []))
    after = page.LastEvaluatedKey
  } while (after)
  // Items of kind 'row' have the fields of src/ledger/chain.ts.
  const rows = Items.filter(({ kind }) => kind === 'row') as unknown as UsageRow[]
  return rows.sort((a, b) => a.admittedAtMs - b.admittedAtMs || a.number - b.number)
}

/** A consumer with grants, and a key of it. */
export const consumerKey = async ({ send }: Stack, id: string, grants: readonly string[]): Promise<string> => {
  const made = await send('POST', '/api/consumers', { body: { id, grants } })
  const key = await send('POST', `/api/consumers/${id}/keys`, { body: {} })
  if (made.status !== 201 || key.status !== 201) throw new Error(`consumer ${id}: ${made.status}, ${key.status}`)
  return key.body.secret
}
