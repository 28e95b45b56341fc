import { randomBytes, randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { hourAt, rememberHour, zoneOffset } from '../../src/ledger/hour.ts'
import { createMeter } from '../../src/ledger/settle.ts'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import { listAudit } from '../access/audit.ts'
import { changeConsumer, listConsumers, putConsumer, readConsumer } from '../access/consumers.ts'
import { findPrincipal } from '../access/find-principal.ts'
import { keyMac } from '../access/key-secret.ts'
import { listKeyUses } from '../access/key-uses.ts'
import { createKey, findKey, listKeys, readKey, revokeKey, rotateKey } from '../access/keys.ts'
import { ledgerClientConfig } from '../aws/put-outcome.ts'
import { countFailures } from '../calls/count-failures.ts'
import { readBalance, settleLease } from '../ledger/balances.ts'
import { listCredits, putCredit } from '../ledger/credits.ts'
import { readKeySpent } from '../ledger/key-spent.ts'
import { openChain, putRecordedRow, putSlot, readChain, sha256 } from '../ledger/ledger.ts'
import { latestOpenedMs, listPrices, putPrice } from '../ledger/prices.ts'
import { startReconciliation } from '../ledger/reconcile-function.ts'
import { createReconciliation, listReconciliations, readReconciliation } from '../ledger/reconciliations.ts'
import { readAllUsage, readUsage } from '../ledger/usage.ts'
import { entrancePorts } from './entrance.ts'
import { billingCurrency, billingTerms, billingZone, chargedPriceAt, underCurrency, underZone } from './terms.ts'
import { documents, kms, once, registry, setting } from './wiring.ts'

/** Keys, as every handler behind the gateway checks them. */
export const keyPorts = () => {
  const table = registry()
  const mac = keyMac({ registry: table, kms: kms(), keyArn: setting('PERCALL_KEY_ARN') })
  const terms = billingTerms()
  const consumerOf = readConsumer(table)
  const lookups = {
    ...{ mac, findKey: findKey(table), nowMs: (): number => Date.now() },
    // Every request comes by here, but for made-up keys: so one that a deployment's terms would spoil is refused by their name.
    readConsumer: async (id: string) => (await Promise.all([consumerOf(id), terms.check()]))[0],
  }
  return { mac, findPrincipal: findPrincipal(lookups), ...entrancePorts() }
}

/** The hours of the billing zone. */
export const billingHours = once(() => {
  return { hourAt: rememberHour(hourAt(zoneOffset(billingZone()))) }
})

/** Keys and the ledger of the data plane; `atEnd` too is awaited before the environment ends. */
export const ledgerPorts = (atEnd: () => Promise<unknown> = async () => undefined) => {
  const failures = countFailures()
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig))
  const ledger = { documents: client, table: setting('PERCALL_LEDGER_TABLE') }
  const { hourAt } = billingHours()
  const meter = createMeter({
    now: () => Date.now(),
    hourAt,
    priceAt: chargedPriceAt(),
    openChain: underZone(failures.watch(openChain(ledger, setting('PERCALL_REGISTRY_TABLE')))),
    readBalance: readBalance(ledger),
    readKeySpent: readKeySpent(ledger),
    readAccount: readConsumer(registry()),
    settleLease: settleLease(ledger),
    putSlot: failures.watch(putSlot(ledger)),
    putRecordedRow: failures.watch(putRecordedRow(ledger)),
    readChain: readChain(ledger),
    newId: randomUUID,
    sha256,
  })
  // Sent only where an extension is registered, and by the local runtime; elsewhere the sweep closes those with a lease.
  process.once('SIGTERM', () => void Promise.allSettled([meter.end(), atEnd()]).finally(() => process.exit(0)))
  return { ...keyPorts(), meter, ledgerFailures: failures.take, currency: billingCurrency() }
}

/** Consumers, their keys, prices and usage as the control plane reads and writes them. */
export const billingPorts = () => {
  const table = registry()
  const ledger = { documents: documents(), table: setting('PERCALL_LEDGER_TABLE') }
  // Its attempts end before the function does, which then says that the credit may be given.
  const bounded = { ...ledger, documents: DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig)) }
  const keys = keyPorts()
  const { hourAt } = billingHours()
  return {
    ...keys,
    readConsumer: readConsumer(table),
    putConsumer: putConsumer(table),
    changeConsumer: changeConsumer(table, ledger.table),
    readBalance: readBalance(ledger),
    putCredit: underCurrency(putCredit(bounded, table.table)),
    listCredits: listCredits(ledger),
    newCreditId: (nowMs: number) => runId(nowMs, randomBytes(runIdRandomBytes)),
    listConsumers: listConsumers(table),
    readKey: readKey(table),
    listKeys: listKeys(table),
    createKey: createKey(table, keys.mac),
    revokeKey: revokeKey(table),
    rotateKey: rotateKey(table, keys.mac),
    listKeyUses: listKeyUses(table),
    listAudit: listAudit(table),
    listPrices: listPrices(table),
    latestOpenedMs: latestOpenedMs(table),
    putPrice: putPrice(table),
    createReconciliation: createReconciliation(ledger),
    readReconciliation: readReconciliation(ledger),
    listReconciliations: listReconciliations(ledger),
    startReconciliation: startReconciliation({
      functions: new LambdaClient({}),
      functionName: setting('PERCALL_RECONCILE_FUNCTION'),
    }),
    newReconciliationId: (nowMs: number) => runId(nowMs, randomBytes(runIdRandomBytes)),
    readUsage: readUsage(ledger, hourAt),
    readAllUsage: readAllUsage(ledger, table, hourAt),
    hourAt,
    currency: billingCurrency(),
  }
}
