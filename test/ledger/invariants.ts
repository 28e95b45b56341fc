/** What must hold after every write, over the items as they lie in the tables. */
import { sha256 } from '../../adapters/ledger/ledger.ts'
import type { Consumer } from '../../src/access/consumer.ts'
import type { Credit } from '../../src/billing/credit.ts'
import { amountIn, monthOf } from '../../src/billing/plan.ts'
import { type Price, priceInForce } from '../../src/billing/price.ts'
import { faultOf, type Slot } from '../../src/ledger/chain.ts'
import { hourAt, zoneOffset } from '../../src/ledger/hour.ts'
import type { KeySpending } from '../../src/ledger/key-spending.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import type { Opening } from '../../src/ledger/sweep-leases.ts'
import type { UsageRow } from '../../src/ledger/usage-row.ts'
import type { Network, Row } from './network.ts'

export const hours = hourAt(zoneOffset('UTC'))

type Items = ReadonlyMap<string, ReadonlyMap<string, Row>>

const at = (items: Items, pk: string): Row[] => [...(items.get(pk)?.values() ?? [])]

const under = (items: Items, prefix: string): Row[] =>
  [...items.keys()].flatMap((pk) => (pk.startsWith(prefix) ? at(items, pk) : []))

/** The tables as the invariants see them. */
export const ledgerOf = ({ items }: Pick<Network, 'items'>) => {
  // Written by the adapters only, which read them by the same types.
  const as = <Kind>(rows: Row[]): Kind[] => rows as unknown as Kind[]
  const slots = (id: string) => as<ReservedSlot>(at(items.ledger, `C#${id}`)).sort((a, b) => a.number - b.number)
  return {
    openings: as<Opening & { readonly chain: string }>(under(items.ledger, 'H#')).map((one) => ({
      ...one,
      id: one.chain,
    })),
    slots,
    rowsOf: (id: string) => slots(id).filter((slot): slot is UsageRow => slot.kind === 'row'),
    balances: under(items.ledger, 'B#'),
    keys: as<KeySpending>(under(items.ledger, 'L#')),
    credits: as<Credit>(under(items.ledger, 'K#')),
    records: under(items.ledger, 'I#'),
    consumers: as<Consumer>(at(items.registry, 'CONSUMER')),
    prices: as<Price>(under(items.registry, 'P#')),
  }
}

/** As the schedule's environments name keys: what a limited key made counts as that one. */
const limitedKeyOf = (keyId: string): string => keyId.replace(/^made-/, 'limited-')

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The first thing that is wrong; undefined when nothing is. */
export const faultIn = (
  network: Pick<Network, 'items'>,
  { limits, uncapped }: { readonly limits: ReadonlyMap<string, number>; readonly uncapped: ReadonlySet<string> },
  touched: ReadonlySet<string>,
): string | undefined => {
  const { openings, slots, rowsOf, balances, keys, credits, consumers, prices } = ledgerOf(network)
  const nonces = new Set<string>()
  const held = new Map<string, { leased: number; spent: number; rows: number; open: number }>()
  const ofKeys = new Map<string, { held: number; open: number }>()
  const spentByKeys = new Map<string, number>()
  for (const opening of openings) {
    const { id, lease, kind, hour, consumerId } = opening
    const there = slots(id)
    const rows = rowsOf(id)
    if (kind === 'environment') {
      // Hashes of slots that nobody wrote now are what they were.
      const fault = touched.has(`C#${id}`) && faultOf(sha256, id, there as Slot[])
      if (fault) return `chain ${id}: ${fault}`
    } else if (there[0]?.kind === 'closed' && there.length > 1 && there[0].number === 0)
      return `chain ${id}: a slot after closed`
    const cost = sum(rows.map(({ costNano }) => costNano))
    for (const row of rows) {
      if (hours(row.admittedAtMs).label !== hour) return `chain ${id}: a row outside its hour`
      if (nonces.has(row.nonce)) return 'two rows for one nonce'
      nonces.add(row.nonce)
      if (!lease && row.costNano > 0 && limits.has(limitedKeyOf(row.keyId)))
        return `chain ${id}: a row of a limited key without a lease`
      const key = `${limitedKeyOf(row.keyId)} ${monthOf({ label: hour })}`
      spentByKeys.set(key, (spentByKeys.get(key) ?? 0) + row.costNano)
      const price = priceInForce(prices, hours(row.admittedAtMs).startMs)
      if (row.priceId !== undefined && row.priceId !== price?.id)
        return `chain ${id}: a price not in force at admission`
    }
    if (!lease && !uncapped.has(consumerId) && cost > 0) return `chain ${id}: a capped row without a lease`
    if (!lease) continue
    if (cost > lease.sizeNano) return `chain ${id}: rows above the lease`
    if (lease.state === 'settled' && lease.sumNano !== cost) return `chain ${id}: a row after settling`
    const of = held.get(lease.payer.id) ?? { leased: 0, spent: 0, rows: 0, open: 0 }
    held.set(lease.payer.id, of)
    const now = lease.state === 'open' ? lease.sizeNano : (lease.sumNano ?? 0)
    if (lease.state === 'open') of.open += 1
    if (lease.state === 'open') of.leased += now
    else of.spent += now
    of.rows += cost
    if (lease.keyId !== undefined) {
      const name = `${lease.keyId} ${lease.payer.month}`
      const ofKey = ofKeys.get(name) ?? { held: 0, open: 0 }
      ofKeys.set(name, { held: ofKey.held + now, open: ofKey.open + (lease.state === 'open' ? 1 : 0) })
    }
  }
  for (const balance of balances) {
    const id = String(balance.id)
    const of = held.get(id) ?? { leased: 0, spent: 0, rows: 0, open: 0 }
    const { totalNano, availableNano, leasedNano, spentNano, leases } = balance as Record<string, number>
    if (leasedNano !== of.leased || leases !== of.open) return `balance ${id}: leased is not the open leases`
    if (spentNano !== of.spent) return `balance ${id}: spent is not the settled leases`
    if (balance.payer === 'unlimited') continue
    if (availableNano! < 0) return `balance ${id}: negative`
    if (availableNano! + leasedNano + spentNano! !== totalNano)
      return `balance ${id}: total != available + leased + spent`
    if (of.rows > totalNano!) return `balance ${id}: admitted above it`
    const consumer = consumers.find((one) => one.id === balance.consumerId)
    const month = String(balance.month)
    const granted =
      balance.payer === 'prepaid'
        ? sum(credits.filter(({ consumerId }) => consumerId === id).map(({ amountNano }) => amountNano))
        : amountIn(balance.payer === 'free' ? consumer?.free : consumer?.caps, month)
    if ((granted ?? 0) !== totalNano) return `balance ${id}: its total is not what was granted`
  }
  // Whoever pays: of rows, which are charged, and of leases, which may become rows.
  for (const [key, nano] of spentByKeys)
    if (nano > (limits.get(key.split(' ')[0]!) ?? Number.POSITIVE_INFINITY)) return `key ${key}: rows above its limit`
  for (const { keyId, month, usedNano, leases } of keys) {
    const name = `${keyId} ${month}`
    const of = ofKeys.get(name)
    if (usedNano !== (of?.held ?? 0) || leases !== (of?.open ?? 0)) return `key ${name}: used is not its leases`
    if (usedNano > (limits.get(keyId) ?? 0)) return `key ${name}: leases above its limit`
  }
  for (const name of ofKeys.keys())
    if (!keys.some(({ keyId, month }) => `${keyId} ${month}` === name)) return `lease of no key: ${name}`
  for (const id of held.keys()) if (!balances.some((balance) => balance.id === id)) return `lease of no item: ${id}`
  return undefined
}
