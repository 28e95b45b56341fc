import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Table } from '../../../adapters/aws/table.ts'
import { listDatasetVersions } from '../../../adapters/datasets/datasets.ts'
import { ingestDataset } from '../../../adapters/datasets/ingest.ts'
import { startS3 } from '../../local/objects/server.ts'
import { attributes, keySchema, startTables, tableResource } from '../../local/tables/setup.ts'
import { type Fate, startProxy } from '../fault-proxy.ts'

const definition = { AttributeDefinitions: attributes({ pk: 'S', sk: 'S' }), KeySchema: keySchema('pk', 'sk') }

let tables: Awaited<ReturnType<typeof startTables>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let s3: Awaited<ReturnType<typeof startS3>>
let registry: Table

beforeAll(async () => {
  tables = await startTables({ resources: [tableResource('registry', definition)] })
  const { hostname, port } = await tables.client.config.endpoint!()
  proxy = await startProxy(`http://${hostname}:${port}`)
  s3 = await startS3()
  const credentials = { accessKeyId: 'admin', secretAccessKey: 'none' }
  const client = new DynamoDBClient({ endpoint: proxy.url, region: 'us-east-1', credentials, maxAttempts: 3 })
  registry = { documents: DynamoDBDocumentClient.from(client), table: 'registry' }
})
afterAll(async () => {
  proxy.close()
  await Promise.all([tables.close(), s3.close()])
})

const fates: readonly Fate[] = ['drop the request', 'drop the answer']

// The requests of a first version: what is the latest, the next number, the row.
test.for([0, 1, 2].flatMap((request) => fates.map((fate) => ({ request, fate }))))(
  '$fate of request $request -> one version, whose bytes are there',
  async ({ request, fate }) => {
    const dataset = `lines-${request}-${fate.replaceAll(' ', '-')}`
    const ingest = ingestDataset(registry, { objects: s3.s3, bucket: 'plain' }, 1024, () => Date.now())
    proxy.fates.push(...Array<Fate>(request).fill('answer'), fate)
    const { version, isNew } = await ingest(dataset, 'csv', { bytes: Buffer.from('x,y\n1,2\n3,4\n') })
    expect(proxy.fates).toEqual([])
    expect(isNew).toBe(true)
    const { items } = await listDatasetVersions(registry)(dataset, { limit: 10 })
    expect(items).toEqual([expect.objectContaining({ number: version.number, rows: 2, digest: version.digest })])
  },
)
