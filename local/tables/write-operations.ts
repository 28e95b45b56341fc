import type { Caller } from '../service.ts'
import { withoutAbsent } from './absent.ts'
import type { OpenTable } from './access.ts'
import { consumedCapacity, writeUnits } from './capacity.ts'
import { applyWrite, deleteOf, putOf, updateOf, type Write } from './item-write.ts'
import { project } from './projection.ts'
import type { DeleteItem, PutItem, UpdateItem } from './requests.ts'
import type { Store } from './store.ts'
import { invalid } from './validation-error.ts'
import type { Item } from './value.ts'

type Parts = { readonly store: Store; readonly open: OpenTable }

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export const putItem = (parts: Parts) => (input: PutItem, caller: Caller) => {
  const table = parts.open({ caller, action: 'dynamodb:PutItem', tableName: input.TableName, keys: [input.Item] })
  refuseUpdatedValues(input)
  return single(parts.store, putOf(table, input), input)
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export const deleteItem = (parts: Parts) => (input: DeleteItem, caller: Caller) => {
  const table = parts.open({ caller, action: 'dynamodb:DeleteItem', tableName: input.TableName, keys: [input.Key] })
  refuseUpdatedValues(input)
  return single(parts.store, deleteOf(table, input), input)
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export const updateItem = (parts: Parts) => (input: UpdateItem, caller: Caller) => {
  const table = parts.open({ caller, action: 'dynamodb:UpdateItem', tableName: input.TableName, keys: [input.Key] })
  return single(parts.store, updateOf(table, input), input)
}

type Options = Pick<UpdateItem, 'ReturnValues' | 'ReturnConsumedCapacity'>

const refuseUpdatedValues = ({ ReturnValues: wanted = 'NONE' }: Options): void => {
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw invalid('ReturnValues can only be ALL_OLD or NONE')
}

const single = (store: Store, write: Write, options: Options) => {
  // Without indexes a write is one statement, which SQLite commits by itself.
  const apply = () => applyWrite(store, write)
  const { old, next } = write.table.indexes.length === 0 ? apply() : store.transaction(apply)
  return withoutAbsent({
    Attributes: returnedAttributes(options.ReturnValues, write, old, next),
    ConsumedCapacity: consumedCapacity(options.ReturnConsumedCapacity, write.table, [
      writeUnits(write.table, old, next),
    ]),
  })
}

const returnedAttributes = (
  wanted: UpdateItem['ReturnValues'],
  { paths }: Write,
  old: Item | undefined,
  next: Item | undefined,
): Item | undefined => {
  switch (wanted) {
    case 'ALL_OLD':
      return old
    case 'ALL_NEW':
      return next
    case 'UPDATED_OLD':
      return old && nonEmpty(project(old, paths))
    case 'UPDATED_NEW':
      return next && nonEmpty(project(next, paths))
    default:
      return undefined
  }
}

const nonEmpty = (item: Item): Item | undefined => (Object.keys(item).length > 0 ? item : undefined)
