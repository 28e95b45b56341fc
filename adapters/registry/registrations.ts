import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Page, PageRequest } from '../../src/page.ts'
import {
  isRegistrationId,
  type Registration,
  type RegistrationState,
  unknownRegistration,
} from '../../src/registry/registration.ts'
import { cancellation, queryPage, schema, stored, type Table, untilSettled } from '../aws/table.ts'

export const registrationPk = 'REGISTRATION'
const samePlace = (hash: string) => ({ pk: `SAME#${hash}`, sk: '-' })

const openStates: readonly RegistrationState[] = ['queued', 'running']

export const findRegistration =
  ({ documents, table }: Table) =>
  async (id: string): Promise<Registration | undefined> => {
    const Key = { pk: registrationPk, sk: id }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Registration>(Item)
  }

/** The registration, or UNKNOWN_REGISTRATION. */
export const requireRegistration =
  (registry: Table) =>
  async (id: string): Promise<Registration> => {
    // Other texts are no keys: DynamoDB refuses empty and overlong ones.
    const found = isRegistrationId(id) ? await findRegistration(registry)(id) : undefined
    if (!found) throw unknownRegistration(id)
    return found
  }

/** Newest first. */
export const listRegistrations =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Registration>> => {
    const page = await queryPage(table)(registrationPk, request, true)
    return { ...page, items: page.items.map((item) => stored<Registration>(item)) }
  }

/** Keeps a registration, unless one of the same request is there that has not failed: then it answers that one. */
export const createRegistration =
  (registry: Table) =>
  (registration: Registration): Promise<Registration> =>
    untilSettled(async () => {
      const { documents, table } = registry
      const Key = samePlace(registration.same)
      const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
      const known = Item && (await findRegistration(registry)(String(Item.registrationId)))
      if (known && known.state !== 'failed') return known
      const sameIsAsRead = Item
        ? {
            ConditionExpression: 'registrationId = :known',
            ExpressionAttributeValues: { ':known': Item.registrationId },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }
      const puts = [
        {
          Put: {
            TableName: table,
            Item: { pk: registrationPk, sk: registration.id, schema, ...registration },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        { Put: { TableName: table, Item: { ...Key, schema, registrationId: registration.id }, ...sameIsAsRead } },
      ]
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: puts }))
        return registration
      } catch (thrown) {
        if (!cancellation(thrown)) throw thrown
        return 'again'
      }
    })

type Change = Partial<Pick<Registration, 'state' | 'step' | 'version' | 'failure' | 'endedAtMs'>>

/** Changes an open registration; one that has ended stays as it is. Answers it when it did. */
export const changeRegistration =
  ({ documents, table }: Table) =>
  async (id: string, change: Change): Promise<Registration | undefined> => {
    const fields = Object.entries(change)
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: registrationPk, sk: id },
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(pk) AND #state IN (:open0, :open1)',
      ExpressionAttributeNames: {
        '#state': 'state',
        ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(openStates.map((state, i) => [`:open${i}`, state])),
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      },
      ReturnValues: 'ALL_NEW',
    })
    try {
      const { Attributes = {} } = await documents.send(update)
      return stored<Registration>(Attributes)
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return undefined
      throw thrown
    }
  }
