import type { Caller } from '../service.ts'
import { withoutAbsent } from './absent.ts'
import type { OpenTable } from './access.ts'
import { consumedCapacity, readUnits, type Units } from './capacity.ts'
import { parseCondition } from './condition-parser.ts'
import { conditionPaths } from './condition-paths.ts'
import { cursorOf } from './cursor.ts'
import { projectedItem } from './index-projection.ts'
import { itemSizeBytes } from './item-size.ts'
import { hashSpace, keyBytes, partitionHash } from './key-bytes.ts'
import { keyRange } from './key-condition.ts'
import { placeholdersOf } from './placeholders.ts'
import { type RangeInput, rangeReader } from './range-reader.ts'
import type { Query, Scan } from './requests.ts'
import { isInRange, isInSegment, startOf } from './start-key.ts'
import type { Range, Store } from './store.ts'
import { type Index, keyAttributes, keyNames, type Table } from './table.ts'
import { invalid } from './validation-error.ts'
import type { Item } from './value.ts'

type Parts = { readonly store: Store; readonly open: OpenTable }

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
const maxPageBytes = 1024 * 1024

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export const query = (parts: Parts) => (input: Query, caller: Caller) => {
  const { table, index } = opened(parts, 'dynamodb:Query', input, caller)
  const { KeyConditionExpression: expression, FilterExpression, ProjectionExpression } = input
  if (expression === undefined) {
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.')
  }
  const placeholders = placeholdersOf(input, {
    ProjectionExpression,
    FilterExpression,
    KeyConditionExpression: expression,
  })
  const condition = parseCondition(cursorOf('KeyConditionExpression', expression, placeholders))
  const reader = rangeReader(table, index, input, placeholders)
  placeholders.refuseUnused()
  const key = index?.key ?? table.key
  const { partition, from, to } = keyRange(condition, key)
  const keys = new Set(keyAttributes(key).map(({ name }) => name))
  const filtered = reader.filter && conditionPaths(reader.filter).find(([name]) => keys.has(name))
  if (filtered) {
    throw invalid(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${filtered[0]}`,
    )
  }
  const bytes = keyBytes(partition)
  const after = startOf(table, index, input.ExclusiveStartKey)
  if (after) isInRange(after, bytes, from, to)
  const range: Range = {
    partition: { hash: partitionHash(bytes), partition: bytes },
    from,
    to,
    hashes: null,
    after,
    isForward: input.ScanIndexForward ?? true,
  }
  return page(parts.store, table, index, input, range, reader)
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export const scan = (parts: Parts) => (input: Scan, caller: Caller) => {
  const { table, index } = opened(parts, 'dynamodb:Scan', input, caller)
  const hashes = segmentOf(input)
  const { FilterExpression, ProjectionExpression } = input
  const placeholders = placeholdersOf(input, { ProjectionExpression, FilterExpression })
  const reader = rangeReader(table, index, input, placeholders)
  placeholders.refuseUnused()
  const after = startOf(table, index, input.ExclusiveStartKey)
  if (after && hashes) isInSegment(after, hashes, input)
  const range: Range = { partition: null, from: null, to: null, hashes, after, isForward: true }
  return page(parts.store, table, index, input, range, reader)
}

const opened = ({ open }: Parts, action: string, input: RangeInput, caller: Caller) => {
  const table = open({ caller, action, tableName: input.TableName, indexName: input.IndexName })
  const index = table.indexes.find(({ name }) => name === input.IndexName)
  if (input.IndexName !== undefined && !index) {
    throw invalid(`The table does not have the specified index: ${input.IndexName}`)
  }
  if (index?.scope === 'global' && input.ConsistentRead) {
    throw invalid('Consistent reads are not supported on global secondary indexes')
  }
  return { table, index }
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan
const segmentOf = ({ Segment: segment, TotalSegments: total }: Scan): Range['hashes'] => {
  if (segment === undefined && total === undefined) return null
  if (total === undefined) {
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    )
  }
  if (segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    )
  }
  if (segment >= total) {
    throw invalid(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${segment} is not less than TotalSegments: ${total}`,
    )
  }
  const edge = (at: number): number => Math.floor((hashSpace * at) / total)
  return { from: edge(segment), before: edge(segment + 1) }
}

const page = (
  store: Store,
  table: Table,
  index: Index | undefined,
  input: RangeInput,
  range: Range,
  reader: ReturnType<typeof rangeReader>,
) => {
  const items: Item[] = []
  let scanned = 0
  let sizeBytes = 0
  let fetchedBytes = 0
  let last: Item | undefined
  for (const stored of store.range(table, index, range)) {
    const item = index && !reader.isFetching ? projectedItem(table, index, stored) : stored
    scanned += 1
    sizeBytes += index ? itemSizeBytes(projectedItem(table, index, stored)) : itemSizeBytes(stored)
    if (reader.isFetching) fetchedBytes += itemSizeBytes(stored)
    if (reader.keeps(item)) items.push(reader.shown(item))
    if (scanned === input.Limit || sizeBytes >= maxPageBytes) {
      last = stored
      break
    }
  }
  const isConsistent = input.ConsistentRead ?? false
  const units: Units = index
    ? {
        table: fetchedBytes > 0 ? readUnits(fetchedBytes, isConsistent) : 0,
        indexes: { [index.name]: readUnits(sizeBytes, isConsistent) },
      }
    : { table: readUnits(sizeBytes, isConsistent), indexes: {} }
  return withoutAbsent({
    Items: input.Select === 'COUNT' ? undefined : items,
    Count: items.length,
    ScannedCount: scanned,
    LastEvaluatedKey: last && lastKey(table, index, last),
    ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table, [units]),
  })
}

const lastKey = (table: Table, index: Index | undefined, item: Item): Item =>
  Object.fromEntries(keyNames(table, index).map((name) => [name, item[name]!]))
