import {
  attributes,
  flag,
  integer,
  listOf,
  mapOf,
  needed,
  oneOf,
  optional,
  refused,
  type Shape,
  struct,
  text,
  textBetween,
} from './shape.ts'

// The parameters of every operation: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html

// A name, or an ARN (which has a length of up to 1024).
const tableName = textBetween(1, 1024)
const indexName = textBetween(3, 255, /^[a-zA-Z0-9_.-]+$/)
const capacity = oneOf('INDEXES', 'TOTAL', 'NONE')
const whenRefused = oneOf('ALL_OLD', 'NONE')
const legacy = optional(refused('use expressions'))
const names = optional(mapOf(text))
const values = optional(attributes)
const metrics = optional(oneOf('NONE'))

const condition = {
  ConditionExpression: optional(text),
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values,
  ReturnValuesOnConditionCheckFailure: optional(whenRefused),
} as const
const writeOptions = {
  ReturnConsumedCapacity: optional(capacity),
  ReturnItemCollectionMetrics: metrics,
  Expected: legacy,
  ConditionalOperator: legacy,
} as const
const projection = { ProjectionExpression: optional(text), ExpressionAttributeNames: names } as const

export const getItem = struct({
  TableName: needed(tableName),
  Key: needed(attributes),
  ConsistentRead: optional(flag),
  ReturnConsumedCapacity: optional(capacity),
  AttributesToGet: legacy,
  ...projection,
})

const put = { TableName: needed(tableName), Item: needed(attributes), ...condition } as const
const erase = { TableName: needed(tableName), Key: needed(attributes), ...condition } as const
const update = { ...erase, UpdateExpression: optional(text) } as const

const returnOld = oneOf('NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW')
export const putItem = struct({ ...put, ...writeOptions, ReturnValues: optional(returnOld) })
export const deleteItem = struct({ ...erase, ...writeOptions, ReturnValues: optional(returnOld) })
export const updateItem = struct({
  ...update,
  ...writeOptions,
  ReturnValues: optional(returnOld),
  AttributeUpdates: legacy,
})

const range = {
  TableName: needed(tableName),
  IndexName: optional(indexName),
  Select: optional(oneOf('SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES')),
  Limit: optional(integer(1)),
  ConsistentRead: optional(flag),
  ExclusiveStartKey: optional(attributes),
  FilterExpression: optional(text),
  ExpressionAttributeValues: values,
  ReturnConsumedCapacity: optional(capacity),
  AttributesToGet: legacy,
  ConditionalOperator: legacy,
  ...projection,
} as const
export const query = struct({
  ...range,
  KeyConditionExpression: optional(text),
  ScanIndexForward: optional(flag),
  KeyConditions: legacy,
  QueryFilter: legacy,
})
const maxSegments = 1_000_000
export const scan = struct({
  ...range,
  Segment: optional(integer(0, maxSegments - 1)),
  TotalSegments: optional(integer(1, maxSegments)),
  ScanFilter: legacy,
})

export const batchGetItem = struct({
  RequestItems: needed(
    mapOf(
      struct({
        Keys: needed(listOf(attributes, 1, 100)),
        ConsistentRead: optional(flag),
        AttributesToGet: legacy,
        ...projection,
      }),
      1,
    ),
  ),
  ReturnConsumedCapacity: optional(capacity),
})
export const batchWriteItem = struct({
  RequestItems: needed(
    mapOf(
      listOf(
        struct({
          PutRequest: optional(struct({ Item: needed(attributes) })),
          DeleteRequest: optional(struct({ Key: needed(attributes) })),
        }),
        1,
        25,
      ),
      1,
    ),
  ),
  ReturnConsumedCapacity: optional(capacity),
  ReturnItemCollectionMetrics: metrics,
})

const maxTransactItems = 100
export const transactWriteItems = struct({
  TransactItems: needed(
    listOf(
      struct({
        Put: optional(struct(put)),
        Update: optional(struct(update)),
        Delete: optional(struct(erase)),
        ConditionCheck: optional(struct(erase)),
      }),
      1,
      maxTransactItems,
    ),
  ),
  ClientRequestToken: optional(textBetween(1, 36)),
  ReturnConsumedCapacity: optional(capacity),
  ReturnItemCollectionMetrics: metrics,
})
export const transactGetItems = struct({
  TransactItems: needed(
    listOf(
      struct({ Get: needed(struct({ TableName: needed(tableName), Key: needed(attributes), ...projection })) }),
      1,
      maxTransactItems,
    ),
  ),
  ReturnConsumedCapacity: optional(capacity),
})

export const tableOnly = struct({ TableName: needed(tableName) })
export const listTables = struct({
  ExclusiveStartTableName: optional(tableName),
  Limit: optional(integer(1, 100)),
})

type Read<S> = S extends Shape<infer T> ? T : never
export type GetItem = Read<typeof getItem>
export type PutItem = Read<typeof putItem>
export type UpdateItem = Read<typeof updateItem>
export type DeleteItem = Read<typeof deleteItem>
export type Query = Read<typeof query>
export type Scan = Read<typeof scan>
export type BatchGetItem = Read<typeof batchGetItem>
export type BatchWriteItem = Read<typeof batchWriteItem>
export type TransactWriteItems = Read<typeof transactWriteItems>
export type TransactGetItems = Read<typeof transactGetItems>
export type ListTables = Read<typeof listTables>
export type TableOnly = Read<typeof tableOnly>
