import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { AsyncCall, CallState } from '../../src/call/async-call.ts'
import type { CallChange } from '../../src/call/work-call.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { queryPage, schema, stored, type Table } from '../aws/table.ts'
import type { TransactItem } from './idempotency.ts'

type Place = Pick<AsyncCall, 'consumerId' | 'id'>

const callPk = (consumerId: string): string => `CALL#${consumerId}`
/** Where a call lies. */
export const callKey = ({ consumerId, id }: Place) => ({ pk: callPk(consumerId), sk: id })

/** The put of a new call, as part of its opening. */
export const putCall = (table: string, call: AsyncCall): TransactItem => ({
  Put: {
    TableName: table,
    Item: { ...callKey(call), schema, kind: 'call', ...call },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
})

export const readCall =
  ({ documents, table }: Table) =>
  async (place: Place): Promise<AsyncCall | undefined> => {
    // Other texts are no ids, and DynamoDB refuses empty and overlong ones.
    if (!/^[0-9a-z]{1,40}$/.test(place.id)) return undefined
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: callKey(place), ConsistentRead: true }),
    )
    return Item && stored<AsyncCall>(Item)
  }

/** Newest first. */
export const listCalls =
  (table: Table) =>
  async (consumerId: string, page: PageRequest): Promise<Page<AsyncCall>> => {
    const { items, next } = await queryPage(table)(callPk(consumerId), page, true)
    return { items: items.map((item) => stored<AsyncCall>(item)), ...(next !== undefined && { next }) }
  }

/** Moves a call that is in one of these states and answers it; undefined when it is in another. */
export const moveCall =
  ({ documents, table }: Table) =>
  async (
    place: Place,
    from: readonly CallState[],
    to: CallState,
    change: CallChange,
  ): Promise<AsyncCall | undefined> => {
    const fields = Object.entries({ state: to, ...change })
    const update = new UpdateCommand({
      TableName: table,
      Key: callKey(place),
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: `#state IN (${from.map((_, i) => `:from${i}`).join(', ')})`,
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
        ...Object.fromEntries(from.map((state, i) => [`:from${i}`, state])),
      },
      ReturnValues: 'ALL_NEW',
    })
    try {
      const { Attributes } = await documents.send(update)
      return Attributes && stored<AsyncCall>(Attributes)
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return undefined
      throw thrown
    }
  }

/** Made by the first call that is answered later: few environments need it, and each would start later by it. */
const openLambda = async () => {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
  const client = new LambdaClient({})
  return (functionName: string, payload: string) =>
    client.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: payload }))
}

/** Has a worker take up a call; again is harmless: a call that has ended or is charged stays as it is. */
export const startCall = (functionName: () => string) => {
  let opened: ReturnType<typeof openLambda> | undefined
  return async ({ consumerId, id }: Place): Promise<void> => {
    opened ??= openLambda()
    const invoke = await opened
    await invoke(functionName(), JSON.stringify({ consumerId, id }))
  }
}
