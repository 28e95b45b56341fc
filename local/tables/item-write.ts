import { AwsError } from '../service.ts'
import { meets } from './condition.ts'
import { type Condition, parseCondition } from './condition-parser.ts'
import { conditionPaths, refuseInsideKeys } from './condition-paths.ts'
import { cursorOf } from './cursor.ts'
import type { DocumentPath } from './document-path.ts'
import { checkIndexKeys, type ItemKey, keyOf, keyOfItem } from './item-key.ts'
import { itemSizeBytes } from './item-size.ts'
import { type Placeholders, placeholdersOf } from './placeholders.ts'
import type { Store } from './store.ts'
import { keyAttributes, type Table } from './table.ts'
import { updated } from './update.ts'
import { parseUpdate } from './update-parser.ts'
import { invalid, invalidValue } from './validation-error.ts'
import { checkItem, type Item } from './value.ts'

/** A write whose request is in order; what depends on the stored item is still to come. */
export type Write = {
  readonly table: Table
  readonly key: ItemKey
  readonly condition: Condition | undefined
  readonly returnsOldOnFailure: boolean
  /** The item afterwards, undefined for none; null for a write that only checks. */
  readonly next: ((old: Item | undefined) => Item | undefined) | null
  /** The paths that an update names. */
  readonly paths: readonly DocumentPath[]
}

type Conditional = {
  readonly ConditionExpression?: string
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE'
}
type Attributes = Readonly<Record<string, unknown>>

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items
const maxItemBytes = 400 * 1024

/** The item takes the place of any that has its key. Throws ValidationException. */
export const putOf = (table: Table, input: Conditional & { readonly Item: Attributes }): Write => {
  const item = checkItem(input.Item)
  const key = keyOfItem(table, item)
  checkIndexKeys(table, item, undefined)
  if (itemSizeBytes(item) > maxItemBytes) throw invalid('Item size has exceeded the maximum allowed size')
  return { ...conditionOf(table, input), table, key, next: () => item, paths: [] }
}

/** Throws ValidationException. */
export const deleteOf = (table: Table, input: Conditional & { readonly Key: Attributes }): Write => {
  const key = keyOf(table, checkItem(input.Key))
  return { ...conditionOf(table, input), table, key, next: () => undefined, paths: [] }
}

/** Only checks the condition. Throws ValidationException. */
export const checkOf = (table: Table, input: Conditional & { readonly Key: Attributes }): Write => {
  if (input.ConditionExpression === undefined) {
    throw invalidValue('The ConditionExpression parameter of a ConditionCheck must not be null')
  }
  return { ...deleteOf(table, input), next: null }
}

/** Changes the item, or makes it from its key. Throws ValidationException. */
export const updateOf = (
  table: Table,
  input: Conditional & { readonly Key: Attributes; readonly UpdateExpression?: string },
): Write => {
  const keyItem = checkItem(input.Key)
  const key = keyOf(table, keyItem)
  const { UpdateExpression: expression, ConditionExpression } = input
  const placeholders = placeholdersOf(input, { UpdateExpression: expression, ConditionExpression })
  const actions = expression === undefined ? [] : parseUpdate(cursorOf('UpdateExpression', expression, placeholders))
  const paths = actions.map(({ path }) => path)
  const keyPart = keyAttributes(table.key).find(({ name }) => paths.some(([first]) => first === name))
  if (keyPart) throw invalidValue(`Cannot update attribute ${keyPart.name}. This attribute is part of the key`)
  refuseInsideKeys(table, paths)
  const next = (old: Item | undefined): Item => {
    const item = updated(old ?? keyItem, actions)
    checkIndexKeys(table, item, old)
    if (itemSizeBytes(item) > maxItemBytes) throw invalid('Item size to update has exceeded the maximum allowed size')
    return item
  }
  return { ...conditionOf(table, input, placeholders), table, key, next, paths }
}

/** Does the write within a transaction of the store. Throws ConditionalCheckFailedException or ValidationException. */
export const applyWrite = (store: Store, write: Write): { old: Item | undefined; next: Item | undefined } => {
  const old = store.get(write.table, write.key)
  if (write.condition && !meets(write.condition, old ?? {})) {
    throw new AwsError(
      'ConditionalCheckFailedException',
      'The conditional request failed',
      400,
      write.returnsOldOnFailure && old ? { Item: old } : {},
    )
  }
  if (!write.next) return { old, next: old }
  const next = write.next(old)
  store.write(write.table, write.key, old, next)
  return { old, next }
}

const conditionOf = (
  table: Table,
  input: Conditional,
  placeholders: Placeholders = placeholdersOf(input, { ConditionExpression: input.ConditionExpression }),
): Pick<Write, 'condition' | 'returnsOldOnFailure'> => {
  const text = input.ConditionExpression
  const condition = text === undefined ? undefined : parseCondition(cursorOf('ConditionExpression', text, placeholders))
  placeholders.refuseUnused()
  if (condition) refuseInsideKeys(table, conditionPaths(condition))
  return { condition, returnsOldOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' }
}
