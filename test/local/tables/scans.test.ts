import { ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Attributes, developerGuide, startThings } from './things.ts'

let started: Awaited<ReturnType<typeof startThings>>
beforeAll(async () => {
  started = await startThings()
})
afterAll(() => started.close())

const scan = (input: Partial<ScanCommandInput>) =>
  started.client.send(new ScanCommand({ TableName: 'things', ...input }))

describe(`scans (${developerGuide}/Scan.html)`, () => {
  const all = async (input: Partial<ScanCommandInput>) => {
    const items: Attributes[] = []
    let start: Attributes | undefined
    do {
      const page = await scan({
        ...input,
        Limit: 7,
        FilterExpression: 'attribute_exists(note)',
        ExclusiveStartKey: start,
      })
      items.push(...(page.Items ?? []))
      start = page.LastEvaluatedKey
    } while (start)
    return items.map(({ note }) => note?.S)
  }
  const notes = Array.from({ length: 50 }, (_, number) => `note ${number}`).sort()

  test.for([1, 3, 16])('%i segments by pages -> every item once', async (total) => {
    const segments = Array.from({ length: total }, (_, segment) => all({ Segment: segment, TotalSegments: total }))
    expect((await Promise.all(segments)).flat().sort()).toEqual(notes)
  })

  test('an index -> its items by pages', async () => {
    expect((await all({ IndexName: 'included' })).length).toBe(25)
  })

  test.for<[Partial<ScanCommandInput>, string]>([
    [
      { Segment: 1 },
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    ],
    [
      { TotalSegments: 2 },
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    ],
    [
      { Segment: 2, TotalSegments: 2 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
    ],
    [{ IndexName: 'keysOnly', ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
    [
      { ExpressionAttributeNames: { '#x': 'x' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      { ExpressionAttributeValues: { ':x': { S: 'x' } } },
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null',
    ],
  ])('%j -> refused', async ([input, message]) => {
    await expect(scan(input)).rejects.toThrow(message)
  })

  test('a start key of another segment -> refused', async () => {
    const found = await Promise.all([0, 1].map((Segment) => scan({ Segment, TotalSegments: 2, Limit: 1 })))
    const other = scan({ Segment: 0, TotalSegments: 2, ExclusiveStartKey: found[1]!.LastEvaluatedKey })
    await expect(other).rejects.toThrow(
      'Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0',
    )
  })
})
