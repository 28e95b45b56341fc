import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { type Nano, toNano, zeroNano } from '../../src/billing/money.ts'
import { payer } from '../../src/billing/plan.ts'
import type { KeySpending, ReadKeySpent } from '../../src/ledger/key-spending.ts'
import { usedName } from '../../src/ledger/lease.ts'
import { stored, type Table } from '../aws/table.ts'
import { readBalance } from './balances.ts'
import { spendingKey } from './key-spending.ts'

const payerKinds = ['prepaid', 'capped', 'free', 'unlimited'] as const

/** What an older release counted in the items of all that may pay. */
const readOlder = async (ledger: Table, { consumerId, keyId, month }: Parameters<ReadKeySpent>[0]): Promise<Nano> => {
  const ids = payerKinds.map((kind) => payer(kind, consumerId, month).id)
  const balances = await Promise.all(ids.map(readBalance(ledger)))
  const olderNano = balances.reduce((sum, balance) => sum + (balance?.used[usedName(keyId, month)] ?? 0), 0)
  // That release also gives back there what a lease of this one did not use, where it meets one during a deploy.
  return toNano(Math.max(0, olderNano))
}

/** The items of payers are read for the first lease of a month only, unless there is something in them. */
export const readKeySpent =
  (ledger: Table): ReadKeySpent =>
  async (of) => {
    const { Item } = await ledger.documents.send(
      new GetCommand({ TableName: ledger.table, Key: spendingKey(of), ConsistentRead: true }),
    )
    const there = Item && stored<KeySpending>(Item)
    const olderNano = there && !there.older ? zeroNano : await readOlder(ledger, of)
    return { usedNano: there?.usedNano ?? zeroNano, leases: there?.leases ?? 0, olderNano }
  }
