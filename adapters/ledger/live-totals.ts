import type { Hour } from '../../src/ledger/hour.ts'
import type { HourTotal } from '../../src/ledger/totals.ts'
import type { Table } from '../aws/table.ts'
import { listOwn } from './openings.ts'
import { liveTotal } from './usage.ts'

/** What a consumer's rows of these hours come to now, hour by hour: one query an hour, one more a chain. */
export const readLive =
  (ledger: Table) =>
  async (consumerId: string, hours: readonly Hour[]): Promise<readonly HourTotal[]> => {
    const totals: HourTotal[] = []
    for (const hour of hours)
      totals.push(await liveTotal(ledger)(consumerId, hour, await listOwn(ledger)(hour.label, consumerId)))
    return totals
  }
