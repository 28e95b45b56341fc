/** Reconciliation over the real ledger code, of the shards that have consumers, and totals by brute force. */
import type { FoldPlace } from '../../adapters/ledger/fold-ports.ts'
import { comparingPorts } from '../../adapters/ledger/reconcile-ports.ts'
import { listTotals } from '../../adapters/ledger/totals.ts'
import type { Difference } from '../../src/ledger/difference.ts'
import { createFold } from '../../src/ledger/fold.ts'
import { type ReconcilePorts, reconcile } from '../../src/ledger/reconcile.ts'
import type { HourRange } from '../../src/ledger/totals.ts'
import type { Core } from './core.ts'
import { foldPlace, foldPortsOf, macOf } from './folding.ts'
import { ledgerOf } from './invariants.ts'

const everything: HourRange = { fromMs: 0, toMs: Date.UTC(9999, 0) }

type Of = Pick<Core, 'setting' | 'world' | 'tablesOf' | 'newOwner' | 'network'>

let reconciliations = 0

export const reconcilePorts = (
  of: Of,
  tables: ReturnType<Core['tablesOf']>,
  place: FoldPlace = foldPlace(of, tables),
): ReconcilePorts =>
  comparingPorts(place, {
    isMacOf: async (text, mac) => (await macOf(text)) === mac,
    nowMs: () => of.world.nowMs,
    id: `r${reconciliations++}`,
  })

/** `meanwhile` is done once, behind the list of hours or records that is the n-th. */
export const reconcileAll = async (
  of: Of,
  range = everything,
  meanwhile?: { readonly behind: number; readonly act: () => Promise<unknown> },
): Promise<readonly Difference[]> => {
  const own = reconcilePorts(of, of.tablesOf(of.newOwner()))
  let lists = 0
  const watched =
    <Asked, List>(list: (asked: Asked) => Promise<List>) =>
    async (asked: Asked): Promise<List> => {
      const listed = await list(asked)
      lists += 1
      if (lists === meanwhile?.behind) await meanwhile.act()
      return listed
    }
  const ports = { ...own, listNoted: watched(own.listNoted), listRecords: watched(own.listRecords) }
  return (await reconcileBy(ports, 'step by step', range)).differences
}

/** `step by step`: it is stopped behind every step, and goes on there. */
export const reconcileBy = async (ports: ReconcilePorts, how: 'step by step' | 'at once', range = everything) => {
  const seen = { differences: [] as Difference[], steps: 0, hours: 0, rows: 0 }
  let cursor = { at: 'records' } as Parameters<typeof reconcile>[2]
  while (cursor.at !== 'end')
    for await (const step of reconcile(ports, range, cursor)) {
      seen.differences.push(...step.differences)
      seen.steps += 1
      seen.hours += step.hours
      seen.rows += step.rows
      // As the item keeps it.
      cursor = JSON.parse(JSON.stringify(step.cursor)) as typeof cursor
      if (how === 'step by step') break
    }
  return seen
}

/** Folds what is over by now, on a calm day. -> how many hours still wait. */
export const foldAll = async (of: Of): Promise<number> =>
  (await createFold(foldPortsOf(of, of.tablesOf(of.newOwner())))(of.world.nowMs)).waiting

/** The first total that is not the sum of its rows, as they lie in the table. */
export const totalFault = async (of: Of): Promise<string | undefined> => {
  const { ledger } = of.tablesOf(of.newOwner())
  const { openings, rowsOf } = ledgerOf(of.network)
  const expected = new Map<string, bigint>()
  const got = new Map<string, bigint>()
  const add = (
    sums: Map<string, bigint>,
    name: string,
    of: { calls: number; units: number; costNano: bigint },
  ): void => {
    for (const [what, value] of Object.entries(of)) {
      const key = `${name} ${what}`
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(value))
    }
  }
  for (const { id, consumerId, hour, lease } of openings)
    for (const { model, version, keyId, priceId, units, costNano } of rowsOf(id)) {
      const name = JSON.stringify([consumerId, hour, model, version, keyId, priceId, lease?.payer.kind])
      add(expected, name, { calls: 1, units, costNano: BigInt(costNano) })
    }
  for (const consumerId of new Set(openings.map((one) => one.consumerId)))
    for (const { hour, lines } of await listTotals(ledger)(consumerId, everything))
      for (const { model, version, keyId, priceId, paidBy, calls, units, costNano } of lines)
        add(got, JSON.stringify([consumerId, hour, model, version, keyId, priceId, paidBy]), { calls, units, costNano })
  for (const key of new Set([...expected.keys(), ...got.keys()]))
    if (expected.get(key) !== got.get(key))
      return `total ${key}: expected ${expected.get(key) ?? 0n}, got ${got.get(key) ?? 0n}`
  return undefined
}
