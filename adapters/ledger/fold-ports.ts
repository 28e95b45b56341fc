import type { FoldPorts } from '../../src/ledger/fold.ts'
import type { HourAt } from '../../src/ledger/hour.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import type { Table } from '../aws/table.ts'
import { settleLease } from './balances.ts'
import { keepConsumer, listKept, markFolded, markHour, putRecord } from './fold.ts'
import { putSlot, readChain, readPage, sha256 } from './ledger.ts'
import type { macOf } from './mac.ts'
import { listHour } from './openings.ts'
import { foldScope, keepPart, listParts } from './sum-parts.ts'
import { listUnfolded } from './totals.ts'

/** Where hours are folded; of these shards only, of all where they are absent. */
export type FoldPlace = {
  readonly ledger: Table
  readonly registry: Table
  readonly hourAt: HourAt
  readonly shards?: readonly number[]
  /** How much is read at once: slots of a chain, rows of a part. */
  readonly mostSlots?: number
  readonly mostRows?: number
}

/** A few seconds' work. */
export const rowsOfPart = 100_000

/** What folds hours; `mac` makes the MAC of a record. */
export const foldPorts = (
  { ledger, registry, hourAt, shards, mostSlots, mostRows = rowsOfPart }: FoldPlace,
  mac: ReturnType<typeof macOf>,
): FoldPorts => ({
  listUnfolded: listUnfolded(ledger, hourAt, shards),
  markHour: markHour(ledger, shards),
  listHour: listHour(ledger, shards),
  putSlot: putSlot(ledger),
  readChain: readChain(ledger),
  readPage: readPage(ledger, mostSlots),
  putReserved: putSlot<ReservedSlot>(ledger),
  readReserved: readChain<ReservedSlot>(ledger),
  settleLease: settleLease(ledger),
  sha256,
  listKept: listKept(ledger),
  listParts: (hour) => listParts(ledger)(foldScope(hour)),
  keepPart: (hour, ...part) => keepPart(ledger)(foldScope(hour), ...part),
  mostRows,
  keepConsumer: keepConsumer(ledger),
  putRecord: putRecord(ledger, registry, { sha256, macOf: mac }),
  markFolded: markFolded(ledger, shards),
})
