import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { eachAtMost } from '../../src/each-at-most.ts'
import type { ExportCursor, ExportPorts, Refusal } from '../../src/export/export-hours.ts'
import { recordsOf } from '../../src/export/record.ts'
import type { HourRecord, HourTotal } from '../../src/ledger/totals.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { queryPage, schema, stored, type Table } from '../aws/table.ts'
import { moveCursor, readCursor } from '../ledger/cursors.ts'
import { listKept, readHead } from '../ledger/fold.ts'
import { listRecords, listTotals } from '../ledger/totals.ts'

const hourMs = 3_600_000
const mostReadsAtOnce = 4
// Nearly all hours are folded within hours of their end; where a number that was given is missing among them, all are looked at.
const lookBackMs = 48 * hourMs

const lastFolded = (registry: Table) => async (): Promise<number> => (await readHead(registry)())?.number ?? 0

/** The record of the hour that was folded at this place; undefined while there is none. */
const hourOfNumber =
  (ledger: Table, now: () => number, lastFolded: () => Promise<number>) =>
  async (number: number): Promise<HourRecord | undefined> => {
    const toMs = now() + hourMs
    const recent = await listRecords(ledger)({ fromMs: toMs - lookBackMs, toMs })
    const found = recent.find((record) => record.number === number)
    if (found || number > (await lastFolded())) return found
    return (await listRecords(ledger)({ fromMs: 0, toMs })).find((record) => record.number === number)
  }

/** Totals of all consumers of a folded hour, one query each. */
const totalsOfHour =
  (ledger: Table) =>
  async ({ hour, startMs, endMs }: Pick<HourRecord, 'hour' | 'startMs' | 'endMs'>): Promise<readonly HourTotal[]> => {
    const totals: HourTotal[] = []
    await eachAtMost(mostReadsAtOnce, await listKept(ledger)(hour), async (consumerId) => {
      for (const total of await listTotals(ledger)(consumerId, { fromMs: startMs, toMs: endMs })) totals.push(total)
    })
    return totals
  }

const refusalsPk = (name: string): string => `XR#${name}`

/** What a receiver refused for good, by the ids of records. */
export const listRefusals =
  (ledger: Table) =>
  async (name: string, request: PageRequest): Promise<Page<Refusal>> => {
    const page = await queryPage(ledger)(refusalsPk(name), request, true)
    return { ...page, items: page.items.map((item) => stored<Refusal>(item)) }
  }

const cursorName = (receiver: string): string => `export-${receiver}`

export const readExportCursor = (ledger: Table, receiver: string): (() => Promise<ExportCursor | undefined>) =>
  readCursor<ExportCursor>(ledger, cursorName(receiver))

/** The ports of one exporter. */
export const exportPorts = (
  ledger: Table,
  registry: Table,
  receiver: string,
  { now, hasTime }: { readonly now: () => number; readonly hasTime: () => boolean },
): ExportPorts => ({
  readCursor: readExportCursor(ledger, receiver),
  moveCursor: moveCursor<ExportCursor>(ledger, cursorName(receiver)),
  lastFolded: lastFolded(registry),
  hourOfNumber: hourOfNumber(ledger, now, lastFolded(registry)),
  recordsOf: async (hour) => recordsOf(hour, await totalsOfHour(ledger)(hour)),
  keepRefusal: (refusal) =>
    ledger.documents.send(
      new PutCommand({
        TableName: ledger.table,
        Item: { pk: refusalsPk(receiver), sk: refusal.id, schema, kind: 'refusal', ...refusal },
      }),
    ),
  nowMs: now,
  hasTime,
})
