import { randomUUID } from 'node:crypto'
import { createCallCounts } from '../../src/call/call-counts.ts'
import type { Resolve } from '../../src/ports.ts'
import { putCounts, readCounts } from '../calls/counts.ts'
import { documents, setting } from './wiring.ts'

// The client of the registry: its connection is open when the first call is settled.
const ledgerTable = () => ({ documents: documents(), table: setting('PERCALL_LEDGER_TABLE') })

/** The statistics of calls, as every environment counts them. */
export const countsPorts = (resolve: Resolve) =>
  createCallCounts({ nowMs: () => Date.now(), resolve, putCounts: putCounts(ledgerTable(), randomUUID()) })

/** The statistics of calls, as both planes read them. */
export const statisticsPorts = () => ({ readCounts: readCounts(ledgerTable()) })
