/** One hour of a million rows: folding it, a month's usage, reconciling it; each with its time and its reads. */
import { createHmac } from 'node:crypto'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { keepConsumer, markFolded } from '../adapters/ledger/fold.ts'
import { foldPorts } from '../adapters/ledger/fold-ports.ts'
import { openChain, sha256 } from '../adapters/ledger/ledger.ts'
import { comparingPorts } from '../adapters/ledger/reconcile-ports.ts'
import { readUsage } from '../adapters/ledger/usage.ts'
import { toNano } from '../src/billing/money.ts'
import { advance, chargeOf, emptyChain, nextClosed, nextRow, type Slot } from '../src/ledger/chain.ts'
import { createFold } from '../src/ledger/fold.ts'
import { hourAt, hoursBetween, zoneOffset } from '../src/ledger/hour.ts'
import { reconcile } from '../src/ledger/reconcile.ts'
import { usageBy } from '../src/ledger/usage.ts'
import { admin, attributes, keySchema, startTables, tableResource } from '../test/local/tables/setup.ts'
import { countedFigure } from './measure/figure.ts'
import { report } from './measure/result.ts'

const rowCount = Number(process.env.PERCALL_BENCH_ROWS ?? 1_000_000)
const rowsPerChain = 1_000
const consumers = 100
const batchSize = 25
const hours = hourAt(zoneOffset('UTC'))
const startMs = Date.UTC(2026, 10, 20, 12)
const hour = hours(startMs)
const month = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1) }

const definition = { AttributeDefinitions: attributes({ pk: 'S', sk: 'S' }), KeySchema: keySchema('pk', 'sk') }
const resources = ['registry', 'ledger'].map((name) => tableResource(name, definition))
const server = await startTables({ resources, now: Date.now })
const documents = DynamoDBDocumentClient.from(server.client)
const ledger = { documents, table: 'ledger' }
const registry = { documents, table: 'registry' }

const consumerOf = (chain: number): string => `consumer-${chain % consumers}`
const price = {
  id: 'price',
  unit: 'row',
  nanoPerUnit: toNano(2000),
  minimumPerCallNano: toNano(0),
  fromMs: 0,
  model: 'cars',
} as const

/** The slots of a chain as an environment writes them. */
const slotsOf = (chain: number): readonly Slot[] => {
  let open = emptyChain(sha256, `chain-${chain}`, consumerOf(chain), hour.label)
  const slots: Slot[] = []
  for (let i = 0; i < rowsPerChain; i++) {
    const usage = {
      model: 'cars',
      version: 1 + (i % 3),
      rows: 1 + (i % 7),
      durationMs: 1.5,
      cold: false,
      requestId: `r-${chain}-${i}`,
    }
    const principal = { keyId: `key-${chain % 200}`, consumerId: open.consumerId }
    const admission = { principal, admittedAtMs: startMs + i, price }
    const row = nextRow(open, chargeOf(admission, usage, `nonce-${chain}-${i}`))
    slots.push(row)
    open = advance(sha256, open, row)
  }
  return [...slots, nextClosed(open)]
}

const fill = async (): Promise<void> => {
  for (let chain = 0; chain < rowCount / rowsPerChain; chain++) {
    // Connections that rest while rows are written are closed by the server.
    for (let kind = ''; kind !== 'opened'; )
      kind = (await openChain(ledger, 'registry')(emptyChain(sha256, `chain-${chain}`, consumerOf(chain), hour.label)))
        .kind
    const puts = slotsOf(chain).map((slot) => {
      const Item = { pk: `C#chain-${chain}`, sk: String(slot.number).padStart(10, '0'), schema: 1, ...slot }
      return { PutRequest: { Item: marshall(Item, { removeUndefinedValues: true }) } }
    })
    for (let i = 0; i < puts.length; i += batchSize)
      server.tables.run('BatchWriteItem', { RequestItems: { ledger: puts.slice(i, i + batchSize) } }, admin)
  }
  for (let i = 0; i < consumers; i++)
    server.tables.run(
      'PutItem',
      { TableName: 'registry', Item: marshall({ pk: 'CONSUMER', sk: `consumer-${i}` }) },
      admin,
    )
}

/** All other hours of the month, folded, for one consumer. */
const fillMonth = async (): Promise<void> => {
  const line = {
    model: 'cars',
    keyId: 'key',
    unit: 'row',
    priceId: 'price',
    calls: 100,
    units: 400,
    costNano: 800_000n,
  } as const
  const lines = [1, 2, 3].map((version) => ({ ...line, version }))
  for (const other of hoursBetween(hours, month.fromMs, month.toMs).filter(({ label }) => label !== hour.label)) {
    await keepConsumer(ledger)({ hour: other, consumerId: consumerOf(0), lines, digests: [] })
    await markFolded(ledger)(other.label)
  }
}

// Reads as the tables count them; a query's page is one.
let reads = 0
documents.middlewareStack.add(
  (next, { commandName = '' }) =>
    (args) => {
      if (/^(Get|Query)/.test(commandName)) reads += 1
      return next(args)
    },
  { step: 'finalizeRequest', name: 'countReads' },
)

const timed = async (act: () => Promise<unknown>) => {
  reads = 0
  const beganMs = performance.now()
  await act()
  return { seconds: (performance.now() - beganMs) / 1000, reads }
}

const macOf = async (text: string): Promise<string> => createHmac('sha256', 'bench').update(text).digest('base64')
const nowMs = hour.endMs + 24 * 3_600_000

const place = { ledger, registry, hourAt: hours }
const fold = createFold(foldPorts(place, macOf))

const reconcileHour = async (): Promise<void> => {
  const isMacOf = async (text: string, mac: string) => (await macOf(text)) === mac
  const ports = comparingPorts(place, { isMacOf, nowMs: () => nowMs, id: 'bench' })
  let rows = 0
  for await (const step of reconcile(ports, { fromMs: hour.startMs, toMs: hour.endMs }, { at: 'records' })) {
    if (step.differences.length > 0)
      throw new Error(`expected no differences, got ${JSON.stringify(step.differences[0])}`)
    rows += step.rows
  }
  if (rows !== rowCount) throw new Error(`reconciled rows: expected ${rowCount}, got ${rows}`)
}

try {
  await fill()
  const folded = await timed(() => fold(nowMs))
  const reconciled = await timed(reconcileHour)
  await fillMonth()
  const sums = usageBy('day')
  const usage = await timed(() => readUsage(ledger, hours)(consumerOf(0), month, sums.add))
  if (sums.lines().length !== 30) throw new Error(`usage: expected 30 days, got ${sums.lines().length}`)
  const rows = new Intl.NumberFormat('en').format(rowCount)
  const figures = [
    [`fold an hour of ${rows} rows`, folded],
    [`reconcile it`, reconciled],
    ['usage of one consumer in a month of folded hours, by day', usage],
  ] as const
  report(
    'hours',
    figures.flatMap(([question, taken]) => [
      countedFigure({ question, unit: 's', value: taken.seconds }),
      countedFigure({ question: `${question}: reads`, unit: 'requests', value: taken.reads }),
    ]),
    [
      `Rows of ${consumers} consumers in chains of ${rowsPerChain}; local tables in the same process, which take most of the time.`,
      'A read is one Get or one page of a Query, of 1 MB at most.',
    ],
  )
} finally {
  await server.close()
}
