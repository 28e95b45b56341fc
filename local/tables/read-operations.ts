import type { Caller } from '../service.ts'
import { withoutAbsent } from './absent.ts'
import type { OpenTable } from './access.ts'
import { consumedCapacities, consumedCapacity, readUnits } from './capacity.ts'
import { refuseInsideKeys } from './condition-paths.ts'
import { cursorOf } from './cursor.ts'
import { type ItemKey, keyOf, keyText } from './item-key.ts'
import { itemSizeBytes } from './item-size.ts'
import { placeholdersOf } from './placeholders.ts'
import { parseProjection, project } from './projection.ts'
import type { BatchGetItem, GetItem, TransactGetItems } from './requests.ts'
import type { Store } from './store.ts'
import type { Table } from './table.ts'
import { invalid } from './validation-error.ts'
import { checkItem, type Item } from './value.ts'

type Parts = { readonly store: Store; readonly open: OpenTable }

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
const maxBatchKeys = 100
const maxBatchBytes = 16 * 1024 * 1024
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
const maxTransactionBytes = 4 * 1024 * 1024
const transactionFactor = 2

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
export const getItem = (parts: Parts) => (input: GetItem, caller: Caller) => {
  const table = parts.open({ caller, action: 'dynamodb:GetItem', tableName: input.TableName, keys: [input.Key] })
  const item = parts.store.get(table, keyOf(table, checkItem(input.Key)))
  const shown = projectionOf(table, input)
  return withoutAbsent({
    Item: item && shown(item),
    ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table, [
      unitsOf(item, input.ConsistentRead ?? false),
    ]),
  })
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const batchGetItem = (parts: Parts) => (input: BatchGetItem, caller: Caller) => {
  const requests = Object.entries(input.RequestItems)
  const opened = requests.map(([tableName, request]) => ({
    tableName,
    request,
    table: parts.open({ caller, action: 'dynamodb:BatchGetItem', tableName, keys: request.Keys }),
  }))
  if (requests.reduce((count, [, { Keys }]) => count + Keys.length, 0) > maxBatchKeys) {
    throw invalid('Too many items requested for the BatchGetItem call')
  }
  const reads = opened.map(({ tableName, table, request }) => {
    const keys = request.Keys.map((key) => ({ given: key, key: keyOf(table, checkItem(key)) }))
    refuseDuplicates(keys.map(({ key }) => keyText(table, key)))
    return { tableName, table, request, keys, shown: projectionOf(table, request) }
  })
  let leftBytes = maxBatchBytes
  const unprocessed: Record<string, unknown> = {}
  const spent: { table: Table; units: ReturnType<typeof unitsOf> }[] = []
  const responses: Record<string, Item[]> = {}
  for (const { tableName, table, request, keys, shown } of reads) {
    const items: Item[] = []
    const later: unknown[] = []
    for (const { given, key } of keys) {
      const item = leftBytes > 0 ? parts.store.get(table, key) : undefined
      leftBytes -= item ? itemSizeBytes(item) : 0
      // The item that crosses the limit is left for the next request, with all that follow.
      if (leftBytes <= 0) {
        later.push(given)
        continue
      }
      if (item) items.push(shown(item))
      spent.push({ table, units: unitsOf(item, request.ConsistentRead ?? false) })
    }
    responses[tableName] = items
    if (later.length > 0) unprocessed[tableName] = { ...request, Keys: later }
  }
  return withoutAbsent({
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: consumedCapacities(input.ReturnConsumedCapacity, spent),
  })
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export const transactGetItems = (parts: Parts) => (input: TransactGetItems, caller: Caller) => {
  const opened = input.TransactItems.map(({ Get: request }) => ({
    request,
    table: parts.open({
      caller,
      action: 'dynamodb:GetItem',
      tableName: request.TableName,
      keys: [request.Key],
      enclosingOperation: 'TransactGetItems',
    }),
  }))
  const reads = opened.map(({ request, table }) => {
    const key: ItemKey = keyOf(table, checkItem(request.Key))
    return { table, key, shown: projectionOf(table, request) }
  })
  if (new Set(reads.map(({ table, key }) => keyText(table, key))).size < reads.length) {
    throw invalid('Transaction request cannot include multiple operations on one item')
  }
  const items = reads.map(({ table, key }) => parts.store.get(table, key))
  if (items.reduce((size, item) => size + (item ? itemSizeBytes(item) : 0), 0) > maxTransactionBytes) {
    throw invalid('Transaction size has exceeded the maximum allowed size of 4 MB')
  }
  const spent = reads.map(({ table }, at) => ({ table, units: unitsOf(items[at], true) }))
  return withoutAbsent({
    Responses: reads.map(({ shown }, at) => withoutAbsent({ Item: items[at] && shown(items[at]) })),
    ConsumedCapacity: consumedCapacities(input.ReturnConsumedCapacity, spent, transactionFactor),
  })
}

const unitsOf = (item: Item | undefined, isConsistent: boolean) => ({
  table: readUnits(item ? itemSizeBytes(item) : 0, isConsistent),
  indexes: {},
})

/** What a projection expression shows of an item. */
const projectionOf = (
  table: Table,
  input: Pick<GetItem, 'ProjectionExpression' | 'ExpressionAttributeNames'>,
): ((item: Item) => Item) => {
  const { ProjectionExpression } = input
  const placeholders = placeholdersOf(input, { ProjectionExpression })
  if (ProjectionExpression === undefined) return (item) => item
  const paths = parseProjection(cursorOf('ProjectionExpression', ProjectionExpression, placeholders))
  placeholders.refuseUnused()
  refuseInsideKeys(table, paths)
  return (item) => project(item, paths)
}

const refuseDuplicates = (keys: readonly string[]): void => {
  if (new Set(keys).size < keys.length) throw invalid('Provided list of item keys contains duplicates')
}
