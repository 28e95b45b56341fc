/** Local tables with hours of a month that are folded: totals written by the fold's own adapters. */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { putConsumer } from '../../adapters/access/consumers.ts'
import type { Table } from '../../adapters/aws/table.ts'
import { keepConsumer, markFolded, markHour, putRecord } from '../../adapters/ledger/fold.ts'
import { sha256 } from '../../adapters/ledger/ledger.ts'
import { putPrice } from '../../adapters/ledger/prices.ts'
import { modelPk } from '../../adapters/registry/registry.ts'
import { auditOfConsumer } from '../../src/access/audited.ts'
import type { Consumer } from '../../src/access/consumer.ts'
import { newPrice, priceSchema } from '../../src/billing/price-request.ts'
import { type Hour, hourAt, zoneOffset } from '../../src/ledger/hour.ts'
import type { TotalLine } from '../../src/ledger/totals.ts'
import { macOf } from '../ledger/folding.ts'
import { attributes, keySchema, startTables, tableResource } from '../local/tables/setup.ts'

export const hours = hourAt(zoneOffset('Europe/Berlin'))

export const startLedger = async () => {
  const names = attributes({ pk: 'S', sk: 'S' })
  const resources = ['registry', 'ledger'].map((name) =>
    tableResource(name, { AttributeDefinitions: names, KeySchema: keySchema('pk', 'sk') }),
  )
  const tables = await startTables({ resources })
  const documents = DynamoDBDocumentClient.from(tables.client, { marshallOptions: { removeUndefinedValues: true } })
  const registry: Table = { documents, table: 'registry' }
  const ledger: Table = { documents, table: 'ledger' }

  const addModel = (name: string) =>
    documents.send(new PutCommand({ TableName: 'registry', Item: { pk: modelPk, sk: name, name } }))
  const addPrice = async (model: string, fields: object) => {
    await addModel(model)
    const price = newPrice(priceSchema.parse(fields))
    return putPrice(registry)({ model, ...price, fromMs: 0 }, 'owner', 0)
  }
  const addConsumer = (id: string, more: Partial<Consumer> = {}) => {
    const after: Consumer = { id, plan: 'postpaid', grants: ['*'], createdAtMs: 0, revision: 1, ...more }
    const change = { actor: 'owner', action: 'consumer.create', before: undefined, after, atMs: 0 }
    return putConsumer(registry)(after, auditOfConsumer(change))
  }
  const fold = async (hour: Hour, used: Readonly<Record<string, readonly TotalLine[]>>) => {
    await markHour(ledger)(hour.label)
    for (const [consumerId, lines] of Object.entries(used))
      await keepConsumer(ledger)({ hour, consumerId, lines, digests: [] })
    await putRecord(ledger, registry, { sha256, macOf })(hour)
    await markFolded(ledger)(hour.label)
  }
  return { url: tables.url, registry, ledger, addPrice, addConsumer, fold, close: tables.close }
}

export const lineOf = (model: string, priceId: string | undefined, units: number, nano: number): TotalLine => ({
  ...{ model, version: 1, keyId: 'k', unit: 'call', calls: units, units, costNano: BigInt(units) * BigInt(nano) },
  ...(priceId !== undefined && { priceId }),
})
