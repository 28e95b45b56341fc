import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Artifacts } from '../../adapters/aws/artifacts.ts'
import type { Table } from '../../adapters/aws/table.ts'
import { startS3 } from '../local/objects/server.ts'
import { attributes, keySchema, startTables, tableResource } from '../local/tables/setup.ts'

/** A registry table and an artifacts bucket behind the real SDK clients. */
export const startPlaces = async () => {
  const names = attributes({ pk: 'S', sk: 'S' })
  const resources = [tableResource('registry', { AttributeDefinitions: names, KeySchema: keySchema('pk', 'sk') })]
  const tables = await startTables({ resources })
  const s3 = await startS3()
  const documents = DynamoDBDocumentClient.from(tables.client, { marshallOptions: { removeUndefinedValues: true } })
  const registry: Table = { documents, table: 'registry' }
  const artifacts: Artifacts = { objects: s3.s3, bucket: 'versioned' }
  const close = async (): Promise<void> => {
    await Promise.all([tables.close(), s3.close()])
  }
  return { registry, artifacts, s3, close }
}
