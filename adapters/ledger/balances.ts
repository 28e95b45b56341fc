import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { type Balance, type Lease, type LeaseToOpen, usedName } from '../../src/ledger/lease.ts'
import type { SettleLease } from '../../src/ledger/settle-lease.ts'
import { sendWrite } from '../aws/put-outcome.ts'
import { cancellation, type Item, isConflict, schema, stored, type Table, untilSettled } from '../aws/table.ts'
import type { TransactItem } from '../calls/idempotency.ts'
import { giveBackToKey, takeOfKey } from './key-spending.ts'
import { absent, indexKey } from './ledger-keys.ts'

export const balanceKey = (id: string) => ({ pk: `B#${id}`, sk: '-' })
const consumerKey = (id: string) => ({ pk: 'CONSUMER', sk: id })

const usedPrefix = 'used '

const balanceOf = (item: Item): Balance => {
  const fields = Object.entries(stored<Record<string, unknown>>(item))
  const used = fields.filter(([name]) => name.startsWith(usedPrefix))
  const names = used.map(([name, nano]) => [name.slice(usedPrefix.length), nano] as const)
  const others = fields.filter(([name]) => !name.startsWith(usedPrefix))
  // Only this file and credits.ts write these items.
  return { ...Object.fromEntries(others), used: Object.fromEntries(names) } as unknown as Balance
}

export const readBalance =
  ({ documents, table }: Table) =>
  async (id: string): Promise<Balance | undefined> => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: balanceKey(id), ConsistentRead: true }),
    )
    return Item && balanceOf(Item)
  }

const fixedFields = ({ payer: { id, kind, consumerId, month } }: Lease) => ({
  schema,
  kind: 'balance',
  id,
  consumerId,
  payer: kind,
  ...(kind !== 'prepaid' && { month }),
})

/** Takes a lease out of the item that pays. */
const takeLease = (table: string, lease: LeaseToOpen): TransactItem => {
  const { payer, sizeNano, old } = lease
  const unlimited = payer.kind === 'unlimited'
  const fixed = fixedFields(lease)
  const sets = [
    'leasedNano = if_not_exists(leasedNano, :zero) + :size',
    'leases = if_not_exists(leases, :zero) + :one',
    'taken = if_not_exists(taken, :zero) + :one',
    'spentNano = if_not_exists(spentNano, :zero)',
    ...(unlimited
      ? Object.keys(fixed).map((name) => `#${name} = :${name}`)
      : ['availableNano = availableNano - :size']),
  ]
  const names = {
    ...(unlimited && Object.fromEntries(Object.keys(fixed).map((name) => [`#${name}`, name]))),
    ...Object.fromEntries(old.map((name, i) => [`#old${i}`, usedPrefix + name])),
  }
  const remove = old.length > 0 ? ` REMOVE ${old.map((_, i) => `#old${i}`).join(', ')}` : ''
  return {
    Update: {
      TableName: table,
      Key: balanceKey(payer.id),
      UpdateExpression: `SET ${sets.join(', ')}${remove}`,
      ...(!unlimited && { ConditionExpression: 'attribute_exists(pk) AND availableNano >= :size' }),
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ExpressionAttributeValues: {
        ':size': sizeNano,
        ':zero': 0,
        ':one': 1,
        ...(unlimited && Object.fromEntries(Object.entries(fixed).map(([name, value]) => [`:${name}`, value]))),
      },
    },
  }
}

/** Makes a month's item with its first lease, of the consumer's record as it was read, which notes the month. */
const makeMonth = (
  table: string,
  registry: string,
  lease: LeaseToOpen,
  { totalNano, revision, months }: NonNullable<LeaseToOpen['make']>,
): readonly TransactItem[] => {
  const { payer, sizeNano } = lease
  const Item = {
    ...balanceKey(payer.id),
    ...fixedFields(lease),
    totalNano,
    availableNano: totalNano - sizeNano,
    leasedNano: sizeNano,
    leases: 1,
    taken: 1,
    spentNano: 0,
  }
  const note = {
    TableName: registry,
    Key: consumerKey(payer.consumerId),
    UpdateExpression: 'SET #revision = :next, #months = :months',
    ConditionExpression: '#revision = :revision',
    ExpressionAttributeNames: { '#revision': 'revision', '#months': 'months' },
    ExpressionAttributeValues: { ':revision': revision, ':next': revision + 1, ':months': months },
  }
  return [{ Put: { TableName: table, Item, ConditionExpression: absent } }, { Update: note }]
}

/** What an opening does to the item that pays, and to that of a key with a limit, as part of its transaction. */
export const leaseItems = (table: string, registry: string, lease: LeaseToOpen): readonly TransactItem[] => [
  ...(lease.make ? makeMonth(table, registry, lease, lease.make) : [takeLease(table, lease)]),
  ...(lease.key ? [takeOfKey(table, lease, lease.key)] : []),
]

/** Of an opening that was cancelled for the items from `from` on: what that says of these items. */
export const leaseRefusal = (
  lease: LeaseToOpen | undefined,
  reasons: readonly (string | undefined)[] | undefined,
  from: number,
): 'short' | 'stale' | undefined => {
  if (!lease) return undefined
  const failed = (place: number): boolean => reasons?.[from + place] === 'ConditionalCheckFailed'
  if (lease.make && (failed(0) || failed(1))) return 'stale'
  const ofKey = lease.make ? 2 : 1
  return (!lease.make && failed(0)) || (lease.key && failed(ofKey)) ? 'short' : undefined
}

/** A lease of an older release gives back to `used` of the payer too. */
const giveBack = (table: string, lease: Lease, sumNano: number): TransactItem => {
  const { payer, sizeNano } = lease
  const keyId = lease.keyItem ? undefined : lease.keyId
  const sets = [
    'leasedNano = leasedNano - :size',
    'leases = leases - :one',
    'spentNano = spentNano + :sum',
    ...(payer.kind === 'unlimited' ? [] : ['availableNano = availableNano + :rest']),
    ...(keyId === undefined ? [] : ['#used = if_not_exists(#used, :rest) - :rest']),
  ]
  return {
    Update: {
      TableName: table,
      Key: balanceKey(payer.id),
      UpdateExpression: `SET ${sets.join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ...(keyId !== undefined && {
        ExpressionAttributeNames: { '#used': usedPrefix + usedName(keyId, payer.month) },
      }),
      ExpressionAttributeValues: {
        ':size': sizeNano,
        ':one': 1,
        ':sum': sumNano,
        ...((payer.kind !== 'unlimited' || keyId !== undefined) && { ':rest': sizeNano - sumNano }),
      },
    },
  }
}

const mostTries = 3

/** Settles a lease: only while it is open, so that it is given back once, whoever comes and however often. */
export const settleLease =
  ({ documents, table }: Table): SettleLease =>
  async (chain, lease, { sumNano, count }) => {
    if (sumNano > lease.sizeNano)
      throw new Error(`lease of chain ${chain.id}: expected rows of at most ${lease.sizeNano}, got ${sumNano}`)
    const settle = {
      TableName: table,
      Key: indexKey(chain),
      UpdateExpression: 'SET #lease.#state = :settled, #lease.#sumNano = :sum, #lease.#count = :count',
      ConditionExpression: '#lease.#state = :open',
      ExpressionAttributeNames: { '#lease': 'lease', '#state': 'state', '#sumNano': 'sumNano', '#count': 'count' },
      ExpressionAttributeValues: { ':settled': 'settled', ':open': 'open', ':sum': sumNano, ':count': count },
    }
    const TransactItems = [
      { Update: settle },
      giveBack(table, lease, sumNano),
      ...(lease.keyItem && lease.keyId !== undefined ? [giveBackToKey(table, lease, lease.keyId, sumNano)] : []),
    ]
    for (let tries = 0; tries < mostTries; tries++) {
      const done = await untilSettled(async () => {
        const outcome = await sendWrite(documents, new TransactWriteCommand({ TransactItems }))
        if (outcome.kind === 'written') return true
        if (outcome.kind === 'unknown') return false
        if (cancellation(outcome.cause)?.[0] === 'ConditionalCheckFailed') return true
        if (isConflict(outcome.cause)) return 'again'
        return false
      })
      if (done) return true
    }
    return false
  }
