/**
 * DynamoDB on a laptop, in one SQLite file.
 *
 * Does: GetItem, PutItem, UpdateItem, DeleteItem, Query, Scan (with segments), BatchGetItem, BatchWriteItem,
 * TransactWriteItems, TransactGetItems, DescribeTable, ListTables, DescribeTimeToLive, and for the machine's owner
 * CreateTable and DeleteTable. Condition, update, projection, key condition and filter expressions; global and local
 * indexes with their projections; pages of 1 MB; exact numbers of 38 digits; AWS's limits and AWS's errors; IAM
 * actions and the table's KMS key for every call; time to live by `sweep`. What was acknowledged outlives kill -9.
 *
 * Does not: PartiQL, streams (accepted in a template, they carry nothing), the parameters from before expressions
 * (Expected, AttributeUpdates, KeyConditions, ...: refused by name), ReturnItemCollectionMetrics SIZE, throttling,
 * backups, replicas in other regions, indexes with several partition or sort keys, dynamodb:LeadingKeys of queries.
 * Operations run one after the other, so that TransactionConflict cannot occur; reads are always consistent, except
 * that asking a global index for it is refused as on AWS. Error texts are AWS's where they are known; the order in
 * which several faults of one request are found may differ.
 */
import { type Authorize, AwsError, type Caller, type JsonService, type Resource, type UseKey } from '../service.ts'
import { openTable } from './access.ts'
import { batchWriteItem } from './batch-write.ts'
import { keyOf } from './item-key.ts'
import { query, scan } from './range-operations.ts'
import { batchGetItem, getItem, transactGetItems } from './read-operations.ts'
import * as requests from './requests.ts'
import type { Shape } from './shape.ts'
import { openStore } from './store.ts'
import { keyAttributes, type Table } from './table.ts'
import {
  createTable,
  createTableShape,
  deleteTable,
  describeTable,
  describeTimeToLive,
  listTables,
} from './table-operations.ts'
import { refuseOtherKey } from './table-parts.ts'
import { tableOf } from './table-template.ts'
import { transactWriteItems } from './transact-write.ts'
import { deleteItem, putItem, updateItem } from './write-operations.ts'

export type Tables = {
  readonly service: JsonService
  /** Makes or changes a table as its template says. Throws AwsError for unknown properties and a changed key. */
  readonly addTable: (resource: Resource) => void
  /** One operation, such as `PutItem`, with its input as on the wire. Throws AwsError. */
  readonly run: (operation: string, input: unknown, caller: Caller) => unknown
  /** Removes the items whose time to live has passed; answers how many. */
  readonly sweep: () => number
  readonly close: () => void
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html: what should
// have gone more than five years ago stays.
const longestOverdueSeconds = 5 * 365 * 24 * 60 * 60

/** Opens the tables kept in a folder. `now` answers milliseconds since 1970. */
export const createTables = (parts: {
  readonly folder: string
  readonly now: () => number
  readonly authorize: Authorize
  readonly useKey: UseKey
}): Tables => {
  const store = openStore(parts.folder)
  const tables = new Map(store.tables().map(({ table }) => [table.name, table]))
  const { now, authorize } = parts
  const inner = { store, tables, now, authorize, open: openTable({ ...parts, tables }) }

  const operations = {
    GetItem: operation(requests.getItem, getItem(inner)),
    PutItem: operation(requests.putItem, putItem(inner)),
    UpdateItem: operation(requests.updateItem, updateItem(inner)),
    DeleteItem: operation(requests.deleteItem, deleteItem(inner)),
    Query: operation(requests.query, query(inner)),
    Scan: operation(requests.scan, scan(inner)),
    BatchGetItem: operation(requests.batchGetItem, batchGetItem(inner)),
    BatchWriteItem: operation(requests.batchWriteItem, batchWriteItem(inner)),
    TransactGetItems: operation(requests.transactGetItems, transactGetItems(inner)),
    TransactWriteItems: operation(requests.transactWriteItems, transactWriteItems(inner)),
    DescribeTable: operation(requests.tableOnly, describeTable(inner)),
    DescribeTimeToLive: operation(requests.tableOnly, describeTimeToLive(inner)),
    ListTables: operation(requests.listTables, listTables(inner)),
    CreateTable: operation(createTableShape, createTable(inner)),
    DeleteTable: operation(requests.tableOnly, deleteTable(inner)),
  }

  return {
    service: { target: 'DynamoDB_20120810', jsonVersion: '1.0', operations },
    addTable: (resource) => {
      const table = tableOf(resource)
      const stored = tables.get(table.name)
      if (stored) refuseOtherKey(table.name, stored.key, table.key)
      store.transaction(() => {
        const known = store.tables().find((each) => each.table.name === table.name)
        store.saveTable(table, known?.createdMs ?? now())
        if (stored && isStoredOtherwise(stored, table)) {
          const names = [...stored.indexes, ...table.indexes].map(({ name }) => name)
          store.rebuild(table, names)
        }
      })
      tables.set(table.name, table)
    },
    run: (name, input, caller) => {
      const found = Object.entries(operations).find(([each]) => each === name)
      if (found) return found[1](input, caller)
      throw new AwsError('UnknownOperationException', `DynamoDB has no operation ${name} in the local runtime`)
    },
    sweep: () => {
      const nowSeconds = now() / 1000
      let removed = 0
      for (const table of tables.values()) {
        for (const item of store.expired(table, nowSeconds - longestOverdueSeconds, nowSeconds)) {
          const key = Object.fromEntries(keyAttributes(table.key).map(({ name }) => [name, item[name]!]))
          store.transaction(() => store.write(table, keyOf(table, key), item, undefined))
          removed += 1
        }
      }
      return removed
    },
    close: () => store.close(),
  }
}

const operation =
  <Input>(shape: Shape<Input>, perform: (input: Input, caller: Caller) => unknown) =>
  (input: unknown, caller: Caller): unknown =>
    perform(shape(input, ''), caller)

const isStoredOtherwise = (stored: Table, wanted: Table): boolean =>
  stored.ttlAttribute !== wanted.ttlAttribute || JSON.stringify(stored.indexes) !== JSON.stringify(wanted.indexes)
