import type { ReconcilePorts } from '../../src/ledger/reconcile.ts'
import type { ReservedSlot } from '../../src/ledger/reservation.ts'
import { consumersAfter } from '../access/consumers.ts'
import { readBalance } from './balances.ts'
import { sumCredits } from './credits.ts'
import { listDigests, readHead } from './fold.ts'
import { type FoldPlace, rowsOfPart } from './fold-ports.ts'
import { listKeySpendings } from './key-spending.ts'
import { readChain, readPage, sha256 } from './ledger.ts'
import { listHour, listOwn } from './openings.ts'
import { keepPart, listParts, reconciliationScope } from './sum-parts.ts'
import { listAllNoted, listRecords, listTotals, listUnfolded } from './totals.ts'

/** What compares rows, totals, records and balances, without invoices. */
export const comparingPorts = (
  { ledger, registry, hourAt, shards, mostSlots, mostRows = rowsOfPart }: FoldPlace,
  {
    isMacOf,
    nowMs,
    id,
  }: Pick<ReconcilePorts, 'isMacOf' | 'nowMs'> & { /** Of the reconciliation. */ readonly id: string },
): ReconcilePorts => ({
  ...{ hourAt, nowMs, sha256, isMacOf },
  listRecords: listRecords(ledger),
  readHead: readHead(registry),
  listNoted: listAllNoted(ledger, hourAt, shards),
  listHour: listHour(ledger, shards),
  listOwn: listOwn(ledger),
  readChain: readChain<ReservedSlot>(ledger),
  readPage: readPage<ReservedSlot>(ledger, mostSlots),
  listParts: (hour) => listParts(ledger)(reconciliationScope(id, hour)),
  keepPart: (hour, ...part) => keepPart(ledger)(reconciliationScope(id, hour), ...part),
  mostRows,
  listDigests: listDigests(ledger),
  listTotals: listTotals(ledger),
  listUnfolded: listUnfolded(ledger, hourAt, shards),
  readBalance: readBalance(ledger),
  listKeySpendings: listKeySpendings(ledger),
  sumCredits: sumCredits(ledger),
  consumersAfter: consumersAfter(registry),
})
