import type { Caller } from '../service.ts'
import { withoutAbsent } from './absent.ts'
import type { OpenTable } from './access.ts'
import { consumedCapacities, writeUnits } from './capacity.ts'
import { keyText } from './item-key.ts'
import { applyWrite, deleteOf, putOf } from './item-write.ts'
import type { BatchWriteItem } from './requests.ts'
import type { Store } from './store.ts'
import { invalid } from './validation-error.ts'

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const maxWrites = 25

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export const batchWriteItem =
  ({ store, open }: { readonly store: Store; readonly open: OpenTable }) =>
  (input: BatchWriteItem, caller: Caller) => {
    const opened = Object.entries(input.RequestItems).map(([tableName, requests]) => {
      const keys = requests
        .map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key)
        .filter((key) => key !== undefined)
      return { requests, table: open({ caller, action: 'dynamodb:BatchWriteItem', tableName, keys }) }
    })
    if (opened.reduce((count, { requests }) => count + requests.length, 0) > maxWrites) {
      throw invalid('Too many items requested for the BatchWriteItem call')
    }
    const writes = opened.flatMap(({ table, requests }) =>
      requests.map(({ PutRequest, DeleteRequest }) => {
        if (PutRequest && !DeleteRequest) return putOf(table, PutRequest)
        if (DeleteRequest && !PutRequest) return deleteOf(table, DeleteRequest)
        throw invalid(
          'Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest, ' +
            `got ${PutRequest ? 'both' : 'none'}`,
        )
      }),
    )
    if (new Set(writes.map(({ table, key }) => keyText(table, key))).size < writes.length) {
      throw invalid('Provided list of item keys contains duplicates')
    }
    const spent = store.transaction(() =>
      writes.map((write) => {
        const { old, next } = applyWrite(store, write)
        return { table: write.table, units: writeUnits(write.table, old, next) }
      }),
    )
    return withoutAbsent({
      UnprocessedItems: {},
      ConsumedCapacity: consumedCapacities(input.ReturnConsumedCapacity, spent),
    })
  }
