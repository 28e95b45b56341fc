import { PercallError } from '../../src/errors.ts'
import { rowLine, totalLines } from '../../src/export/csv.ts'
import type { CsvPart, CsvPlace } from '../../src/export/csv-page.ts'
import type { Hour, HourAt } from '../../src/ledger/hour.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import type { HourRange } from '../../src/ledger/totals.ts'
import type { UsageRow } from '../../src/ledger/usage-row.ts'
import type { Table } from '../aws/table.ts'
import { listKept } from '../ledger/fold.ts'
import { readChain } from '../ledger/ledger.ts'
import { listHour } from '../ledger/openings.ts'
import { listRecords, listTotals, listUnfolded } from '../ledger/totals.ts'

/** Hours from the one of a place on. Throws BAD_REQUEST for a place of another range. */
const hoursFrom = <One extends { readonly hour: string }>(hours: readonly One[], after?: CsvPlace): readonly One[] => {
  const first = after ? hours.findIndex(({ hour }) => hour === after.hour) : 0
  if (first < 0)
    throw new PercallError('BAD_REQUEST', `next: expected the query of the last page, got hour ${after?.hour}`)
  return hours.slice(first)
}

/** The totals of folded hours, one part a consumer and hour. */
export const totalParts = (ledger: Table, currency: string) =>
  async function* (range: HourRange, after?: CsvPlace): AsyncGenerator<CsvPart> {
    for (const record of hoursFrom(await listRecords(ledger)(range), after)) {
      const consumers = [...(await listKept(ledger)(record.hour))].sort()
      for (const consumerId of consumers) {
        if (after?.hour === record.hour && consumerId <= after.key) continue
        const totals = await listTotals(ledger)(consumerId, { fromMs: record.startMs, toMs: record.endMs })
        const text = totals.map((total) => totalLines(record, total, currency)).join('')
        yield { text, place: { hour: record.hour, key: consumerId } }
      }
    }
  }

const isRow = (slot: ReservedSlot): slot is UsageRow => slot.kind === 'row'

// A part is a piece of a page.
const mostRows = 2_000

/** Hours with rows in the range, folded or not, by their starts. */
const hoursWithRows = async (ledger: Table, hourAt: HourAt, range: HourRange): Promise<readonly { hour: string }[]> => {
  // First: an hour that is folded in between is in both.
  const open: readonly Hour[] = await listUnfolded(ledger, hourAt)(range)
  const folded = await listRecords(ledger)(range)
  const starts = new Map([
    ...folded.map(({ hour, startMs }) => [hour, startMs] as const),
    ...open.map(({ label, startMs }) => [label, startMs] as const),
  ])
  return [...starts].sort(([, a], [, b]) => a - b).map(([hour]) => ({ hour }))
}

/** Rows of all chains as they are now, in the order of hours, consumers and chains. */
export const rowParts = (ledger: Table, hourAt: HourAt, currency: string) =>
  async function* (range: HourRange, after?: CsvPlace): AsyncGenerator<CsvPart> {
    for (const { hour } of hoursFrom(await hoursWithRows(ledger, hourAt, range), after)) {
      const chains = (await listHour(ledger)(hour)).map(({ id, consumerId }) => ({
        id,
        consumerId,
        key: `${consumerId}#${id}`,
      }))
      for (const { id, consumerId, key } of chains.sort((a, b) => (a.key < b.key ? -1 : 1))) {
        const begun = after?.hour === hour && after.key === key ? (after.number ?? Number.MAX_SAFE_INTEGER) : -1
        if (after?.hour === hour && key < after.key) continue
        const rows = (await readChain<ReservedSlot>(ledger)(id)).filter(isRow).filter(({ number }) => number > begun)
        // A page may end at a chain that has no rows, so that many of them do not outlast its time.
        if (rows.length === 0 && begun < 0) yield { text: '', place: { hour, key } }
        for (let i = 0; i < rows.length; i += mostRows) {
          const some = rows.slice(i, i + mostRows)
          const text = some.map((row) => rowLine({ hour, consumerId, chain: id }, row, currency)).join('')
          yield { text, place: { hour, key, number: some[some.length - 1]?.number ?? 0 } }
        }
      }
    }
  }
