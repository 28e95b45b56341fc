import type { Hour } from '../src/hour.ts'
import type { HourRow } from '../src/usage.ts'
import { listChains, readChain } from './ledger.ts'
import type { Table } from './table.ts'

const mostReadsAtOnce = 16

/** All rows of a consumer in these hours, read live from its chains: one query an hour, one more a chain. */
export const readUsage =
  (ledger: Table) =>
  async (consumerId: string, hours: readonly Hour[]): Promise<readonly HourRow[]> => {
    const rows: HourRow[] = []
    const left = [...hours]
    const reader = async (): Promise<void> => {
      for (let hour = left.shift(); hour; hour = left.shift()) {
        for (const chain of await listChains(ledger)(hour.label, consumerId))
          for (const row of await readChain(ledger)(chain)) if (row.kind === 'row') rows.push({ hour, row })
      }
    }
    await Promise.all(Array.from({ length: mostReadsAtOnce }, reader))
    return rows
  }
