import { randomBytes } from 'node:crypto'
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { versionKey } from '../../src/registry/version.ts'

type Item = Readonly<Record<string, unknown>>

/** What a registry holds of one model with a price, one version and one consumer with a key: the pattern of what is filled in. */
type Pattern = Readonly<Record<'model' | 'version' | 'alias' | 'price' | 'consumer' | 'key' | 'listedKey', Item>>

const readPattern = async (client: DynamoDBClient, table: string, model: string, consumer: string) => {
  const items: Item[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table }))
    items.push(...Items.map((item) => unmarshall(item)))
  const one = (fits: (pk: string, item: Item) => boolean): Item => {
    const found = items.find((item) => fits(String(item.pk), item))
    if (!found)
      throw new Error(`registry: expected the items of model ${model} and consumer ${consumer}, one is missing`)
    return found
  }
  return {
    model: one((pk, { sk }) => pk === 'MODEL' && sk === model),
    version: one((pk) => pk === `V#${model}`),
    alias: one((pk) => pk === `A#${model}`),
    price: one((pk) => pk === `P#${model}`),
    consumer: one((pk, { sk }) => pk === 'CONSUMER' && sk === consumer),
    key: one((pk, { consumerId }) => pk.startsWith('KEY#') && consumerId === consumer),
    listedKey: one((pk) => pk === `CK#${consumer}`),
  }
}

const digestBytes = 32

/** The items of another model with one version, live and priced as the pattern's. */
const modelItems = ({ model, version, alias, price }: Pattern, name: string): readonly Item[] => [
  { ...model, sk: name, name },
  { ...version, pk: `V#${name}`, model: name },
  { ...alias, pk: `A#${name}`, model: name },
  { ...price, pk: `P#${name}`, model: name },
]

const consumerItem = ({ consumer }: Pattern, id: string): Item => ({ ...consumer, sk: id, id })

/** A key that nobody has: its digest is random. */
const keyItems = ({ key, listedKey }: Pattern, consumerId: string): readonly Item[] => {
  const sha256 = randomBytes(digestBytes).toString('hex')
  return [
    { ...key, pk: `KEY#${sha256}`, consumerId },
    { ...listedKey, pk: `CK#${consumerId}`, consumerId, sha256 },
  ]
}

/** Every second version is a further one of the pattern's model, every other one that of a model of its own. */
const itemsOf = (pattern: Pattern, i: number): readonly Item[] => {
  const number = i + 2
  const versions =
    i % 2 === 0 ? modelItems(pattern, `other-${i}`) : [{ ...pattern.version, sk: versionKey(number), number }]
  const consumer = `consumer-${i}`
  return [...versions, consumerItem(pattern, consumer), ...keyItems(pattern, consumer)]
}

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const mostWrites = 25
const atOnce = 4

/** Writes items with DynamoDB's own batches, until all are there or the time is over; answers how many items it wrote. */
const writeAll = async (documents: DynamoDBDocumentClient, table: string, items: Iterator<Item>, untilMs: number) => {
  let written = 0
  const writer = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const batch = [...Array(mostWrites)].flatMap(() => items.next().value ?? [])
      if (batch.length === 0) return
      const RequestItems = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) }
      await documents.send(new BatchWriteCommand({ RequestItems }))
      written += batch.length
    }
  }
  await Promise.all(Array.from({ length: atOnce }, writer))
  return written
}

function* registered(pattern: Pattern, count: number, said: { reached: number }): Generator<Item, undefined> {
  for (let i = 0; i < count; i++) {
    yield* itemsOf(pattern, i)
    said.reached = i + 1
  }
}

type Place = {
  readonly client: DynamoDBClient
  readonly table: string
  readonly model: string
  readonly consumer: string
}

/**
 * Registers `count` more versions, consumers and keys, straight into the registry, and `models` that can be called.
 * Answers how many of the former there are when `mostMs` are over, and the items a second.
 */
export const fillRegistry = async (
  { client, table, model, consumer }: Place,
  { count, models, mostMs }: { readonly count: number; readonly models: readonly string[]; readonly mostMs: number },
): Promise<{ readonly reached: number; readonly itemsPerSecond: number }> => {
  const documents = DynamoDBDocumentClient.from(client)
  const pattern: Pattern = await readPattern(client, table, model, consumer)
  const callable = models.flatMap((name) => modelItems(pattern, name)).values()
  await writeAll(documents, table, callable, Number.POSITIVE_INFINITY)
  const said = { reached: 0 }
  const beganAtMs = performance.now()
  const written = await writeAll(documents, table, registered(pattern, count, said), beganAtMs + mostMs)
  const seconds = (performance.now() - beganAtMs) / 1000
  return { reached: said.reached, itemsPerSecond: written / seconds }
}
