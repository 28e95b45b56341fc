import { hash } from 'node:crypto'
import { AwsError, type Caller } from '../service.ts'
import { withoutAbsent } from './absent.ts'
import type { OpenTable } from './access.ts'
import { consumedCapacities, type Units, writeUnits } from './capacity.ts'
import { keyText } from './item-key.ts'
import { itemSizeBytes } from './item-size.ts'
import { applyWrite, checkOf, deleteOf, putOf, updateOf, type Write } from './item-write.ts'
import type { TransactWriteItems } from './requests.ts'
import type { Store } from './store.ts'
import type { Table } from './table.ts'
import { invalid, isInvalid } from './validation-error.ts'
import type { Item } from './value.ts'

type Parts = { readonly store: Store; readonly open: OpenTable; readonly now: () => number }
type TransactItem = TransactWriteItems['TransactItems'][number]

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const tokenLifeMs = 10 * 60 * 1000
const maxTransactionBytes = 4 * 1024 * 1024
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling
const transactionFactor = 2

/**
 * All writes, or none and TransactionCanceledException with one reason an item. A repeated ClientRequestToken does
 * nothing again; with another request it is an IdempotentParameterMismatchException.
 */
export const transactWriteItems = (parts: Parts) => (input: TransactWriteItems, caller: Caller) => {
  const opened = input.TransactItems.map((item) => openItem(parts.open, item, caller))
  const writes = opened.map(({ prepare }) => prepare())
  if (new Set(writes.map(({ table, key }) => keyText(table, key))).size < writes.length) {
    throw invalid('Transaction request cannot include multiple operations on one item')
  }
  const spent = parts.store.transaction(() => {
    if (isRepeated(parts, input)) return undefined
    const done = applyAll(parts.store, writes)
    remember(parts, input)
    return done
  })
  // A repeated request reads what it wrote.
  const units =
    spent ??
    writes.map(({ table, key }) => ({ table, units: writeUnits(table, undefined, parts.store.get(table, key)) }))
  return withoutAbsent({
    ConsumedCapacity: consumedCapacities(input.ReturnConsumedCapacity, units, transactionFactor),
  })
}

const openItem = (open: OpenTable, { Put, Update, Delete, ConditionCheck, ...rest }: TransactItem, caller: Caller) => {
  const actions = [Put, Update, Delete, ConditionCheck].filter((action) => action !== undefined)
  if (actions.length !== 1 || Object.keys(rest).length > 0) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
  }
  const table = (action: string, tableName: string, key: Readonly<Record<string, unknown>>): Table =>
    open({
      caller,
      action: `dynamodb:${action}`,
      tableName,
      keys: [key],
      enclosingOperation: 'TransactWriteItems',
    })
  if (Put) {
    const found = table('PutItem', Put.TableName, Put.Item)
    return { prepare: () => putOf(found, Put) }
  }
  if (Update) {
    const found = table('UpdateItem', Update.TableName, Update.Key)
    if (Update.UpdateExpression === undefined) throw invalid('The update expression can not be null in a transaction')
    return { prepare: () => updateOf(found, Update) }
  }
  if (Delete) {
    const found = table('DeleteItem', Delete.TableName, Delete.Key)
    return { prepare: () => deleteOf(found, Delete) }
  }
  const check = ConditionCheck!
  const found = table('ConditionCheckItem', check.TableName, check.Key)
  return { prepare: () => checkOf(found, check) }
}

type Outcome =
  | { readonly kind: 'done'; readonly table: Table; readonly units: Units; readonly sizeBytes: number }
  | { readonly kind: 'refused'; readonly reason: Reason }
type Reason = { readonly Code: string; readonly Message?: string; readonly Item?: unknown }

const applyAll = (store: Store, writes: readonly Write[]) => {
  const outcomes = writes.map((write): Outcome => outcomeOf(store, write))
  if (outcomes.some(({ kind }) => kind === 'refused')) {
    throw cancelled(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reason : { Code: 'None' })))
  }
  const done = outcomes.filter((outcome) => outcome.kind === 'done')
  if (done.reduce((size, { sizeBytes }) => size + sizeBytes, 0) > maxTransactionBytes) {
    throw invalid('Transaction size has exceeded the maximum allowed size of 4 MB')
  }
  return done
}

const outcomeOf = (store: Store, write: Write): Outcome => {
  try {
    const { old, next } = applyWrite(store, write)
    const sizeBytes = Math.max(...[old, next].map((item: Item | undefined) => (item ? itemSizeBytes(item) : 0)))
    return { kind: 'done', table: write.table, units: writeUnits(write.table, old, next), sizeBytes }
  } catch (error) {
    if (isInvalid(error)) return { kind: 'refused', reason: { Code: 'ValidationError', Message: error.message } }
    if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') throw error
    return { kind: 'refused', reason: { Code: 'ConditionalCheckFailed', Message: error.message, ...error.fields } }
  }
}

const cancelled = (reasons: readonly Reason[]): AwsError =>
  new AwsError(
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${reasons.map(({ Code }) => Code).join(', ')}]`,
    400,
    { CancellationReasons: reasons },
  )

const digestOf = (input: TransactWriteItems): string => hash('sha256', canonicalText(input.TransactItems))

const isRepeated = ({ store, now }: Parts, input: TransactWriteItems): boolean => {
  if (input.ClientRequestToken === undefined) return false
  const known = store.tokenDigest(input.ClientRequestToken, now())
  if (known !== undefined && known !== digestOf(input)) {
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The provided client token has already been used with a different request',
    )
  }
  return known !== undefined
}

const remember = ({ store, now }: Parts, input: TransactWriteItems): void => {
  if (input.ClientRequestToken === undefined) return
  store.saveToken(input.ClientRequestToken, digestOf(input), now() + tokenLifeMs, now())
}

/** JSON with sorted names, so that equal requests have equal text. */
const canonicalText = (input: unknown): string =>
  JSON.stringify(input, (_name, member) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
