/** What one warm call asks of AWS, and the write units it is billed for: counted, not timed. */
import { randomUUID } from 'node:crypto'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { itemSizeBytes } from '../local/tables/item-size.ts'
import type { Item } from '../local/tables/value.ts'
import { countedFigure } from './measure/figure.ts'
import { report } from './measure/result.ts'
import { randomRows } from './models/rows.ts'
import { features } from './models/tree-model.ts'
import { body, serveTrees } from './service/metered.ts'
import { startService } from './service/service.ts'

const service = await startService()
const { url } = service
const headers = { authorization: `Bearer ${service.consumerKey}`, 'content-type': 'application/json' }

const bodyOf = (rows: number): string => {
  const data = randomRows(rows).flat()
  return JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [rows, features], data }] })
}

const send = async (text: string, more: Readonly<Record<string, string>> = {}): Promise<number> => {
  const answer = await fetch(`${url}/v2/models/trees/infer`, {
    method: 'POST',
    headers: { ...headers, ...more },
    body: text,
  })
  const answered = await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`expected 200, got ${answer.status}: ${Buffer.from(answered)}`)
  return answered.byteLength
}

const keyed = (): Readonly<Record<string, string>> => ({ 'idempotency-key': randomUUID() })

/** Requests to AWS while `act` runs, by operation. */
const requestsOf = async (act: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> => {
  // Counts are put once in 10 s beside a settle, and asking for them puts what is left: none is due while `act` runs.
  await (await fetch(`${url}/v2/models/trees/stats`, { headers })).arrayBuffer()
  const before = await service.requests()
  await act()
  const after = await service.requests()
  const grown = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, count]) => count > 0))
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0)
const words = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

const { awsEndpoint, adminCredentials, region, outputs } = service.facts
const dynamo = new DynamoDBClient({ endpoint: awsEndpoint, region, credentials: adminCredentials })

/** Every item of the ledger as DynamoDB stores it. */
const ledger = async (): Promise<readonly Item[]> => {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: outputs.LedgerTable, ConsistentRead: true }))
  return Items as readonly Item[] // the same JSON on the wire
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
const writeUnitBytes = 1024
const unitsOf = (item: Item): number => Math.ceil(itemSizeBytes(item) / writeUnitBytes)
const transactionFactor = 2

/** Sizes of the row and the record that `act` writes. */
const written = async (act: () => Promise<unknown>) => {
  const placeOf = (item: Item): string => `${item.pk?.S} ${item.sk?.S}`
  const before = new Set((await ledger()).map(placeOf))
  await act()
  const items = (await ledger()).filter((item) => !before.has(placeOf(item)))
  const row = items.find(({ pk }) => pk?.S?.startsWith('C#'))
  const record = items.find(({ pk }) => pk?.S?.startsWith('I#'))
  if (!row) throw new Error('ledger: expected a row of the call, got none')
  return { row, ...(record && { record }) }
}

const smallRows = 1
const atOneUnitRows = 8
const largeRows = 150

try {
  await serveTrees(service)
  await send(body)
  const plain = await requestsOf(() => send(body))
  const withKey = await requestsOf(() => send(body, keyed()))

  const { row } = await written(() => send(body))
  const keyedUnits = async (rows: number) => {
    let answerBytes = 0
    const items = await written(async () => {
      answerBytes = await send(bodyOf(rows), keyed())
    })
    if (!items.record) throw new Error('ledger: expected a record of the key, got none')
    const units = transactionFactor * (unitsOf(items.row) + unitsOf(items.record))
    return { units, answerBytes, recordBytes: itemSizeBytes(items.record), rows }
  }
  const small = await keyedUnits(smallRows)
  const middle = await keyedUnits(atOneUnitRows)
  const large = await keyedUnits(largeRows)

  report(
    'network',
    [
      countedFigure({
        question: 'requests to AWS of a warm call without a key',
        unit: 'requests',
        value: sum(plain),
        targets: [{ of: 'value', atMost: 1 }],
      }),
      countedFigure({
        question: 'the same with an Idempotency-Key',
        unit: 'requests',
        value: sum(withKey),
        targets: [{ of: 'value', atMost: 1 }],
      }),
      countedFigure({ question: 'size of a usage row', unit: 'bytes', value: itemSizeBytes(row) }),
      countedFigure({
        question: 'DynamoDB write units of a call without a key',
        unit: 'write units',
        value: unitsOf(row),
        targets: [{ of: 'value', atMost: 1 }],
      }),
      ...[small, middle, large].map(({ units, answerBytes, rows }) =>
        countedFigure({
          question: `the same with a key, ${rows} ${rows === 1 ? 'row' : 'rows'}, an answer of ${answerBytes} bytes`,
          unit: 'write units',
          value: units,
        }),
      ),
    ],
    [
      `Without a key: ${words(plain)}. With one: ${words(withKey)}, a transaction of the row and the record of the answer.`,
      `A record is its answer and ${small.recordBytes - small.answerBytes} bytes more, ${small.recordBytes} bytes for one row. A transaction is billed two units a KB of each item, so an answer that makes the record longer than 1 KB costs two units more a KB.`,
      "Sizes by DynamoDB's published rules, of the items that the product wrote.",
    ],
  )
} finally {
  dynamo.destroy()
  await service.close()
}
