import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTables } from './setup.ts'

let started: Awaited<ReturnType<typeof startTables>>
beforeAll(async () => {
  started = await startTables()
})
afterAll(() => started.close())

// Sent without the SDK, which would not send most of these.
const send = async (operation: string, input: object) => {
  const answer = await fetch(started.url, {
    method: 'POST',
    headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(input),
  })
  // The protocol answers a JSON object.
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const Key = { pk: { S: 'a' }, sk: { S: '-' } }
const TableName = 'things'

test.for<[string, object, string]>([
  ['GetItem', { TableName, Key, Consistent: true }, "Unknown parameter 'Consistent'"],
  [
    'GetItem',
    { TableName, Key, AttributesToGet: ['a'] },
    "Parameter 'attributesToGet' is not supported by the local runtime",
  ],
  ['PutItem', { TableName, Item: Key, Expected: {} }, "Parameter 'expected' is not supported by the local runtime"],
  [
    'PutItem',
    { TableName, Item: Key, ReturnItemCollectionMetrics: 'SIZE' },
    'Member must satisfy enum value set: [NONE]',
  ],
  ['UpdateItem', { TableName, Key, AttributeUpdates: {} }, "Parameter 'attributeUpdates' is not supported"],
  ['TransactWriteItems', { TransactItems: [{ Check: {} }] }, "Unknown parameter 'Check' in 'transactItems.1.member'"],
  ['GetItem', { Key }, "Value null at 'tableName' failed to satisfy constraint: Member must not be null"],
  [
    'GetItem',
    { TableName: null, Key },
    "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
  ],
  ['GetItem', { TableName }, "Value null at 'key' failed to satisfy constraint: Member must not be null"],
  ['GetItem', { TableName: 'a/b', Key }, 'Invalid table/index name.'],
  ['GetItem', { TableName: 'arn:aws:dynamodb:eu-west-1:1:table/things', Key }, 'expected an ARN that begins with'],
  [
    'GetItem',
    { TableName, Key, ReturnConsumedCapacity: 'ALL' },
    "Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
  ],
  ['PutItem', { TableName, Item: Key, ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
  ['PutItem', { TableName, Item: { pk: { S: 'a' } } }, 'Missing the key sk in the item'],
  ['PutItem', { TableName, Item: { ...Key, sk: { N: '1' } } }, 'Type mismatch for key sk expected: S actual: N'],
  ['PutItem', { TableName, Item: { ...Key, pk: { S: '' } } }, 'cannot contain an empty string value. Key: pk'],
  [
    'PutItem',
    { TableName, Item: { ...Key, score: { S: '1' } } },
    'Type mismatch for Index Key score Expected: N Actual: S IndexName: byHolder',
  ],
  [
    'PutItem',
    { TableName, Item: { ...Key, pk: { S: 'x'.repeat(2049) } } },
    'Size of hashkey has exceeded the maximum size limit of2048 bytes',
  ],
  [
    'PutItem',
    { TableName, Item: { ...Key, sk: { S: 'x'.repeat(1025) } } },
    'Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
  ],
  [
    'PutItem',
    { TableName, Item: { ...Key, x: {} } },
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  ],
  [
    'PutItem',
    { TableName, Item: { ...Key, x: { S: 'a', N: '1' } } },
    'Supplied AttributeValue has more than one datatypes set',
  ],
  ['PutItem', { TableName, Item: { ...Key, x: { X: 'a' } } }, 'Supplied AttributeValue is empty'],
  ['PutItem', { TableName, Item: { ...Key, x: { B: 'a===' } } }, 'Invalid base64'],
  ['PutItem', { TableName, Item: { ...Key, x: deep(33) } }, 'Nesting Levels have exceeded supported limits'],
  ['GetItem', { TableName, Key: { pk: { S: 'a' } } }, 'The provided key element does not match the schema'],
  ['GetItem', { TableName, Key: { ...Key, x: { S: 'a' } } }, 'The provided key element does not match the schema'],
  ['GetItem', { TableName, Key: { ...Key, sk: { N: '1' } } }, 'The provided key element does not match the schema'],
  ['GetItem', { TableName, Key: { ...Key, pk: { S: '' } } }, 'cannot contain an empty string value. Key: pk'],
  ['GetItem', { TableName: 'plain', Key: { id: { B: '' } } }, 'cannot contain an empty binary value. Key: id'],
  [
    'GetItem',
    { TableName, Key, ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
  ],
  [
    'GetItem',
    { TableName, Key, ProjectionExpression: 'a', ExpressionAttributeNames: {} },
    'ExpressionAttributeNames must not be empty',
  ],
  [
    'Query',
    { TableName },
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  ],
])('%s %j -> ValidationException', async ([operation, input, message]) => {
  const { status, body } = await send(operation, input)
  expect(status).toBe(400)
  expect(body).toMatchObject({ __type: 'ValidationException', message: expect.stringContaining(message) })
})

test.for<[string, object, string]>([
  ['GetItem', { TableName: 7, Key }, 'tableName: number is not a string'],
  ['GetItem', { TableName, Key: [] }, 'key: list is not a structure or map'],
  ['Scan', { TableName, Limit: '7' }, 'limit: string is not a integer'],
  ['GetItem', { TableName, Key, ConsistentRead: 'yes' }, 'consistentRead: string is not a boolean'],
])('%s %j -> SerializationException', async ([operation, input, message]) => {
  const { body } = await send(operation, input)
  expect(body).toMatchObject({ __type: 'SerializationException', message })
})

test.for(['ExecuteStatement', 'UpdateTable', 'toString'])('operation %s -> UnknownOperationException', async (name) => {
  expect(() => started.tables.run(name, {}, { kind: 'admin' })).toThrow(`no operation ${name}`)
})

test('run, as Step Functions call it -> the answer of the operation', () => {
  started.tables.run('PutItem', { TableName, Item: { ...Key, n: { N: '1' } } }, { kind: 'admin' })
  const answer = started.tables.run('GetItem', { TableName, Key }, { kind: 'admin' })
  expect(answer).toEqual({ Item: { ...Key, n: { N: '1' } } })
})

function deep(levels: number): object {
  return levels === 0 ? { S: 'x' } : { L: [deep(levels - 1)] }
}
