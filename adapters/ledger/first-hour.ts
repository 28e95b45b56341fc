import { type Consumer, ownerId } from '../../src/access/consumer.ts'
import type { HourAt } from '../../src/ledger/hour.ts'
import { consumerPk } from '../access/consumers.ts'
import { type Item, queryPage, type Table } from '../aws/table.ts'
import { listRecords, listUnfolded } from './totals.ts'

const mostAtOnce = 1000

/** Start of the first hour of which a consumer, also a removed one, may have rows or adjustments; undefined without any. */
const firstConsumed = async (registry: Table, hourAt: HourAt): Promise<number | undefined> => {
  let first: number | undefined
  let next: string | undefined
  do {
    const page = await queryPage(registry)(consumerPk, { limit: mostAtOnce, ...(next !== undefined && { next }) })
    for (const { id, createdAtMs } of page.items as readonly (Item & Pick<Consumer, 'id' | 'createdAtMs'>)[])
      if (id !== ownerId) first = Math.min(first ?? createdAtMs, createdAtMs)
    next = page.next
  } while (next !== undefined)
  // An environment's clock may be a little early.
  return first === undefined ? undefined : hourAt(hourAt(first).startMs - 1).startMs
}

/** The start of the earliest hour that has rows, was folded, or may be adjusted. */
export const firstHour = (ledger: Table, registry: Table, hourAt: HourAt, nowMs: number) => async () => {
  const range = { fromMs: 0, toMs: nowMs }
  const [[folded], [unfolded], consumed] = await Promise.all([
    listRecords(ledger)(range),
    listUnfolded(ledger, hourAt)(range),
    firstConsumed(registry, hourAt),
  ])
  const starts = [folded?.startMs, unfolded?.startMs, consumed].filter((startMs) => startMs !== undefined)
  return starts.length > 0 ? Math.min(...starts) : undefined
}
