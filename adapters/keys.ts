import { createHash, randomBytes } from 'node:crypto'
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { formatKey, formatKeyId, type Key, type KeyMac, keyRandomBytes } from '../src/key.ts'
import type { Page, PageRequest } from '../src/page.ts'
import { queryPage, schema, stored, type Table } from './table.ts'

/** A key among its consumer's; the digest leads to the record that a call finds it by. */
type ListedKey = Key & { readonly sha256: string }

const keyIdBytes = 8
const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
const recordKey = (sha256: string) => ({ pk: `KEY#${sha256}`, sk: '-' })
const listKey = (consumerId: string, id: string) => ({ pk: `CK#${consumerId}`, sk: id })

const get = async ({ documents, table }: Table, Key: { pk: string; sk: string }) =>
  (await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item

/** The record of a secret; only its SHA-256 is ever stored. */
export const findKey =
  (table: Table) =>
  async (secret: string): Promise<Key | undefined> => {
    const item = await get(table, recordKey(digestOf(secret)))
    return item && stored<Key>(item)
  }

const withoutDigest = ({ sha256: _, ...key }: ListedKey): Key => key

export const readKey =
  (table: Table) =>
  async (consumerId: string, id: string): Promise<Key | undefined> => {
    const item = await get(table, listKey(consumerId, id))
    return item && withoutDigest(stored<ListedKey>(item))
  }

export const listKeys =
  (table: Table) =>
  async (consumerId: string, request: PageRequest): Promise<Page<Key>> => {
    const page = await queryPage(table)(`CK#${consumerId}`, request)
    return { ...page, items: page.items.map((item) => withoutDigest(stored<ListedKey>(item))) }
  }

export type NewKey = Omit<Key, 'id' | 'revokedAtMs'>

/** Makes a key. The secret is in this answer and nowhere else. */
export const createKey =
  (table: Table, mac: () => Promise<KeyMac>) =>
  async (fields: NewKey): Promise<{ readonly id: string; readonly secret: string }> => {
    const secret = formatKey(await mac(), randomBytes(keyRandomBytes))
    const id = formatKeyId(randomBytes(keyIdBytes))
    const sha256 = digestOf(secret)
    const put = (Item: Record<string, unknown>) => ({
      Put: { TableName: table.table, Item, ConditionExpression: 'attribute_not_exists(pk)' },
    })
    const key = { schema, ...fields, id }
    await table.documents.send(
      new TransactWriteCommand({
        TransactItems: [
          put({ ...recordKey(sha256), ...key }),
          put({ ...listKey(fields.consumerId, id), ...key, sha256 }),
        ],
      }),
    )
    return { id, secret }
  }

/** Revokes a key for good; environments learn of it within their cache's 30 s. False when there is no such key. */
export const revokeKey =
  (table: Table) =>
  async (consumerId: string, id: string, nowMs: number): Promise<boolean> => {
    const item = await get(table, listKey(consumerId, id))
    if (!item) return false
    const { sha256 } = stored<ListedKey>(item)
    const revoke = (Key: Record<string, string>) => ({
      Update: {
        TableName: table.table,
        Key,
        UpdateExpression: 'SET revokedAtMs = if_not_exists(revokedAtMs, :now)',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':now': nowMs },
      },
    })
    const TransactItems = [revoke(recordKey(sha256)), revoke(listKey(consumerId, id))]
    await table.documents.send(new TransactWriteCommand({ TransactItems }))
    return true
  }
