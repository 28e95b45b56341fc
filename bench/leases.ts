/** Calls a second of one consumer from 1, 8 and 64 environments, capped and not, and how the size of a lease follows. */
import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { readConsumer } from '../adapters/access/consumers.ts'
import { ledgerClientConfig } from '../adapters/aws/put-outcome.ts'
import { readBalance, settleLease } from '../adapters/ledger/balances.ts'
import { readKeySpent } from '../adapters/ledger/key-spent.ts'
import { openChain, putRecordedRow, putSlot, readChain, sha256 } from '../adapters/ledger/ledger.ts'
import { priceAt, putPrice } from '../adapters/ledger/prices.ts'
import type { Consumer } from '../src/access/consumer.ts'
import { principalOf } from '../src/access/consumer.ts'
import { toNano, zeroNano } from '../src/billing/money.ts'
import { hourAt, zoneOffset } from '../src/ledger/hour.ts'
import { createMeter } from '../src/ledger/settle.ts'
import { attributes, keySchema, startTables, tableResource } from '../test/local/tables/setup.ts'
import { countedFigure, type Figure, figureOf } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'

const pairs = 7
const callsASample = 640
const priceNano = 1_000_000
/** A million calls: far from the edge, where leases grow as traffic lets them. */
const capNano = 1_000_000 * priceNano

const names = { AttributeDefinitions: attributes({ pk: 'S', sk: 'S' }), KeySchema: keySchema('pk', 'sk') }
const tables = await startTables({ resources: ['registry', 'ledger'].map((name) => tableResource(name, names)) })
const { hostname, port } = await tables.client.config.endpoint!()
const client = new DynamoDBClient({
  ...ledgerClientConfig,
  endpoint: `http://${hostname}:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'admin', secretAccessKey: 'none' },
})
const documents = DynamoDBDocumentClient.from(client)
const ledger = { documents, table: 'ledger' }
const registry = { documents, table: 'registry' }
const hours = hourAt(zoneOffset('UTC'))

await documents.send(new PutCommand({ TableName: 'registry', Item: { pk: 'MODEL', sk: 'm', name: 'm' } }))
const price = {
  model: 'm',
  unit: 'call',
  nanoPerUnit: toNano(priceNano),
  minimumPerCallNano: zeroNano,
  fromMs: 0,
} as const
await putPrice(registry)(price, 'bench', Date.now())

const consumerOf = async (id: string, plan: Consumer['plan']): Promise<Consumer> => {
  const caps = plan === 'postpaid-capped' ? [{ month: '2000-01', amountNano: toNano(capNano) }] : undefined
  const consumer = { id, plan, grants: ['*'], createdAtMs: 0, revision: 1, ...(caps && { caps }) }
  await documents.send(new PutCommand({ TableName: 'registry', Item: { pk: 'CONSUMER', sk: id, ...consumer } }))
  return consumer
}

type Sizes = { readonly first: number; largest: number; opened: number }

/** One execution environment over the real ledger, and the leases that it took. */
const environment = (leases: Sizes) => {
  const open = openChain(ledger, registry.table)
  return createMeter({
    now: Date.now,
    hourAt: hours,
    priceAt: priceAt(registry, 'UTC'),
    readBalance: readBalance(ledger),
    readKeySpent: readKeySpent(ledger),
    readAccount: readConsumer(registry),
    openChain: (chain, lease) => {
      leases.opened += 1
      leases.largest = Math.max(leases.largest, lease?.sizeNano ?? 0)
      return open(chain, lease)
    },
    putSlot: putSlot(ledger),
    putRecordedRow: putRecordedRow(ledger),
    readChain: readChain(ledger),
    settleLease: settleLease(ledger),
    newId: randomUUID,
    sha256,
  })
}

/** `count` environments of one consumer, each with one call at a time. */
const fleet = async (plan: Consumer['plan'], count: number) => {
  const consumer = await consumerOf(`${plan}-${count}`, plan)
  const leases: Sizes = { first: priceNano, largest: 0, opened: 0 }
  const meters = Array.from({ length: count }, () => environment(leases))
  const principal = principalOf({ id: 'k', consumerId: consumer.id, createdAtMs: 0 }, consumer, Date.now())
  let calls = 0
  const call = async (meter: (typeof meters)[number]): Promise<void> => {
    const admission = await meter.admit(principal, 'm')
    const usage = { model: 'm', version: 1, rows: 1, durationMs: 1, cold: false, requestId: randomUUID() }
    await meter.prepare(admission, { row: usage.rows })
    await meter.settle(admission, usage)
    calls += 1
  }
  const sample = async (): Promise<number> => {
    const beganAtMs = performance.now()
    const each = callsASample / count
    await Promise.all(
      meters.map(async (meter) => {
        for (let i = 0; i < each; i++) await call(meter)
      }),
    )
    return (callsASample / (performance.now() - beganAtMs)) * 1000
  }
  return { sample, leases, told: () => calls, end: () => Promise.all(meters.map(({ end }) => end())) }
}

const figures: Figure[] = []
const notes: string[] = [
  'The ledger as a function has it (src/ledger/settle.ts over its adapters), without gateway and inference, against the local tables: each environment sends one call at a time. On one machine the tables are what is waited for; on AWS environments do not share a processor.',
]
for (const count of [1, 8, 64]) {
  const [free, capped] = [await fleet('postpaid', count), await fleet('postpaid-capped', count)]
  await free.sample()
  await capped.sample()
  const taken = await alternate(pairs, capped.sample, free.sample)
  const environments = `${count} environment${count > 1 ? 's' : ''}`
  figures.push(
    figureOf({
      question: `calls of one capped consumer, ${environments}`,
      unit: 'requests/s',
      samples: taken.ours.map(once),
      peer: { name: 'the same consumer without a cap', samples: taken.peers.map(once) },
    }),
    countedFigure({
      question: `ledger openings a call under a cap, ${environments}`,
      unit: 'requests',
      value: Number((capped.leases.opened / capped.told()).toPrecision(3)),
    }),
  )
  notes.push(
    `${environments}: leases grew from ${capped.leases.first / priceNano} call to ${Math.round(capped.leases.largest / priceNano)}; ${capped.leases.opened} openings for ${capped.told()} calls.`,
  )
  await Promise.all([free.end(), capped.end()])
}
client.destroy()
await tables.close()

report('leases', figures, notes)
