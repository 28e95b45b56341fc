import { keyOf, placeOf } from './item-key.ts'
import type { Bound } from './key-condition.ts'
import type { Scan } from './requests.ts'
import type { Range } from './store.ts'
import { type Index, keyAttributes, keyNames, type Table } from './table.ts'
import { invalid, isInvalid } from './validation-error.ts'
import { checkItem, type Item } from './value.ts'

type Start = NonNullable<Range['after']>

/** The place after which a page begins; null without a start key. Throws ValidationException. */
export const startOf = (
  table: Table,
  index: Index | undefined,
  input: Readonly<Record<string, unknown>> | undefined,
): Start | null => {
  if (!input) return null
  const start = checkItem(input)
  const names = keyNames(table, index)
  const isWhole = Object.keys(start).length === names.length && names.every((name) => start[name] !== undefined)
  if (!isWhole) throw invalidStart(index ? '' : ': The provided key element does not match the schema')
  if (index && keyAttributes(index.key).some(({ name, type }) => start[name]![type] === undefined)) {
    throw invalidStart('')
  }
  const item = checkedKey(table, start)
  return { item, entry: index ? placeOf(index.key, start) : item }
}

/** Throws ValidationException when a query could not have stopped there. */
export const isInRange = ({ entry }: Start, partition: Uint8Array, from: Bound | null, to: Bound | null): void => {
  if (Buffer.compare(entry.partition, partition) !== 0) {
    throw invalidStart(' is outside query boundaries based on provided conditions', 'The provided starting key')
  }
  const isAfter = !from || Buffer.compare(entry.sort, from.bytes) >= (from.inclusive ? 0 : 1)
  const isBefore = !to || Buffer.compare(entry.sort, to.bytes) <= (to.inclusive ? 0 : -1)
  if (!isAfter || !isBefore) {
    throw invalidStart(' does not match the range key predicate', 'The provided starting key')
  }
}

/** Throws ValidationException when the start key lies in another segment. */
export const isInSegment = ({ entry }: Start, hashes: NonNullable<Range['hashes']>, input: Scan): void => {
  if (entry.hash >= hashes.from && entry.hash < hashes.before) return
  throw invalidStart(
    ': Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ' +
      `TotalSegments: ${input.TotalSegments} Segment: ${input.Segment}`,
  )
}

const checkedKey = (table: Table, start: Item) => {
  try {
    return keyOf(table, Object.fromEntries(keyAttributes(table.key).map(({ name }) => [name, start[name]!])))
  } catch (error) {
    if (!isInvalid(error)) throw error
    throw invalidStart(`: ${error.message}`)
  }
}

const invalidStart = (reason: string, subject = 'The provided starting key is invalid') =>
  invalid(`${subject}${reason}`)
