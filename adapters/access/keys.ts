import { createHash, randomBytes } from 'node:crypto'
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { auditOfKey } from '../../src/access/audited.ts'
import { countedAs, hasLimits } from '../../src/access/consumer.ts'
import { formatKey, formatKeyId, type Key, type KeyMac, keyRandomBytes } from '../../src/access/key.ts'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { queryPage, schema, stored, type Table } from '../aws/table.ts'
import { transact } from '../aws/transact.ts'
import { auditPut } from './audit.ts'

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

export type NewKey = Omit<Key, 'id' | 'revokedAtMs' | 'rotatedTo'>

type KeySecret = { readonly id: string; readonly secret: string }

const put = (TableName: string, Item: Record<string, unknown>) => ({
  Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' },
})

const newSecret = async (mac: () => Promise<KeyMac>): Promise<KeySecret> => ({
  secret: formatKey(await mac(), randomBytes(keyRandomBytes)),
  id: formatKeyId(randomBytes(keyIdBytes)),
})

/** The two records of a key: one that a call finds by its secret, one among its consumer's. */
const recordsOf = (table: string, key: Key, sha256: string) => [
  put(table, { ...recordKey(sha256), schema, ...key }),
  put(table, { ...listKey(key.consumerId, key.id), schema, ...key, sha256 }),
]

/** Makes a key, with its row of the audit. The secret is in this answer and nowhere else. */
export const createKey =
  ({ documents, table }: Table, mac: () => Promise<KeyMac>) =>
  async (fields: NewKey, actor: string): Promise<KeySecret> => {
    const { id, secret } = await newSecret(mac)
    const key = { ...fields, id }
    const row = auditOfKey({ actor, action: 'key.create', before: undefined, after: key, atMs: fields.createdAtMs })
    const TransactItems = [...recordsOf(table, key, digestOf(secret)), auditPut(table, row)]
    await documents.send(new TransactWriteCommand({ TransactItems }))
    return { id, secret }
  }

/** One change of both records of a key. */
const changeBoth = (table: string, { consumerId, id, sha256 }: ListedKey, update: object) =>
  [recordKey(sha256), listKey(consumerId, id)].map((Key) => ({ Update: { TableName: table, Key, ...update } as never }))

const readListed = async (table: Table, consumerId: string, id: string): Promise<ListedKey | undefined> => {
  const item = await get(table, listKey(consumerId, id))
  return item && stored<ListedKey>(item)
}

/**
 * Revokes a key for good, with its row of the audit; environments learn of it within their cache's 30 s. Once more changes
 * nothing. False when there is no such key.
 */
export const revokeKey =
  (table: Table) =>
  async (consumerId: string, id: string, actor: string, nowMs: number): Promise<boolean> => {
    const listed = await readListed(table, consumerId, id)
    if (!listed) return false
    const before = withoutDigest(listed)
    const after = { ...before, revokedAtMs: nowMs }
    const changes = changeBoth(table.table, listed, {
      UpdateExpression: 'SET revokedAtMs = :now',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revokedAtMs)',
      ExpressionAttributeValues: { ':now': nowMs },
    })
    const row = auditOfKey({ actor, action: 'key.revoke', before, after, atMs: nowMs })
    await transact(table, [...changes, auditPut(table.table, row)])
    return true
  }

type Rotation = {
  readonly consumerId: string
  readonly id: string
  readonly overlapMs: number
  readonly actor: string
  readonly nowMs: number
}

/**
 * Gives a key a successor that may do the same, and ends it after the overlap, in one transaction with the row of the audit.
 * Undefined when there is no such key. Throws CONFLICT for one that has ended or was rotated.
 */
export const rotateKey =
  (table: Table, mac: () => Promise<KeyMac>) =>
  async ({ consumerId, id, overlapMs, actor, nowMs }: Rotation) => {
    const listed = await readListed(table, consumerId, id)
    if (!listed) return undefined
    const before = withoutDigest(listed)
    requireRotatable(before, nowMs)
    const made = await newSecret(mac)
    const expiresAtMs = Math.min(before.expiresAtMs ?? Number.POSITIVE_INFINITY, nowMs + overlapMs)
    const successor: Key = {
      ...before,
      id: made.id,
      createdAtMs: nowMs,
      ...(hasLimits(before) && { countsAs: countedAs(before) }),
    }
    const old = { ...before, expiresAtMs, rotatedTo: made.id }
    const changes = changeBoth(table.table, listed, {
      UpdateExpression: 'SET expiresAtMs = :expires, rotatedTo = :successor',
      ConditionExpression:
        'attribute_exists(pk) AND attribute_not_exists(revokedAtMs) AND attribute_not_exists(rotatedTo)',
      ExpressionAttributeValues: { ':expires': expiresAtMs, ':successor': made.id },
    })
    const row = auditOfKey({ actor, action: 'key.rotate', before, after: old, atMs: nowMs })
    const records = recordsOf(table.table, successor, digestOf(made.secret))
    if (!(await transact(table, [...changes, ...records, auditPut(table.table, row)])))
      throw new PercallError('CONFLICT', `key ${id}: another change came at the same time`)
    return { ...made, successor, old }
  }

const requireRotatable = ({ id, revokedAtMs, rotatedTo, expiresAtMs }: Key, nowMs: number): void => {
  const expired = expiresAtMs !== undefined && expiresAtMs <= nowMs
  const end = rotatedTo !== undefined ? `was rotated to ${rotatedTo}` : revokedAtMs !== undefined ? 'was revoked' : ''
  if (end || expired)
    throw new PercallError('CONFLICT', `key ${id}: expected a key that works, it ${end || 'has expired'}`)
}
