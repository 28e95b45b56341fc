import type { EventBridgeEvent } from 'aws-lambda'
import { tickPorts } from '../adapters/wiring/tick.ts'
import { allTried } from '../src/all-tried.ts'
import { observed } from './middleware/observed.ts'

const ports = tickPorts()

/** What is left of the function's time when no other hour, no other invoices and no other records are begun. */
const spareMs = { fold: 120_000, invoice: 70_000, export: 20_000 } as const

type Done = Readonly<Record<string, number>>

/**
 * Every five minutes: gives leases back whose environments are gone, and reservations past their deadline; tells of shares of
 * caps that are spent; has reconciliations begin and go on; folds the hours that are over; makes the invoices of folded
 * months; sends usage of folded hours to its receivers. One that fails does not hold up the others.
 */
export const handler = observed<Pick<EventBridgeEvent<string, unknown>, 'time'>, Done>(
  'tick',
  async ({ time }, context) => {
    const nowMs = Date.parse(time)
    const hasMore = (ms: number) => (): boolean => context.getRemainingTimeInMillis() > ms
    return allTried([
      async () => ({ settled: await ports.sweep(nowMs) }),
      async () => ({ warned: await ports.warn(nowMs) }),
      async () => ({ reconciling: await ports.reconcile(nowMs) }),
      async () => ({ ...(await ports.fold(nowMs, hasMore(spareMs.fold))) }),
      async () => ({ invoices: await ports.invoice(nowMs, hasMore(spareMs.invoice)) }),
      async () => ({ exported: await ports.export(hasMore(spareMs.export)) }),
    ])
  },
  (_, done) => ({ ...done }),
)
