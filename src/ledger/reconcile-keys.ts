import { formatNano } from '../billing/money.ts'
import { eachAtMost } from '../each-at-most.ts'
import type { Difference } from './difference.ts'
import type { KeySpending, ListKeySpendings } from './key-spending.ts'
import type { Opening } from './sweep-leases.ts'
import type { HourRange, ListTotals, ListUnfolded } from './totals.ts'

export type KeyPorts = {
  readonly listUnfolded: ListUnfolded
  /** What opened a consumer's chains in an hour. */
  readonly listOwn: (hour: string, consumerId: string) => Promise<readonly Opening[]>
  readonly listTotals: ListTotals
  readonly listKeySpendings: ListKeySpendings
}

type Held = { readonly usedNano: bigint; readonly leases: number }
type HeldByKey = Map<string, Held>

const none: Held = { usedNano: 0n, leases: 0 }
const mostReads = 8
const mostHoursAtOnce = 8

/** Adds what leases of keys with items of their own come to in these hours. */
const addHours = async (
  { listOwn }: KeyPorts,
  consumerId: string,
  labels: Iterable<string>,
  held: HeldByKey,
): Promise<void> =>
  eachAtMost(mostHoursAtOnce, labels, async (label) => {
    for (const { lease } of await listOwn(label, consumerId)) {
      if (!lease?.keyItem || lease.keyId === undefined) continue
      const { usedNano, leases } = held.get(lease.keyId) ?? none
      const isOpen = lease.state === 'open'
      const nano = BigInt(isOpen ? lease.sizeNano : (lease.sumNano ?? 0))
      held.set(lease.keyId, { usedNano: usedNano + nano, leases: leases + (isOpen ? 1 : 0) })
    }
  })

const isSame = (a: KeySpending | undefined, b: KeySpending | undefined): boolean =>
  a?.usedNano === b?.usedNano && a?.leases === b?.leases && a?.taken === b?.taken

const faultsOf = (got: KeySpending | undefined, { usedNano, leases }: Held): readonly string[] => [
  ...(BigInt(got?.usedNano ?? 0) === usedNano
    ? []
    : [`leases of all payers: expected ${formatNano(usedNano)}, got ${formatNano(got?.usedNano ?? 0)}`]),
  ...((got?.leases ?? 0) === leases ? [] : [`open leases: expected ${leases} of them, got ${got?.leases ?? 0}`]),
]

/**
 * Compares what the keys of one consumer spent in a month with their leases, whoever paid. A key whose item moves meanwhile is
 * looked at again; one that never rests is left to the next time. Folded hours are read only where there is an item.
 */
export const reconcileKeys =
  (ports: KeyPorts) =>
  async (consumerId: string, month: string, range: HourRange): Promise<readonly Difference[]> => {
    const list = async () =>
      new Map((await ports.listKeySpendings(consumerId, month)).map((one) => [one.keyId, one] as const))
    let before = await list()
    const folded: HeldByKey = new Map()
    const passed = new Set<string>()
    const watched = new Set<string>()
    if (before.size > 0) {
      for (const { label } of await ports.listUnfolded(range, consumerId)) watched.add(label)
      for (const { hour } of await ports.listTotals(consumerId, range)) if (!watched.has(hour)) passed.add(hour)
      await addHours(ports, consumerId, passed, folded)
    }
    const rested = new Set<string>()
    const differences: Difference[] = []
    for (let reads = 0; reads < mostReads; reads++) {
      // An hour that is folded meanwhile counts by its leases.
      for (const { label } of await ports.listUnfolded(range, consumerId)) if (!passed.has(label)) watched.add(label)
      const held: HeldByKey = new Map(folded)
      await addHours(ports, consumerId, watched, held)
      const after = await list()
      const keys = new Set([...before.keys(), ...after.keys(), ...held.keys()])
      for (const keyId of keys) {
        if (rested.has(keyId) || !isSame(before.get(keyId), after.get(keyId))) continue
        rested.add(keyId)
        for (const text of faultsOf(after.get(keyId), held.get(keyId) ?? none))
          differences.push({
            kind: 'balance differs',
            consumer: consumerId,
            text: `limit of key ${keyId} in ${month}: ${text}`,
          })
      }
      if (rested.size === keys.size) break
      before = after
    }
    return differences
  }
