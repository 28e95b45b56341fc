/**
 * The local tables behind a client whose every attempt waits for the schedule and has the fate that it says: as the SDK's client
 * does, it makes up to three attempts, and the adapters' own middleware sees each of them.
 */
import {
  ConditionalCheckFailedException,
  ThrottlingException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { AwsError } from '../../local/service.ts'
import { createTables } from '../../local/tables/tables.ts'
import { admin, attributes, keySchema, tableResource } from '../local/tables/setup.ts'

/** What becomes of an attempt; `held` is applied when the schedule says so, also after its sender died. */
export type Fate = 'answer' | 'answer lost' | 'lost' | 'held' | 'throttled'

/** A process: a dead one gets no answers any more, a frozen one gets them later. */
export type Owner = { dead: boolean; frozenUntilStep: number }

type Fields = Record<string, unknown>
export type Row = Readonly<Record<string, unknown>>

const operations: Readonly<Record<string, string>> = {
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  QueryCommand: 'Query',
  TransactWriteCommand: 'TransactWriteItems',
}
const marshalled = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey']

const toWire = (input: Fields): Fields =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (marshalled.includes(name)) return [name, marshall(value, { removeUndefinedValues: true })]
      if (name !== 'TransactItems') return [name, value]
      return [name, (value as Record<string, Fields>[]).map((item) => mapValues(item, toWire))]
    }),
  )

const mapValues = <From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))

// As the document client reads them.
const fromWire = (output: Fields): Fields =>
  mapValues(output, (value) => value) && {
    ...output,
    ...(output.Items !== undefined && { Items: (output.Items as Row[]).map((item) => unmarshall(item as never)) }),
    ...(output.Item !== undefined && { Item: unmarshall(output.Item as never) }),
    ...(output.Attributes !== undefined && { Attributes: unmarshall(output.Attributes as never) }),
    ...(output.LastEvaluatedKey !== undefined && { LastEvaluatedKey: unmarshall(output.LastEvaluatedKey as never) }),
  }

const $metadata = { httpStatusCode: 400 }

/** The exceptions that the SDK makes of the service's errors. */
const toException = (thrown: unknown): unknown => {
  if (!(thrown instanceof AwsError)) return thrown
  const { message, code, fields } = thrown
  const given = { message, $metadata, ...fields }
  if (code === 'ConditionalCheckFailedException') return new ConditionalCheckFailedException(given)
  if (code === 'TransactionCanceledException') return new TransactionCanceledException(given)
  return thrown
}

const keysOf = (operation: string, { Key, Item, TableName, TransactItems }: Fields): { table: string; key: Row }[] => {
  if (operation === 'TransactWriteItems')
    return (TransactItems as Record<string, Fields>[]).flatMap((item) =>
      Object.values(item).flatMap((one) => keysOf('one', one)),
    )
  const { pk, sk } = (Key ?? Item ?? {}) as Row
  return pk === undefined ? [] : [{ table: String(TableName), key: { pk, sk } }]
}

/** A protective rule that is planted as removed, to see the property fail. */
export type Mutation = 'row' | 'available' | 'limit' | 'lease' | 'settle' | 'closed'

const always = ({ ConditionExpression, ...rest }: Fields): Fields => ({
  ...rest,
  // Its values must stay in use.
  ConditionExpression: `(${ConditionExpression}) OR attribute_not_exists(nothing)`,
})

const pkOf = ({ Key, Item }: Fields): string => String(((Key ?? Item) as Row | undefined)?.pk)

const weakened: Readonly<Record<Mutation, (one: Fields) => boolean>> = {
  row: (one) => pkOf(one).startsWith('C#') && (one.Item as Row).kind === 'row',
  available: (one) => pkOf(one).startsWith('B#') && one.Key !== undefined,
  limit: (one) => pkOf(one).startsWith('L#') && String(one.ConditionExpression).includes('usedNano'),
  lease: (one) => pkOf(one).startsWith('H#') && one.Item !== undefined,
  settle: (one) => pkOf(one).startsWith('H#') && one.Key !== undefined,
  closed: () => false,
}

const mutate = (mutation: Mutation | undefined, input: Fields): Fields => {
  if (!mutation) return input
  const { TransactItems } = input
  if (TransactItems) {
    const items = TransactItems as Record<string, Fields>[]
    return { ...input, TransactItems: items.map((item) => mapValues(item, (one) => mutate(mutation, one))) }
  }
  return input.ConditionExpression !== undefined && weakened[mutation](input) ? always(input) : input
}

const mostAttempts = 3

export const createNetwork = (now: () => number, mutation?: Mutation) => {
  const tables = createTables({ folder: ':memory:', now, authorize: () => {}, useKey: () => {} })
  const definition = { AttributeDefinitions: attributes({ pk: 'S', sk: 'S' }), KeySchema: keySchema('pk', 'sk') }
  for (const name of ['ledger', 'registry']) tables.addTable(tableResource(name, definition))
  const waiting: { owner: Owner; resume: (fate: Fate) => void }[] = []
  const held: (() => void)[] = []
  /** Every item, as it is now: what the invariants look at. */
  const items = { ledger: new Map<string, Map<string, Row>>(), registry: new Map<string, Map<string, Row>>() }
  const network = { calm: false, ids: 0, onWrite: (_: readonly { table: string; key: Row }[]): void => {} }

  const run = (operation: string, input: Fields): Fields => {
    const isClosing = operation === 'PutItem' && (input.Item as Row).kind === 'closed'
    // Said to be written, and is not.
    if (mutation === 'closed' && isClosing) return {}
    const output = tables.run(operation, toWire(mutate(mutation, input)), admin) as Fields
    if (operation === 'GetItem' || operation === 'Query') return fromWire(output)
    const keys = keysOf(operation, input)
    for (const { table, key } of keys) {
      const { Item } = tables.run('GetItem', { TableName: table, Key: marshall(key) }, admin) as Fields
      const under = items[table as 'ledger']
      const pk = String(key.pk)
      if (Item) under.set(pk, (under.get(pk) ?? new Map()).set(String(key.sk), unmarshall(Item as never)))
    }
    network.onWrite(keys)
    return fromWire(output)
  }

  const turn = (owner: Owner): Promise<Fate> =>
    network.calm ? Promise.resolve('answer') : new Promise((resume) => waiting.push({ owner, resume }))

  const attempt = async (owner: Owner, operation: string, input: Fields): Promise<Fields> => {
    const fate = await turn(owner)
    const late = (): void => {
      try {
        run(operation, input)
      } catch (thrown) {
        // Refused, and nobody hears of it.
        if (!(thrown instanceof AwsError)) throw thrown
      }
    }
    if (fate === 'held') held.push(late)
    if (fate === 'answer lost') late()
    if (fate === 'throttled') throw new ThrottlingException({ message: 'throttled', $metadata })
    if (fate !== 'answer') throw new Error('no answer')
    try {
      return run(operation, input)
    } catch (thrown) {
      throw toException(thrown)
    }
  }

  const isFinal = (thrown: unknown): boolean =>
    thrown instanceof ConditionalCheckFailedException || thrown instanceof TransactionCanceledException

  const silent = new Promise<never>(() => undefined)

  const send = async (owner: Owner, command: { input: Fields; middlewareStack: Stack }): Promise<unknown> => {
    const operation = operations[command.constructor.name]!
    const input = operation.startsWith('Transact')
      ? { ClientRequestToken: `sdk${network.ids++}`, ...command.input }
      : command.input
    const next = command.middlewareStack.resolve(() => attempt(owner, operation, input), {})
    for (let attempts = 1; ; attempts++) {
      try {
        const output = await next({})
        return owner.dead ? await silent : output
      } catch (thrown) {
        if (owner.dead) await silent
        if (isFinal(thrown) || attempts === mostAttempts) throw thrown
      }
    }
  }

  /** A client of one process. */
  const clientOf = (owner: Owner): DynamoDBDocumentClient =>
    ({ send: (command: never) => send(owner, command) }) as unknown as DynamoDBDocumentClient

  return Object.assign(network, { waiting, held, items, clientOf, run, close: () => tables.close() })
}

type Stack = {
  readonly resolve: (handler: () => Promise<Fields>, context: object) => (given: object) => Promise<Fields>
}

export type Network = ReturnType<typeof createNetwork>
