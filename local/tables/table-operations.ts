import { type Authorize, AwsError, type Caller } from '../service.ts'
import { withoutAbsent } from './absent.ts'
import { plainName, tableArn, tableNotFound } from './access.ts'
import type { ListTables, TableOnly } from './requests.ts'
import { flag, needed, oneOf, optional, type Shape, struct, textBetween } from './shape.ts'
import type { Store } from './store.ts'
import { type KeySchema, keyAttributes, type Table } from './table.ts'
import {
  accepted,
  attributeDefinitions,
  globalIndexes,
  indexOf,
  keySchema,
  keySchemaOf,
  localIndexes,
} from './table-parts.ts'
import { invalid } from './validation-error.ts'

type Parts = {
  readonly tables: Map<string, Table>
  readonly store: Store
  readonly authorize: Authorize
  readonly now: () => number
}
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
const maxNames = 100

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export const describeTable = (parts: Parts) => (input: TableOnly, caller: Caller) => ({
  Table: description(parts, authorized(parts, 'DescribeTable', input, caller)),
})

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
export const describeTimeToLive = (parts: Parts) => (input: TableOnly, caller: Caller) => {
  const { ttlAttribute } = authorized(parts, 'DescribeTimeToLive', input, caller)
  return {
    TimeToLiveDescription:
      ttlAttribute === null
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export const listTables = (parts: Parts) => (input: ListTables, caller: Caller) => {
  parts.authorize(caller, 'dynamodb:ListTables', '*')
  const start = input.ExclusiveStartTableName ?? ''
  const names = [...parts.tables.keys()].filter((name) => name > start).sort()
  const page = names.slice(0, input.Limit ?? maxNames)
  return withoutAbsent({
    TableNames: page,
    LastEvaluatedTableName: page.length < names.length ? page.at(-1) : undefined,
  })
}

export const createTableShape = struct({
  TableName: needed(textBetween(3, 255, /^[a-zA-Z0-9_.-]+$/)),
  AttributeDefinitions: needed(attributeDefinitions),
  KeySchema: needed(keySchema),
  GlobalSecondaryIndexes: optional(globalIndexes),
  LocalSecondaryIndexes: optional(localIndexes),
  BillingMode: optional(oneOf('PROVISIONED', 'PAY_PER_REQUEST')),
  DeletionProtectionEnabled: optional(flag),
  ProvisionedThroughput: optional(accepted),
})
type CreateTable = typeof createTableShape extends Shape<infer T> ? T : never

/** For the machine's owner. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
export const createTable = (parts: Parts) => (input: CreateTable, caller: Caller) => {
  requireAdmin(caller, 'CreateTable')
  if (parts.tables.has(input.TableName)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${input.TableName}`)
  }
  const definitions = input.AttributeDefinitions
  const table: Table = {
    name: input.TableName,
    key: keySchemaOf(input.KeySchema, definitions),
    indexes: [
      ...(input.GlobalSecondaryIndexes ?? []).map((index) => indexOf('global', index, definitions)),
      ...(input.LocalSecondaryIndexes ?? []).map((index) => indexOf('local', index, definitions)),
    ],
    ttlAttribute: null,
    kmsKeyArn: null,
    billingMode: input.BillingMode ?? 'PROVISIONED',
    isProtected: input.DeletionProtectionEnabled ?? false,
  }
  parts.store.saveTable(table, parts.now())
  parts.tables.set(table.name, table)
  return { TableDescription: description(parts, table) }
}

/** For the machine's owner. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
export const deleteTable = (parts: Parts) => (input: TableOnly, caller: Caller) => {
  requireAdmin(caller, 'DeleteTable')
  const table = authorized(parts, 'DeleteTable', input, caller)
  if (table.isProtected) {
    throw invalid(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    )
  }
  const described = { ...description(parts, table), TableStatus: 'DELETING' }
  parts.store.transaction(() => parts.store.dropTable(table.name))
  parts.tables.delete(table.name)
  return { TableDescription: described }
}

const requireAdmin = (caller: Caller, operation: string): void => {
  if (caller.kind === 'admin') return
  throw new AwsError(
    'AccessDeniedException',
    `${operation} is for the owner of this machine; tables come from templates`,
  )
}

const authorized = (parts: Parts, operation: string, { TableName }: TableOnly, caller: Caller): Table => {
  const name = plainName(TableName)
  parts.authorize(caller, `dynamodb:${operation}`, tableArn(name))
  const table = parts.tables.get(name)
  if (table) return table
  throw tableNotFound(name)
}

const description = ({ store }: Parts, table: Table) => {
  const definitions = new Map(
    [table.key, ...table.indexes.map(({ key }) => key)].flatMap(keyAttributes).map(({ name, type }) => [name, type]),
  )
  const indexes = (scope: 'global' | 'local') => {
    const found = table.indexes.filter((index) => index.scope === scope)
    return found.length === 0
      ? undefined
      : found.map((index) => ({
          IndexName: index.name,
          KeySchema: schemaOf(index.key),
          Projection: withoutAbsent({
            ProjectionType: index.projection,
            NonKeyAttributes: index.projection === 'INCLUDE' ? index.included : undefined,
          }),
          ...(scope === 'global' && { IndexStatus: 'ACTIVE' }),
          IndexArn: `${tableArn(table.name)}/index/${index.name}`,
        }))
  }
  const createdMs = store.tables().find((each) => each.table.name === table.name)?.createdMs
  return withoutAbsent({
    TableName: table.name,
    TableArn: tableArn(table.name),
    TableStatus: 'ACTIVE',
    CreationDateTime: createdMs === undefined ? undefined : createdMs / 1000,
    AttributeDefinitions: [...definitions].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schemaOf(table.key),
    GlobalSecondaryIndexes: indexes('global'),
    LocalSecondaryIndexes: indexes('local'),
    BillingModeSummary: { BillingMode: table.billingMode },
    DeletionProtectionEnabled: table.isProtected,
    ItemCount: store.itemCount(table.name),
    SSEDescription:
      table.kmsKeyArn === null ? undefined : { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.kmsKeyArn },
  })
}

const schemaOf = (key: KeySchema) =>
  keyAttributes(key).map(({ name }, at) => ({ AttributeName: name, KeyType: at === 0 ? 'HASH' : 'RANGE' }))
