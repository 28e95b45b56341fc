import { createHash } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { warnOfCaps } from '../../src/billing/cap-warning.ts'
import { monthOf } from '../../src/billing/plan.ts'
import { createFold } from '../../src/ledger/fold.ts'
import type { HourAt } from '../../src/ledger/hour.ts'
import { nightlyOf } from '../../src/ledger/nightly.ts'
import { newReconciliation, type Reconciliation } from '../../src/ledger/reconciliation.ts'
import { finishReservation, type ReservedSlot } from '../../src/ledger/reservation.ts'
import { finishChain } from '../../src/ledger/settle-lease.ts'
import { sweepLeases, sweptHours } from '../../src/ledger/sweep-leases.ts'
import { runId } from '../../src/run/run-id.ts'
import { allConsumers } from '../access/consumers.ts'
import { type AwsCredentials, callAws } from '../aws/aws-json.ts'
import { ledgerClientConfig } from '../aws/put-outcome.ts'
import type { Table } from '../aws/table.ts'
import { readBalance, settleLease } from '../ledger/balances.ts'
import { tellOfCap } from '../ledger/cap-warnings.ts'
import { foldPorts } from '../ledger/fold-ports.ts'
import { putSlot, readChain, sha256 } from '../ledger/ledger.ts'
import { macOf } from '../ledger/mac.ts'
import { listHour } from '../ledger/openings.ts'
import { startReconciliation } from '../ledger/reconcile-function.ts'
import { createReconciliation, listReconciliations } from '../ledger/reconciliations.ts'
import { billingHours } from './ledger.ts'
import { monthEndPorts } from './month-end.ts'
import { billingCurrency, underTerms } from './terms.ts'
import { kms, registry, setting } from './wiring.ts'

/** Of the function's own role. */
const credentials = (): AwsCredentials => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
})

const eventBus = () => {
  const region = process.env.AWS_REGION ?? ''
  const endpoint = process.env.AWS_ENDPOINT_URL ?? `https://events.${region}.amazonaws.com`
  return callAws({ endpoint, region, signingName: 'events', targetPrefix: 'AWSEvents' }, credentials)
}

const idBytes = 10
const mostAtOnce = 20
/** Of older ones none is taken up. */
const mostAgeMs = 2 * 86_400_000

/** Those that run and that nobody holds, among the young. */
const leftReconciliations = async (ledger: Table, nowMs: number): Promise<readonly Reconciliation[]> => {
  const left: Reconciliation[] = []
  let next: string | undefined
  do {
    const page = await listReconciliations(ledger)({ limit: mostAtOnce, ...(next !== undefined && { next }) })
    left.push(...page.items.filter(({ state, heldUntilMs }) => state === 'running' && heldUntilMs < nowMs))
    const last = page.items.at(-1)
    next = last && last.createdAtMs > nowMs - mostAgeMs ? page.next : undefined
  } while (next !== undefined)
  return left
}

/** Begins the night's reconciliation, once, and has those go on that nobody holds. -> how many go on. */
const reconciling = (ledger: Table, hourAt: HourAt) => {
  const start = startReconciliation({
    functions: new LambdaClient({}),
    functionName: setting('PERCALL_RECONCILE_FUNCTION'),
  })
  let begun = ''
  return async (nowMs: number): Promise<number> => {
    const night = nightlyOf(hourAt, nowMs)
    if (night && night.day !== begun) {
      // The same for whoever begins it.
      const id = runId(night.toMs, createHash('sha256').update(`nightly ${night.day}`).digest().subarray(0, idBytes))
      await createReconciliation(ledger)(newReconciliation(id, 'nightly', night, nowMs))
      begun = night.day
    }
    const left = await leftReconciliations(ledger, nowMs)
    for (const { id } of left) await start(id)
    return left.length
  }
}

/** What gives leases back whose environments are gone, tells of shares of caps, folds hours and has them reconciled. */
export const tickPorts = () => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig))
  const ledger = { documents, table: setting('PERCALL_LEDGER_TABLE') }
  const settle = { settleLease: settleLease(ledger) }
  const own = { putSlot: putSlot(ledger), readChain: readChain(ledger), sha256, ...settle }
  const slots = {
    putSlot: putSlot<ReservedSlot>(ledger),
    readChain: readChain<ReservedSlot>(ledger),
  }
  const sweep = sweepLeases({
    finishChain: finishChain(own),
    finishReservation: finishReservation({ ...slots, ...settle }),
  })
  const { hourAt } = billingHours()
  const source = `/percall/${ledger.table}`
  const bus = eventBus()
  const warn = warnOfCaps({
    consumers: allConsumers(registry()),
    readBalance: readBalance(ledger),
    tell: tellOfCap(ledger, bus, source, billingCurrency(), Date.now),
  })
  const mac = macOf({ kms: kms(), keyArn: setting('PERCALL_KEY_ARN') })
  const fold = createFold(foldPorts({ ledger, registry: registry(), hourAt }, mac))
  return {
    fold: underTerms(fold),
    reconcile: underTerms(reconciling(ledger, hourAt)),
    /** Of the hours whose leases may be due at this moment. -> how many were given back. */
    sweep: async (nowMs: number): Promise<number> => {
      let settled = 0
      for (const { label } of sweptHours(hourAt, nowMs)) settled += await sweep(await listHour(ledger)(label), nowMs)
      return settled
    },
    /** Of the months that calls may still be settled in. -> how many were told. */
    warn: underTerms((nowMs: number): Promise<number> => warn([...new Set(sweptHours(hourAt, nowMs).map(monthOf))])),
    ...monthEndPorts({ ledger, eventBus: bus, credentials }),
  }
}
