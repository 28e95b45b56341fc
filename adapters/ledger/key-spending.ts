import type { KeySpending, KeyTake, ListKeySpendings } from '../../src/ledger/key-spending.ts'
import type { Lease } from '../../src/ledger/lease.ts'
import { queryAll, schema, stored, type Table } from '../aws/table.ts'
import type { TransactItem } from '../calls/idempotency.ts'

type Of = Pick<KeySpending, 'consumerId' | 'keyId' | 'month'>

const spendingsPk = (consumerId: string, month: string): string => `L#${consumerId}/${month}`
export const spendingKey = ({ consumerId, keyId, month }: Of) => ({ pk: spendingsPk(consumerId, month), sk: keyId })

export const listKeySpendings =
  (ledger: Table): ListKeySpendings =>
  async (consumerId, month) =>
    (await queryAll(ledger)(spendingsPk(consumerId, month))).map((item) => stored<KeySpending>(item))

const ofLease = ({ payer: { consumerId, month } }: Lease, keyId: string): Of => ({ consumerId, keyId, month })

/** Takes a lease out of what the key's limit leaves. */
export const takeOfKey = (table: string, lease: Lease, { keyId, mostNano, older }: KeyTake): TransactItem => {
  const of = ofLease(lease, keyId)
  const fixed = { schema, kind: 'key spending', ...of, ...(older && { older }) }
  const sets = [
    'usedNano = if_not_exists(usedNano, :zero) + :size',
    'leases = if_not_exists(leases, :zero) + :one',
    'taken = if_not_exists(taken, :zero) + :one',
    ...Object.keys(fixed).map((name) => `#${name} = :${name}`),
  ]
  return {
    Update: {
      TableName: table,
      Key: spendingKey(of),
      UpdateExpression: `SET ${sets.join(', ')}`,
      ConditionExpression: 'attribute_not_exists(usedNano) OR usedNano <= :most',
      ExpressionAttributeNames: Object.fromEntries(Object.keys(fixed).map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ':size': lease.sizeNano,
        ':zero': 0,
        ':one': 1,
        ':most': mostNano - lease.sizeNano,
        ...Object.fromEntries(Object.entries(fixed).map(([name, value]) => [`:${name}`, value])),
      },
    },
  }
}

/** Gives back what the rows of a lease did not use. */
export const giveBackToKey = (table: string, lease: Lease, keyId: string, sumNano: number): TransactItem => ({
  Update: {
    TableName: table,
    Key: spendingKey(ofLease(lease, keyId)),
    UpdateExpression: 'SET usedNano = usedNano - :rest, leases = leases - :one',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':rest': lease.sizeNano - sumNano, ':one': 1 },
  },
})
