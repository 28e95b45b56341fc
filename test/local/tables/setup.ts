import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Authorize, Caller, Resource, UseKey } from '../../../local/service.ts'
import { createTables } from '../../../local/tables/tables.ts'
import { serveJson } from '../json-server.ts'

export const admin: Caller = { kind: 'admin' }

export const tableResource = (name: string, properties: object, type = 'AWS::DynamoDB::Table'): Resource => ({
  stack: 'Test',
  logicalId: `${name}Resource`,
  type,
  ref: name,
  attributes: {},
  properties,
})

export const attributes = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))

export const keySchema = (partition: string, sort?: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
]

/** The tables of most tests: `things` with every kind of index, `counts` with a number as sort key, `plain`. */
export const resources = [
  tableResource('things', {
    AttributeDefinitions: attributes({ pk: 'S', sk: 'S', holder: 'S', score: 'N', place: 'N' }),
    KeySchema: keySchema('pk', 'sk'),
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    GlobalSecondaryIndexes: [
      { IndexName: 'byHolder', KeySchema: keySchema('holder', 'score'), Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'keysOnly', KeySchema: keySchema('holder'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      {
        IndexName: 'included',
        KeySchema: keySchema('holder'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
      },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'byPlace', KeySchema: keySchema('pk', 'place'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
  }),
  tableResource('counts', {
    AttributeDefinitions: attributes({ name: 'S', at: 'N' }),
    KeySchema: keySchema('name', 'at'),
  }),
  tableResource('plain', { AttributeDefinitions: attributes({ id: 'B' }), KeySchema: keySchema('id') }),
]

/** Tables in a new folder behind a server, with a client for each access key id. */
export const startTables = async (
  options: { authorize?: Authorize; useKey?: UseKey; now?: () => number; resources?: readonly Resource[] } = {},
) => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-tables-'))
  const tables = createTables({
    folder,
    now: options.now ?? (() => 1_700_000_000_000),
    authorize: options.authorize ?? (() => {}),
    useKey: options.useKey ?? (() => {}),
  })
  for (const resource of options.resources ?? resources) tables.addTable(resource)
  const server = await serveJson(tables.service, (accessKeyId) =>
    accessKeyId === 'admin' ? admin : { kind: 'role', roleArn: accessKeyId },
  )
  const clientFor = (accessKeyId: string) =>
    new DynamoDBClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'none' },
      maxAttempts: 1,
    })
  const client = clientFor('admin')
  return {
    folder,
    tables,
    client,
    clientFor,
    url: server.url,
    close: async () => {
      client.destroy()
      await server.close()
      tables.close()
      rmSync(folder, { recursive: true })
    },
  }
}
