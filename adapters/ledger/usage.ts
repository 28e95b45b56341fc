import { eachAtMost } from '../../src/each-at-most.ts'
import { byConsumerId } from '../../src/ledger/fold.ts'
import type { Hour, HourAt } from '../../src/ledger/hour.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import type { Opening } from '../../src/ledger/sweep-leases.ts'
import { addRow, type HourRange, type HourTotal, type Lines, linesOf } from '../../src/ledger/totals.ts'
import { consumersAfter } from '../access/consumers.ts'
import type { Table } from '../aws/table.ts'
import { readChain } from './ledger.ts'
import { listHour, listOwn } from './openings.ts'
import { listTotals, listUnfolded } from './totals.ts'

const mostReadsAtOnce = 8

type Add = (total: HourTotal) => void

/** What the chains of one consumer in one hour come to by now. */
export const liveTotal =
  (ledger: Table) =>
  async (consumerId: string, { label, startMs }: Hour, openings: readonly Opening[]): Promise<HourTotal> => {
    const lines: Lines = new Map()
    await eachAtMost(mostReadsAtOnce, openings, async ({ id, lease }) => {
      for (const slot of await readChain<ReservedSlot>(ledger)(id))
        if (slot.kind === 'row') addRow(lines, slot, lease?.payer.kind)
    })
    return { consumerId, hour: label, startMs, lines: linesOf(lines) }
  }

/** A consumer's usage, by the hour: folded hours by their totals, the others by their rows as they are now. */
export const readUsage =
  (ledger: Table, hourAt: HourAt) =>
  async (consumerId: string, range: HourRange, add: Add): Promise<void> => {
    // First: an hour that is folded meanwhile still has its rows.
    const live = await listUnfolded(ledger, hourAt)(range, consumerId)
    const isLive = new Set(live.map(({ label }) => label))
    for (const total of await listTotals(ledger)(consumerId, range)) if (!isLive.has(total.hour)) add(total)
    for (const hour of live)
      add(await liveTotal(ledger)(consumerId, hour, await listOwn(ledger)(hour.label, consumerId)))
  }

/** The same of all consumers. */
export const readAllUsage =
  (ledger: Table, registry: Table, hourAt: HourAt) =>
  async (range: HourRange, add: Add): Promise<void> => {
    const live = await listUnfolded(ledger, hourAt)(range)
    const isLive = new Set(live.map(({ label }) => label))
    const consumers: string[] = []
    for await (const id of consumersAfter(registry)('')) consumers.push(id)
    await eachAtMost(mostReadsAtOnce, consumers, async (id) => {
      for (const total of await listTotals(ledger)(id, range)) if (!isLive.has(total.hour)) add(total)
    })
    for (const hour of live)
      for (const [id, openings] of byConsumerId(await listHour(ledger)(hour.label)))
        add(await liveTotal(ledger)(id, hour, openings))
  }
