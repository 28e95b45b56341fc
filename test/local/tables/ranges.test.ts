import { PutItemCommand, paginateQuery, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Attributes, developerGuide, startThings, thing } from './things.ts'

let started: Awaited<ReturnType<typeof startThings>>
beforeAll(async () => {
  started = await startThings()
})
afterAll(() => started.close())

const query = (input: Partial<QueryCommandInput>) =>
  started.client.send(new QueryCommand({ TableName: 'things', ...input }))
const partition = { ':p': { S: 'p1' } }
const holder = { ':h': { S: 'h' } }

describe(`key conditions (${developerGuide}/Query.KeyConditionExpressions.html)`, () => {
  test.for<[string, Attributes, string]>([
    ['pk = :p', {}, '0 1 2 3 4 5 6 7 8 9'],
    [':p = pk', {}, '0 1 2 3 4 5 6 7 8 9'],
    ['pk = :p AND sk = :s', { ':s': { S: 's03' } }, '3'],
    ['pk = :p AND sk < :s', { ':s': { S: 's03' } }, '0 1 2'],
    ['pk = :p AND sk <= :s', { ':s': { S: 's03' } }, '0 1 2 3'],
    ['sk > :s AND pk = :p', { ':s': { S: 's06' } }, '7 8 9'],
    ['(pk = :p) AND (:s < sk)', { ':s': { S: 's06' } }, '7 8 9'],
    ['pk = :p AND sk >= :s', { ':s': { S: 's06' } }, '6 7 8 9'],
    ['pk = :p AND sk BETWEEN :s AND :t', { ':s': { S: 's02' }, ':t': { S: 's04' } }, '2 3 4'],
    ['pk = :p AND begins_with(sk, :s)', { ':s': { S: 's0' } }, '0 1 2 3 4 5 6 7 8 9'],
    ['pk = :p AND begins_with(sk, :s)', { ':s': { S: 's1' } }, ''],
  ])('%s -> sort keys %s, and the same backwards', async ([condition, values, expected]) => {
    const input = { KeyConditionExpression: condition, ExpressionAttributeValues: { ...partition, ...values } }
    const keys = async (isForward: boolean) =>
      (await query({ ...input, ScanIndexForward: isForward })).Items?.map(({ sk }) => Number(sk?.S?.slice(1)))
    expect((await keys(true))?.join(' ')).toBe(expected)
    expect((await keys(false))?.reverse().join(' ')).toBe(expected)
  })

  test('numbers as sort keys -> in order of value', async () => {
    const { Items } = await query({
      TableName: 'counts',
      KeyConditionExpression: '#n = :c AND #at BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#n': 'name', '#at': 'at' },
      ExpressionAttributeValues: { ':c': { S: 'c' }, ':low': { N: '-1e100' }, ':high': { N: '100.0' } },
    })
    const digits = Items?.map(({ at }) => Number(at?.N))
    expect(digits).toEqual([-1e100, -20, -2.5, -2, 0, 1e-130, 3, 20, 100])
  })

  test.for<[string, Attributes, string]>([
    ['sk = :s', { ':s': { S: 'x' } }, 'Query condition missed key schema element: pk'],
    ['pk > :p', partition, 'Query key condition not supported'],
    ['pk = :p AND extra = :p', partition, 'Query condition missed key schema element: sk'],
    ['pk = :p OR sk = :p', partition, 'Invalid operator used in KeyConditionExpression: OR'],
    ['NOT pk = :p', partition, 'Invalid operator used in KeyConditionExpression: NOT'],
    ['pk = :p AND contains(sk, :p)', partition, 'Invalid operator used in KeyConditionExpression: contains'],
    ['pk = :p AND sk <> :p', partition, 'Invalid operator used in KeyConditionExpression: <>'],
    ['pk = :p AND sk < :p AND sk > :p', partition, 'KeyConditionExpressions must only contain one condition per key'],
    ['pk = :p AND size(sk) = :p', partition, 'KeyConditionExpressions cannot contain nested operations'],
    ['pk = :n', { ':n': { N: '1' } }, 'Condition parameter type does not match schema type'],
    ['pk = :e', { ':e': { S: '' } }, 'cannot contain an empty string value. Key: pk'],
    ['pk = sk', {}, 'Multiple attribute names used in one condition'],
  ])('%s -> refused', async ([condition, values, message]) => {
    const given = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}
    await expect(query({ KeyConditionExpression: condition, ...given })).rejects.toThrow(message)
  })
})

describe('filters, projections and counts', () => {
  const input = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: partition }

  test('a filter -> Count of what is left, ScannedCount of what was read', async () => {
    const { Items, Count, ScannedCount } = await query({
      ...input,
      FilterExpression: 'attribute_exists(holder)',
      ProjectionExpression: 'note',
    })
    expect({ Count, ScannedCount }).toEqual({ Count: 5, ScannedCount: 10 })
    expect(Items?.[0]).toEqual({ note: { S: 'note 6' } })
  })

  test('Select COUNT -> no items', async () => {
    const answer = await query({ ...input, Select: 'COUNT' })
    expect(answer).toMatchObject({ Count: 10, ScannedCount: 10 })
    expect(answer.Items).toBeUndefined()
  })

  test.for<[Partial<QueryCommandInput>, string]>([
    [
      { FilterExpression: 'sk = :p' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [{ IndexName: 'nope' }, 'The table does not have the specified index: nope'],
    [
      { Limit: 0 },
      "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { Select: 'COUNT', ProjectionExpression: 'note' },
      'Cannot specify the ProjectionExpression when choosing to get only the Count',
    ],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [{ ProjectionExpression: 'm.a, m' }, 'Two document paths overlap'],
    [
      { ExclusiveStartKey: { pk: { S: 'p1' } } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      { ExclusiveStartKey: { pk: { S: 'p2' }, sk: { S: 's' } } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [{ QueryFilter: {} }, "Parameter 'queryFilter' is not supported by the local runtime; use expressions"],
  ])('%j -> refused', async ([more, message]) => {
    await expect(query({ ...input, ...more })).rejects.toThrow(message)
  })

  test.for(['<', '>'])('a start key at the bound of sk %s s05 -> refused', async (comparator) => {
    const outside = query({
      KeyConditionExpression: `pk = :p AND sk ${comparator} :s`,
      ExpressionAttributeValues: { ...partition, ':s': { S: 's05' } },
      ExclusiveStartKey: { pk: { S: 'p1' }, sk: { S: 's05' } },
    })
    await expect(outside).rejects.toThrow('The provided starting key does not match the range key predicate')
  })
})

describe(`indexes (${developerGuide}/GSI.html, ${developerGuide}/LSI.html)`, () => {
  const byHolder = { IndexName: 'byHolder', KeyConditionExpression: 'holder = :h', ExpressionAttributeValues: holder }

  test('a sparse index -> only items with both keys, ordered by number', async () => {
    const { Items } = await query(byHolder)
    expect(Items?.map(({ score }) => Number(score?.N))).toEqual([-20, -16, -12, -8, -4, 0, 4, 8, 12, 16, 20, 24, 28])
    expect(Items?.[0]).toEqual(thing(0))
  })

  test.for<[string, string[]]>([
    ['keysOnly', ['holder', 'pk', 'sk']],
    ['included', ['holder', 'note', 'pk', 'sk']],
  ])('index %s -> attributes %s', async ([IndexName, names]) => {
    const { Items } = await query({ ...byHolder, IndexName })
    expect(Items).toHaveLength(25)
    expect(Object.keys(Items![0]!).sort()).toEqual(names)
  })

  test('a local index -> its order, and attributes from the table where asked for', async () => {
    const input = { IndexName: 'byPlace', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: partition }
    const keys = await query({ ...input, ConsistentRead: true, Limit: 2 })
    expect(keys.Items).toEqual(
      [46, 41].map((number) => {
        const { pk, sk, place } = thing(number)
        return { pk, sk, place }
      }),
    )
    const whole = await query({ ...input, Select: 'ALL_ATTRIBUTES', Limit: 1 })
    expect(whole.Items).toEqual([thing(46)])
    const named = await query({ ...input, ProjectionExpression: 'note', Limit: 1 })
    expect(named.Items).toEqual([{ note: { S: 'note 46' } }])
  })

  test.for<[Partial<QueryCommandInput>, string]>([
    [{ ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
    [
      { IndexName: 'keysOnly', Select: 'ALL_ATTRIBUTES' },
      'Select type ALL_ATTRIBUTES is not supported for global secondary index keysOnly because its projection type is not ALL',
    ],
    [
      { IndexName: 'keysOnly', ProjectionExpression: 'note' },
      'Global secondary index keysOnly does not project [note]',
    ],
    [{ ExclusiveStartKey: { pk: { S: 'p0' }, sk: { S: 's' } } }, 'The provided starting key is invalid'],
  ])('%j -> refused', async ([more, message]) => {
    await expect(query({ ...byHolder, ...more })).rejects.toThrow(message)
  })
})

describe(`pages (${developerGuide}/Query.Pagination.html)`, () => {
  test.for([
    { IndexName: 'byHolder', KeyConditionExpression: 'holder = :h', ExpressionAttributeValues: holder },
    { IndexName: 'keysOnly', KeyConditionExpression: 'holder = :h', ExpressionAttributeValues: holder },
    { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: partition },
    { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: partition, ScanIndexForward: false },
    {
      KeyConditionExpression: 'pk = :p AND sk > :s',
      ExpressionAttributeValues: { ...partition, ':s': { S: 's02' } },
      ScanIndexForward: false,
    },
  ])('%j by pages of 3 -> every item once, in the order of one page', async (input) => {
    const paged = []
    for await (const page of paginateQuery(
      { client: started.client, pageSize: 3 },
      { TableName: 'things', ...input },
    )) {
      paged.push(...(page.Items ?? []))
    }
    expect(paged).toEqual((await query(input)).Items)
  })

  test('as many items as Limit -> a LastEvaluatedKey, then an empty page', async () => {
    const input = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: partition, Limit: 10 }
    const { LastEvaluatedKey } = await query(input)
    expect(LastEvaluatedKey).toEqual({ pk: { S: 'p1' }, sk: { S: 's09' } })
    const rest = await query({ ...input, ExclusiveStartKey: LastEvaluatedKey })
    expect(rest).toMatchObject({ Count: 0 })
    expect(rest.LastEvaluatedKey).toBeUndefined()
  })

  test('items of 300 KB -> a page ends once it has read 1 MB', async () => {
    for (const sk of ['1', '2', '3', '4', '5']) {
      const Item = { pk: { S: 'big' }, sk: { S: sk }, x: { S: 'x'.repeat(300 * 1024) } }
      await started.client.send(new PutItemCommand({ TableName: 'things', Item }))
    }
    const counts = []
    for await (const page of paginateQuery(
      { client: started.client },
      { TableName: 'things', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'big' } } },
    )) {
      counts.push(page.Count)
    }
    expect(counts).toEqual([4, 1])
  })
})
