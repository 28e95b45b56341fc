import { formatNano } from '../billing/money.ts'
import type { HourTotal, TotalLine } from './totals.ts'

export const usageGroups = ['day', 'hour', 'model', 'version', 'key'] as const
/** What the usage of all consumers may be grouped by besides. */
export const allUsageGroups = [...usageGroups, 'consumer'] as const
export type UsageGroup = (typeof allUsageGroups)[number]

type Sum = { startMs: number; calls: number; units: number; costNano: bigint }

/** `cost` is a decimal in the deployment's currency, exact. */
export type UsageTotals = { readonly calls: number; readonly units: number; readonly cost: string }

export type UsageLine = UsageTotals & { readonly name: string }

const dayLength = 'YYYY-MM-DD'.length

const nameOf: Readonly<Record<UsageGroup, (total: HourTotal, line: TotalLine) => string>> = {
  day: ({ hour }) => hour.slice(0, dayLength),
  hour: ({ hour }) => hour,
  model: (_, { model }) => model,
  version: (_, { model, version }) => `${model}/${version}`,
  key: (_, { keyId }) => keyId,
  consumer: ({ consumerId }) => consumerId,
}

const add = (sum: Sum, { calls, units, costNano }: TotalLine): void => {
  sum.calls += calls
  sum.units += units
  sum.costNano += costNano
}

const format = ({ calls, units, costNano }: Sum): UsageTotals => ({ calls, units, cost: formatNano(costNano) })

const sumFrom = (startMs: number): Sum => ({ startMs, calls: 0, units: 0, costNano: 0n })

/** Adds totals of hours up, by day, hour, model, version, key or consumer. Sums of units mix calls and rows. */
export const usageBy = (group: UsageGroup) => {
  const totals = sumFrom(0)
  const groups = new Map<string, Sum>()
  return {
    add: (total: HourTotal): void => {
      for (const line of total.lines) {
        const name = nameOf[group](total, line)
        const sum = groups.get(name) ?? sumFrom(total.startMs)
        groups.set(name, sum)
        add(totals, line)
        add(sum, line)
      }
    },
    totals: (): UsageTotals => format(totals),
    /** In the order of their names; hours in that of their starts, since an autumn night has two of a name. */
    lines: (): readonly UsageLine[] => {
      const byName = ([a]: [string, Sum], [b]: [string, Sum]): number => (a < b ? -1 : 1)
      const byStart = ([, a]: [string, Sum], [, b]: [string, Sum]): number => a.startMs - b.startMs
      return [...groups].sort(group === 'hour' ? byStart : byName).map(([name, sum]) => ({ name, ...format(sum) }))
    },
  }
}
