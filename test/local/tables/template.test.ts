import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTables, type Tables } from '../../../local/tables/tables.ts'
import { admin, attributes, keySchema, tableResource } from './setup.ts'

let nowMs: number
let folder: string
let tables: Tables
const open = () => createTables({ folder, now: () => nowMs, authorize: () => {}, useKey: () => {} })
beforeEach(() => {
  nowMs = 1_700_000_000_000
  folder = mkdtempSync(join(tmpdir(), 'percall-template-'))
  tables = open()
})
afterEach(() => {
  tables.close()
  rmSync(folder, { recursive: true })
})

const table = { AttributeDefinitions: attributes({ pk: 'S', kind: 'S' }), KeySchema: keySchema('pk') }
const byKind = { IndexName: 'byKind', KeySchema: keySchema('kind'), Projection: { ProjectionType: 'ALL' } }
const globalTable = 'AWS::DynamoDB::GlobalTable'
const run = (operation: string, input: object) => tables.run(operation, { TableName: 'kept', ...input }, admin)
const put = (pk: string, more: object = {}) => run('PutItem', { Item: { pk: { S: pk }, ...more } })
const names = (answer: unknown) =>
  // A scan or query answers items with their keys.
  (answer as { Items: { pk: { S: string } }[] }).Items.map(({ pk }) => pk.S).sort()
const ofKind = () =>
  run('Query', {
    IndexName: 'byKind',
    KeyConditionExpression: 'kind = :k',
    ExpressionAttributeValues: { ':k': { S: 'x' } },
  })

describe('a template', () => {
  test('harmless properties -> accepted', () => {
    tables.addTable(
      tableResource('kept', {
        ...table,
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        Tags: [{ Key: 'a', Value: 'b' }],
      }),
    )
    expect(() => run('DeleteTable', {})).toThrow('Resource cannot be deleted as it is currently protected')
  })

  test.for<[string, object, string]>([
    ['AWS::DynamoDB::Table', { ...table, Shards: 3 }, "Test/keptResource: Unknown parameter 'Shards'"],
    [
      'AWS::DynamoDB::Table',
      { ...table, ResourcePolicy: {} },
      "Parameter 'resourcePolicy' is not supported by the local runtime",
    ],
    [
      'AWS::DynamoDB::Table',
      { ...table, GlobalSecondaryIndexes: [{ ...byKind, Sharp: 1 }] },
      "Unknown parameter 'Sharp' in 'globalSecondaryIndexes.1.member'",
    ],
    ['AWS::DynamoDB::Table', { KeySchema: keySchema('pk') }, "Value null at 'attributeDefinitions'"],
    [
      'AWS::DynamoDB::Table',
      { ...table, KeySchema: keySchema('id') },
      'Some index key attributes are not defined in AttributeDefinitions. Keys: [id]',
    ],
    [
      'AWS::DynamoDB::Table',
      { ...table, KeySchema: [...keySchema('pk'), ...keySchema('kind')] },
      'Invalid KeySchema: expected one HASH and at most one RANGE, got HASH, HASH',
    ],
    [
      'AWS::DynamoDB::Table',
      { ...table, SSESpecification: { SSEEnabled: true, KMSMasterKeyId: 'alias/mine' } },
      "expected a key's ARN or id, got alias/mine",
    ],
    [
      globalTable,
      { ...table, Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] },
      'expected us-east-1 alone, got eu-west-1',
    ],
    [
      globalTable,
      { ...table, Replicas: [{ Region: 'us-east-1', Colour: 'red' }] },
      "Unknown parameter 'Colour' in 'replicas.1.member'",
    ],
    ['AWS::S3::Bucket', table, 'expected a DynamoDB table, got AWS::S3::Bucket'],
  ])('%s %j -> refused by name', ([type, properties, message]) => {
    expect(() => tables.addTable(tableResource('kept', properties, type))).toThrow(message)
  })

  test('a key id -> its ARN in the description', () => {
    const SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: 'k-1' }
    tables.addTable(tableResource('kept', { ...table, SSESpecification }))
    expect(run('DescribeTable', {})).toMatchObject({
      Table: { SSEDescription: { KMSMasterKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/k-1' } },
    })
  })
})

describe('a table that is stored', () => {
  test('opened again -> its items, with another key schema an error', () => {
    tables.addTable(tableResource('kept', table))
    put('a')
    tables.close()
    tables = open()
    tables.addTable(tableResource('kept', table))
    expect(names(run('Scan', {}))).toEqual(['a'])
    expect(() => tables.addTable(tableResource('kept', { ...table, KeySchema: keySchema('kind') }))).toThrow(
      'table kept: the key schema of a stored table cannot change: expected pk (S), no sort key, got kind (S), no sort key',
    )
    expect(names(run('Scan', {}))).toEqual(['a'])
  })

  test('an index added, dropped and added -> holds what is there each time', () => {
    tables.addTable(tableResource('kept', table))
    put('a', { kind: { S: 'x' } })
    put('wrong type, so not in the index', { kind: { N: '1' } })
    const indexed = tableResource('kept', { ...table, GlobalSecondaryIndexes: [byKind] })
    tables.addTable(indexed)
    expect(names(ofKind())).toEqual(['a'])
    tables.addTable(tableResource('kept', table))
    expect(ofKind).toThrow('The table does not have the specified index: byKind')
    run('DeleteItem', { Key: { pk: { S: 'a' } } })
    put('b', { kind: { S: 'x' } })
    tables.addTable(indexed)
    expect(names(ofKind())).toEqual(['b'])
  })
})

test('an item whose index key changes, goes and comes back -> in the index where it now belongs, once', () => {
  tables.addTable(tableResource('kept', { ...table, GlobalSecondaryIndexes: [byKind] }))
  put('a', { kind: { S: 'y' } })
  put('a', { kind: { S: 'x' } })
  expect(names(ofKind())).toEqual(['a'])
  put('a', { kind: { S: 'y' } })
  expect(names(ofKind())).toEqual([])
  run('UpdateItem', { Key: { pk: { S: 'a' } }, UpdateExpression: 'REMOVE kind' })
  expect(names(run('Scan', { IndexName: 'byKind' }))).toEqual([])
  put('a', { kind: { S: 'x' } })
  expect(names(run('Scan', { IndexName: 'byKind' }))).toEqual(['a'])
})

const ttlPage =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html'
test(`sweep -> removes what has expired, from indexes too (${ttlPage})`, () => {
  const second = nowMs / 1000
  const year = 365 * 24 * 60 * 60
  tables.addTable(tableResource('kept', { ...table, GlobalSecondaryIndexes: [byKind] }))
  put('past', { expires: { N: String(second - 1) }, kind: { S: 'x' } })
  // The attribute is set only now: what is there already is seen too.
  tables.addTable(
    tableResource('kept', {
      ...table,
      GlobalSecondaryIndexes: [byKind],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    }),
  )
  put('future', { expires: { N: String(second + 10) }, kind: { S: 'x' } })
  put('text', { expires: { S: '1' } })
  put('never')
  put('longer than five years ago', { expires: { N: String(second - 5 * year - 1) } })
  expect(run('DescribeTimeToLive', {})).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
  })
  expect(tables.sweep()).toBe(1)
  expect(names(ofKind())).toEqual(['future'])
  nowMs += 10_000
  expect(tables.sweep()).toBe(1)
  expect(names(run('Scan', {}))).toEqual(['longer than five years ago', 'never', 'text'])
})
