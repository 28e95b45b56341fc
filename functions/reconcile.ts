import { reconcilePorts } from '../adapters/wiring/reconcile.ts'
import type { Reconciliation } from '../src/ledger/reconciliation.ts'
import { observed } from './middleware/observed.ts'

const work = reconcilePorts()

/** What is left of a function's time when it stops, for the step that is under way. */
const spareMs = 3 * 60_000

/** Compares rows with totals, records and balances. What it does not end, the next tick has it go on with. */
export const handler = observed<{ readonly id: string }, Reconciliation | undefined>(
  'reconcile',
  ({ id }, context) => work(id, () => context.getRemainingTimeInMillis() > spareMs),
  ({ id }, answer) => ({
    reconciliation: id,
    ...(answer && { state: answer.state, hours: answer.hours, rows: answer.rows, found: answer.found }),
  }),
  // A difference counts as a fault besides: the alarm on those tells of it, and one of its own would cost more.
  (answer) =>
    answer?.state === 'succeeded'
      ? { 'percall.reconciliation.differences': answer.found, ...(answer.found > 0 && { 'faas.errors': 1 }) }
      : {},
)
