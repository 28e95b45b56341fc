import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { CountTestUse } from '../../src/run/test-uses.ts'
import { schema, type Table } from '../aws/table.ts'

/** A set of run ids: the same run adds nothing when its state is run again. */
export const countTestUse =
  ({ documents, table }: Table): CountTestUse =>
  async ({ dataset, runId }) => {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: `TU#${dataset}`, sk: '-' },
      UpdateExpression: 'SET #schema = :schema ADD runs :run',
      ExpressionAttributeNames: { '#schema': 'schema' },
      ExpressionAttributeValues: { ':run': new Set([runId]), ':schema': schema },
      ReturnValues: 'UPDATED_NEW',
    })
    const { Attributes } = await documents.send(update)
    const runs: unknown = Attributes?.runs
    return runs instanceof Set ? runs.size : 1
  }
