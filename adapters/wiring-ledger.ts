import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { hourAt, rememberHour, zoneOffset } from '../src/hour.ts'
import { createMeter } from '../src/settle.ts'
import { listConsumers, putConsumer, readConsumer } from './consumers.ts'
import { countFailures } from './count-failures.ts'
import { findPrincipal } from './find-principal.ts'
import { keyMac } from './key-secret.ts'
import { createKey, findKey, listKeys, readKey, revokeKey } from './keys.ts'
import { openChain, putRecordedRow, putSlot, readChain, sha256 } from './ledger.ts'
import { latestOpenedMs, listPrices, priceAt, putPrice } from './prices.ts'
import { ledgerClientConfig } from './put-outcome.ts'
import { readUsage } from './usage.ts'
import { documents, kms, once, registry, setting, settingOr } from './wiring.ts'

/** Keys, as every handler behind the gateway checks them. */
export const keyPorts = () => {
  const table = registry()
  const mac = keyMac({ registry: table, kms: kms(), keyArn: setting('PERCALL_KEY_ARN') })
  const lookups = { mac, findKey: findKey(table), readConsumer: readConsumer(table), nowMs: (): number => Date.now() }
  return { mac, findPrincipal: findPrincipal(lookups) }
}

/** The hours of the billing zone. */
export const billingHours = once(() => {
  const zone = settingOr('PERCALL_BILLING_ZONE', 'UTC')
  return { zone, hourAt: rememberHour(hourAt(zoneOffset(zone))) }
})

/** Keys and the ledger of the data plane; `atEnd` too is awaited before the environment ends. */
export const ledgerPorts = (atEnd: () => Promise<unknown> = async () => undefined) => {
  const failures = countFailures()
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(ledgerClientConfig))
  const ledger = { documents: client, table: setting('PERCALL_LEDGER_TABLE') }
  const { zone, hourAt } = billingHours()
  const meter = createMeter({
    now: () => Date.now(),
    hourAt,
    priceAt: priceAt(registry(), zone),
    openChain: failures.watch(openChain(ledger)),
    putSlot: failures.watch(putSlot(ledger)),
    putRecordedRow: failures.watch(putRecordedRow(ledger)),
    readChain: readChain(ledger),
    newId: randomUUID,
    sha256,
  })
  // Sent only where an extension is registered, and by the local runtime; elsewhere the fold closes the chains.
  process.once('SIGTERM', () => void Promise.allSettled([meter.end(), atEnd()]).finally(() => process.exit(0)))
  return { ...keyPorts(), meter, ledgerFailures: failures.take, currency: settingOr('PERCALL_CURRENCY', 'USD') }
}

/** Consumers, their keys, prices and usage as the control plane reads and writes them. */
export const billingPorts = () => {
  const table = registry()
  const ledger = { documents: documents(), table: setting('PERCALL_LEDGER_TABLE') }
  const keys = keyPorts()
  return {
    ...keys,
    readConsumer: readConsumer(table),
    putConsumer: putConsumer(table),
    listConsumers: listConsumers(table),
    readKey: readKey(table),
    listKeys: listKeys(table),
    createKey: createKey(table, keys.mac),
    revokeKey: revokeKey(table),
    listPrices: listPrices(table),
    latestOpenedMs: latestOpenedMs(table),
    putPrice: putPrice(table),
    readUsage: readUsage(ledger),
    hourAt: billingHours().hourAt,
    currency: settingOr('PERCALL_CURRENCY', 'USD'),
  }
}
