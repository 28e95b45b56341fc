import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type ReconcilePorts, reconcile } from '../../src/ledger/reconcile.ts'
import { workReconciliation } from '../../src/ledger/reconciliation.ts'
import { ledgerClientConfig } from '../aws/put-outcome.ts'
import { reconcileInvoices } from '../ledger/invoice-check.ts'
import { isMacOf } from '../ledger/mac.ts'
import { comparingPorts } from '../ledger/reconcile-ports.ts'
import { keepReconciliation, takeReconciliation } from '../ledger/reconciliations.ts'
import { invoiceSources } from './invoices.ts'
import { billingHours } from './ledger.ts'
import { underTerms } from './terms.ts'
import { kms, registry, setting } from './wiring.ts'

const nowMs = (): number => Date.now()

const comparing = (): ((id: string) => ReconcilePorts) => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig))
  const ledger = { documents, table: setting('PERCALL_LEDGER_TABLE') }
  const { hourAt } = billingHours()
  const isMac = isMacOf({ kms: kms(), keyArn: setting('PERCALL_KEY_ARN') })
  return (id) => ({
    ...comparingPorts({ ledger, registry: registry(), hourAt }, { isMacOf: isMac, nowMs, id }),
    reconcileInvoices: reconcileInvoices({ ledger, registry: registry(), sources: invoiceSources(ledger) }),
  })
}

/** What works on reconciliations. */
export const reconcilePorts = () => {
  const ledger = { documents: registry().documents, table: setting('PERCALL_LEDGER_TABLE') }
  const portsOf = comparing()
  const work = workReconciliation({
    take: takeReconciliation(ledger),
    keep: keepReconciliation(ledger),
    reconcile: (of, from) => reconcile(portsOf(of.id), of, from),
    nowMs,
  })
  return underTerms(work)
}
