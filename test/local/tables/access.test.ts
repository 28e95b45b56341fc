import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsError } from '../../../local/service.ts'
import { attributes, keySchema, resources, startTables, tableResource } from './setup.ts'

const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1234'
const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/things'
const secret = tableResource(
  'secrets',
  {
    AttributeDefinitions: attributes({ pk: 'S' }),
    KeySchema: keySchema('pk'),
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [{ Region: 'us-east-1', SSESpecification: { KMSMasterKeyId: keyArn } }],
  },
  'AWS::DynamoDB::GlobalTable',
)
let asked: string[] = []
let used: unknown[] = []
let started: Awaited<ReturnType<typeof startTables>>
let stranger: DynamoDBClient
beforeAll(async () => {
  started = await startTables({
    resources: [...resources, secret],
    authorize: (caller, action, resource, context) => {
      const keys = context?.['dynamodb:LeadingKeys']
      asked.push([action, resource, ...(keys ? [`keys ${keys}`] : [])].join(' '))
      if (caller.kind === 'role' && caller.roleArn === 'stranger') {
        throw new AwsError('AccessDeniedException', `stranger is not authorized to perform: ${action} on: ${resource}`)
      }
    },
    useKey: (caller, ...use) => {
      used.push(use)
      if (caller.kind === 'role') throw new AwsError('AccessDeniedException', `may not use ${use[1]}`)
    },
  })
  stranger = started.clientFor('stranger')
})
beforeEach(() => {
  asked = []
  used = []
})
afterAll(() => {
  stranger.destroy()
  return started.close()
})

const TableName = 'things'
const Key = { pk: { S: 'a' }, sk: { S: '-' } }
const other = { pk: { S: 'b' }, sk: { S: '-' } }
const condition = { KeyConditionExpression: 'holder = :h', ExpressionAttributeValues: { ':h': { S: 'h' } } }

const page = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html'
describe(`actions (${page})`, () => {
  test.for<[string, (client: DynamoDBClient) => Promise<unknown>, string[]]>([
    ['GetItem', (c) => c.send(new GetItemCommand({ TableName, Key })), [`GetItem ${arn} keys a`]],
    ['GetItem by ARN', (c) => c.send(new GetItemCommand({ TableName: arn, Key })), [`GetItem ${arn} keys a`]],
    ['PutItem', (c) => c.send(new PutItemCommand({ TableName, Item: Key })), [`PutItem ${arn} keys a`]],
    ['UpdateItem', (c) => c.send(new UpdateItemCommand({ TableName, Key })), [`UpdateItem ${arn} keys a`]],
    ['DeleteItem', (c) => c.send(new DeleteItemCommand({ TableName, Key })), [`DeleteItem ${arn} keys a`]],
    [
      'Query',
      (c) => c.send(new QueryCommand({ TableName, IndexName: 'byHolder', ...condition })),
      [`Query ${arn}/index/byHolder`],
    ],
    ['Scan', (c) => c.send(new ScanCommand({ TableName })), [`Scan ${arn}`]],
    [
      'BatchGetItem',
      (c) => c.send(new BatchGetItemCommand({ RequestItems: { things: { Keys: [Key, other] } } })),
      [`BatchGetItem ${arn} keys a,b`],
    ],
    [
      'BatchWriteItem',
      (c) => c.send(new BatchWriteItemCommand({ RequestItems: { things: [{ DeleteRequest: { Key } }] } })),
      [`BatchWriteItem ${arn} keys a`],
    ],
    [
      'TransactGetItems',
      (c) => c.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] })),
      [`GetItem ${arn} keys a`],
    ],
    [
      'TransactWriteItems',
      (c) =>
        c.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName, Item: Key } },
              { Update: { TableName, Key: other, UpdateExpression: 'REMOVE x' } },
              { Delete: { TableName, Key: { ...Key, sk: { S: '2' } } } },
              {
                ConditionCheck: {
                  TableName,
                  Key: { ...Key, sk: { S: '3' } },
                  ConditionExpression: 'attribute_not_exists(pk)',
                },
              },
            ],
          }),
        ),
      ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
        (action, at) => `${action} ${arn} keys ${at === 1 ? 'b' : 'a'}`,
      ),
    ],
    ['DescribeTable', (c) => c.send(new DescribeTableCommand({ TableName })), [`DescribeTable ${arn}`]],
    ['DescribeTimeToLive', (c) => c.send(new DescribeTimeToLiveCommand({ TableName })), [`DescribeTimeToLive ${arn}`]],
    ['ListTables', (c) => c.send(new ListTablesCommand({})), ['ListTables *']],
  ])('%s -> its actions, and AccessDenied for who lacks the first', async ([, send, actions]) => {
    await send(started.client)
    expect(asked).toEqual(actions.map((action) => `dynamodb:${action}`))
    await expect(send(stranger)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`dynamodb:${actions[0]?.split(' keys')[0]?.replace(' ', ' on: ')}`),
    })
  })

  test('a table that is not there -> AccessDenied before ResourceNotFound', async () => {
    const send = (client: DynamoDBClient) => client.send(new GetItemCommand({ TableName: 'nowhere', Key }))
    await expect(send(stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(send(started.client)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    })
  })
})

test('a table with a customer key -> the key is used for the caller, who is refused without it', async () => {
  const put = new PutItemCommand({ TableName: 'secrets', Item: { pk: { S: 'x' } } })
  await started.client.send(put)
  expect(used).toEqual([['kms:Decrypt', keyArn, 'dynamodb.us-east-1.amazonaws.com']])
  await expect(started.clientFor('role').send(put)).rejects.toMatchObject({ message: `may not use ${keyArn}` })
})

test('a table of the owner -> made, described, refused a second time, deleted; not for roles', async () => {
  const create = new CreateTableCommand({
    TableName: 'made',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  await expect(started.clientFor('role').send(create)).rejects.toMatchObject({ name: 'AccessDeniedException' })
  await started.client.send(create)
  await expect(started.client.send(create)).rejects.toMatchObject({ name: 'ResourceInUseException' })
  await started.client.send(new PutItemCommand({ TableName: 'made', Item: { id: { S: 'x' } } }))
  const { Table } = await started.client.send(new DescribeTableCommand({ TableName: 'made' }))
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 1, KeySchema: keySchema('id') })
  expect((await started.client.send(new ListTablesCommand({ Limit: 2 }))).TableNames).toEqual(['counts', 'made'])
  await started.client.send(new DeleteTableCommand({ TableName: 'made' }))
  await expect(started.client.send(new DescribeTableCommand({ TableName: 'made' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: made not found',
  })
})
