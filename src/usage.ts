import type { UsageRow } from './chain.ts'
import { dayOf, type Hour } from './hour.ts'
import { formatNano } from './money.ts'

export const usageGroups = ['day', 'model', 'version', 'key'] as const
export type UsageGroup = (typeof usageGroups)[number]

/** A usage row with the hour of its chain. */
export type HourRow = { readonly hour: Hour; readonly row: UsageRow }

type Sum = { calls: number; units: number; costNano: bigint }

/** `cost` is a decimal in the deployment's currency, exact. */
export type UsageTotals = { readonly calls: number; readonly units: number; readonly cost: string }

const nameOf: Readonly<Record<UsageGroup, (item: HourRow) => string>> = {
  day: ({ hour }) => dayOf(hour),
  model: ({ row }) => row.model,
  version: ({ row }) => `${row.model}/${row.version}`,
  key: ({ row }) => row.keyId,
}

const add = (sum: Sum, row: UsageRow): void => {
  sum.calls += 1
  sum.units += row.units
  sum.costNano += BigInt(row.costNano)
}

const format = ({ calls, units, costNano }: Sum): UsageTotals => ({ calls, units, cost: formatNano(costNano) })

const emptySum = (): Sum => ({ calls: 0, units: 0, costNano: 0n })

/** Rows -> totals, and the same by day, model, version or key, sorted by name. Sums of units mix calls and rows. */
export const totalUsage = (rows: Iterable<HourRow>, group: UsageGroup) => {
  const totals = emptySum()
  const groups = new Map<string, Sum>()
  for (const item of rows) {
    const name = nameOf[group](item)
    const sum = groups.get(name) ?? emptySum()
    groups.set(name, sum)
    add(totals, item.row)
    add(sum, item.row)
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
  return { totals: format(totals), by: sorted.map(([name, sum]) => ({ [group]: name, ...format(sum) })) }
}
