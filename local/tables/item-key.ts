import { attribute } from './document-path.ts'
import { keyBytes, partitionHash } from './key-bytes.ts'
import { type Index, type KeyAttribute, type KeySchema, keyAttributes, type Table } from './table.ts'
import { invalid, invalidValue } from './validation-error.ts'
import { type AttributeValue, type Item, typeOf } from './value.ts'

/** Where an item or an index entry lies, in the order of a scan. */
export type ItemKey = { readonly hash: number; readonly partition: Uint8Array; readonly sort: Uint8Array }

// One byte, so that a key without a sort key has one place; no sort key is empty.
const noSort = Uint8Array.of(0)
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys
const maxPartitionBytes = 2048
const maxSortBytes = 1024

/** The key that a request names. Throws ValidationException when it is not exactly the table's key. */
export const keyOf = (table: Table, key: Item): ItemKey => {
  const wanted = keyAttributes(table.key)
  if (Object.keys(key).length !== wanted.length) throw notTheSchema()
  for (const each of wanted) {
    const value = attribute(key, each.name)
    if (!value || value[each.type] === undefined) throw notTheSchema()
    checkKeyValue(table.key, each, value)
  }
  return placeOf(table.key, key)
}

/** The key of an item to be put. Throws ValidationException when a key attribute is missing or of the wrong type. */
export const keyOfItem = (table: Table, item: Item): ItemKey => {
  for (const each of keyAttributes(table.key)) {
    const value = attribute(item, each.name)
    if (!value) throw invalidValue(`Missing the key ${each.name} in the item`)
    if (value[each.type] === undefined) {
      throw invalidValue(`Type mismatch for key ${each.name} expected: ${each.type} actual: ${typeOf(value)}`)
    }
    checkKeyValue(table.key, each, value)
  }
  return placeOf(table.key, item)
}

/** Throws ValidationException when a changed attribute cannot be the key of an index. */
export const checkIndexKeys = (table: Table, item: Item, old: Item | undefined): void => {
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index.key)) {
      const value = attribute(item, name)
      if (!value || value === (old && attribute(old, name))) continue
      if (value[type] === undefined) {
        throw invalidValue(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        )
      }
      if (value[type] === '') {
        throw invalid(
          'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
            `The AttributeValue for a key attribute cannot contain an empty ${typeWord(type)} value. ` +
            `IndexName: ${index.name}, IndexKey: ${name}`,
        )
      }
    }
  }
}

/** Where an item lies in an index; undefined when it has not all of the index's keys (sparse indexes). */
export const entryOf = (index: Index, item: Item): ItemKey | undefined =>
  keyAttributes(index.key).every(({ name, type }) => attribute(item, name)?.[type] !== undefined)
    ? placeOf(index.key, item)
    : undefined

/** The place of checked key attributes. */
export const placeOf = (key: KeySchema, item: Item): ItemKey => {
  const partition = keyBytes(item[key.partition.name]!)
  return {
    hash: partitionHash(partition),
    partition,
    sort: key.sort ? keyBytes(item[key.sort.name]!) : noSort,
  }
}

/** A text that is equal for equal keys of one table. */
export const keyText = (table: Table, { partition, sort }: ItemKey): string =>
  `${table.name}/${Buffer.from(partition).toString('hex')}/${Buffer.from(sort).toString('hex')}`

const notTheSchema = () => invalid('The provided key element does not match the schema')

const typeWord = (type: KeyAttribute['type']): string => (type === 'S' ? 'string' : 'binary')

const checkKeyValue = (key: KeySchema, { name, type }: KeyAttribute, value: AttributeValue): void => {
  if (value[type] === '') {
    throw invalid(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ' +
        `empty ${typeWord(type)} value. Key: ${name}`,
    )
  }
  if (type === 'N') return
  const sizeBytes = Buffer.byteLength(value[type]!, type === 'B' ? 'base64' : 'utf8')
  if (key.partition.name === name && sizeBytes > maxPartitionBytes) {
    throw invalidValue(`Size of hashkey has exceeded the maximum size limit of${maxPartitionBytes} bytes`)
  }
  if (key.sort?.name === name && sizeBytes > maxSortBytes) {
    throw invalidValue(`Aggregated size of all range keys has exceeded the size limit of ${maxSortBytes} bytes`)
  }
}
