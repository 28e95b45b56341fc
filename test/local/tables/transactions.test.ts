import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTables } from './setup.ts'

let nowMs = 1_700_000_000_000
let started: Awaited<ReturnType<typeof startTables>>
beforeAll(async () => {
  started = await startTables({ now: () => nowMs })
})
afterAll(() => started.close())

const apiReference = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference'
const TableName = 'things'
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '-' } })
const get = async (pk: string) =>
  (await started.client.send(new GetItemCommand({ TableName, Key: key(pk) }))).Item as
    | Record<string, AttributeValue>
    | undefined
const put = (pk: string, n: number) =>
  started.client.send(new PutItemCommand({ TableName, Item: { ...key(pk), n: { N: String(n) } } }))
const add = (pk: string, by: string, condition?: string): TransactWriteItem => ({
  Update: {
    TableName,
    Key: key(pk),
    UpdateExpression: 'ADD n :by',
    ExpressionAttributeValues: { ':by': { N: by } },
    ...(condition && { ConditionExpression: condition }),
  },
})
const write = (items: TransactWriteItem[], token?: string) =>
  started.client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }))

describe(`TransactWriteItems (${apiReference}/API_TransactWriteItems.html)`, () => {
  test('put, update, delete and check that all hold -> all are done', async () => {
    await put('t1', 1)
    await put('t2', 1)
    await put('t4', 1)
    await write([
      add('t1', '2'),
      { Delete: { TableName, Key: key('t2') } },
      { Put: { TableName, Item: key('t3'), ConditionExpression: 'attribute_not_exists(pk)' } },
      { ConditionCheck: { TableName, Key: key('t4'), ConditionExpression: 'attribute_exists(n)' } },
    ])
    expect((await get('t1'))?.n).toEqual({ N: '3' })
    expect(await get('t2')).toBeUndefined()
    expect(await get('t3')).toEqual(key('t3'))
    expect((await get('t4'))?.n).toEqual({ N: '1' })
  })

  test('one failed condition and one wrong operand -> nothing done, one reason an item', async () => {
    await put('c1', 1)
    await started.client.send(new PutItemCommand({ TableName, Item: { ...key('c2'), n: { S: 'text' } } }))
    const cancelled = write([
      { Put: { TableName, Item: key('c0') } },
      {
        ConditionCheck: {
          TableName,
          Key: key('c1'),
          ConditionExpression: 'attribute_not_exists(n)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      add('c2', '1'),
    ])
    await expect(cancelled).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        '[None, ConditionalCheckFailed, ValidationError]',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { n: { N: '1' } } },
        { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
      ],
    })
    expect(await get('c0')).toBeUndefined()
  })

  test('the same token again -> done once; with another request -> refused; after 10 minutes -> done again', async () => {
    await put('i', 0)
    await write([add('i', '1')], 'token-1')
    await write([add('i', '1')], 'token-1')
    expect((await get('i'))?.n).toEqual({ N: '1' })
    await expect(write([add('i', '2')], 'token-1')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    })
    nowMs += 10 * 60 * 1000
    await write([add('i', '1')], 'token-1')
    expect((await get('i'))?.n).toEqual({ N: '2' })
  })

  test('a cancelled transaction -> its token is free', async () => {
    const item = add('free', '1', 'attribute_exists(n)')
    await expect(write([item], 'token-2')).rejects.toMatchObject({ name: 'TransactionCanceledException' })
    await put('free', 1)
    await write([item], 'token-2')
    expect((await get('free'))?.n).toEqual({ N: '2' })
  })

  test.for<[string, () => TransactWriteItem[], string]>([
    ['no item', () => [], 'Member must have length greater than or equal to 1'],
    [
      '101 items',
      () => Array.from({ length: 101 }, (_, at) => add(`m${at}`, '1')),
      'Member must have length less than or equal to 100',
    ],
    [
      'one item twice',
      () => [add('x', '1'), { Delete: { TableName, Key: key('x') } }],
      'Transaction request cannot include multiple operations on one item',
    ],
    ['an empty action', () => [{}], 'TransactItems can only contain one of Check, Put, Update or Delete'],
    [
      'two actions in one',
      () => [{ ...add('x', '1'), Delete: { TableName, Key: key('y') } }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    [
      'a missing key',
      () => [{ Delete: { TableName, Key: { pk: { S: 'x' } } } }],
      'The provided key element does not match the schema',
    ],
    [
      'over 4 MB',
      () =>
        Array.from({ length: 11 }, (_, at) => ({
          Put: { TableName, Item: { ...key(`v${at}`), x: { S: 'x'.repeat(390_000) } } },
        })),
      'maximum allowed size of 4 MB',
    ],
  ])('%s -> ValidationException', async ([, items, message]) => {
    await expect(write(items())).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
  })

  test('100 items -> all done; 30 at once that each need the counter as they read it -> one winner a round', async () => {
    await write(Array.from({ length: 100 }, (_, at) => add(`h${at}`, '1')))
    await put('counter', 0)
    for (let round = 0; round < 5; round += 1) {
      const attempts = Array.from({ length: 30 }, (_, at) =>
        started.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName, Item: key(`round${round}-${at}`) } },
              {
                Update: {
                  TableName,
                  Key: key('counter'),
                  UpdateExpression: 'SET n = :next',
                  ConditionExpression: 'n = :seen',
                  ExpressionAttributeValues: { ':seen': { N: String(round) }, ':next': { N: String(round + 1) } },
                },
              },
            ],
          }),
        ),
      )
      const outcomes = await Promise.allSettled(attempts)
      const winners = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [at] : []))
      const kept = await Promise.all(outcomes.map((_, at) => get(`round${round}-${at}`)))
      expect(winners).toHaveLength(1)
      expect(kept.flatMap((item, at) => (item ? [at] : []))).toEqual(winners)
    }
  })
})

test(`TransactGetItems -> items in the order asked for, empty for none (${apiReference}/API_TransactGetItems.html)`, async () => {
  await put('g1', 1)
  const Get = (pk: string) => ({ Get: { TableName, Key: key(pk), ProjectionExpression: 'n' } })
  const { Responses, ConsumedCapacity } = await started.client.send(
    new TransactGetItemsCommand({ TransactItems: [Get('nobody'), Get('g1')], ReturnConsumedCapacity: 'TOTAL' }),
  )
  expect(Responses).toEqual([{}, { Item: { n: { N: '1' } } }])
  expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4 }])
})

describe(`batches (${apiReference}/API_BatchGetItem.html, ${apiReference}/API_BatchWriteItem.html)`, () => {
  const puts = (count: number, size = 1) =>
    Array.from({ length: count }, (_, at) => ({
      PutRequest: { Item: { ...key(`b${at}`), x: { S: 'x'.repeat(size) } } },
    }))
  const writeBatch = (requests: ReturnType<typeof puts>) =>
    started.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }))
  const getBatch = (keys: ReturnType<typeof key>[]) =>
    started.client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys } } }))

  test('25 puts, then a delete and a put -> read back in one batch', async () => {
    await writeBatch(puts(25))
    await started.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: [{ DeleteRequest: { Key: key('b0') } }, ...puts(2).slice(1)] },
      }),
    )
    const { Responses, UnprocessedKeys } = await getBatch(Array.from({ length: 100 }, (_, at) => key(`b${at}`)))
    expect(Responses?.[TableName]).toHaveLength(24)
    expect(UnprocessedKeys).toEqual({})
  })

  test('45 items of 390 KB -> 16 MB and the rest as unprocessed keys', async () => {
    const items = puts(45, 390_000)
    for (let at = 0; at < items.length; at += 9) await writeBatch(items.slice(at, at + 9))
    const first = await getBatch(Array.from({ length: 45 }, (_, at) => key(`b${at}`)))
    const left = first.UnprocessedKeys?.[TableName]?.Keys ?? []
    expect(first.Responses?.[TableName]).toHaveLength(43)
    expect(left).toEqual([key('b43'), key('b44')])
  })

  test.for<[string, () => Promise<unknown>, string]>([
    ['26 writes', () => writeBatch(puts(26)), 'Member must have length less than or equal to 25'],
    ['one item twice', () => writeBatch([...puts(1), ...puts(1)]), 'Provided list of item keys contains duplicates'],
    [
      '101 keys',
      () => getBatch(Array.from({ length: 101 }, (_, at) => key(`k${at}`))),
      'Member must have length less than or equal to 100',
    ],
    ['one key twice', () => getBatch([key('a'), key('a')]), 'Provided list of item keys contains duplicates'],
    [
      'no table',
      () => started.client.send(new BatchGetItemCommand({ RequestItems: {} })),
      'Member must have length greater than or equal to 1',
    ],
  ])('%s -> ValidationException', async ([, send, message]) => {
    await expect(send()).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
  })
})
