import { finaliseInvoices, type InvoiceCursor } from '../../src/billing/finalise-invoices.ts'
import { exportHours, failureOf, passHours, refusedForGood } from '../../src/export/export-hours.ts'
import { consumerIdsAfter } from '../access/consumer-ids.ts'
import { readConsumer } from '../access/consumers.ts'
import { type AwsCredentials, callAws } from '../aws/aws-json.ts'
import type { Table } from '../aws/table.ts'
import { eventBridge } from '../exports/event-bridge.ts'
import { exportPorts } from '../exports/hours.ts'
import { marketplace } from '../exports/marketplace.ts'
import { stripe } from '../exports/stripe.ts'
import { readStripeKey } from '../exports/stripe-key.ts'
import { invoicesCursor, moveCursor, readCursor } from '../ledger/cursors.ts'
import { failedInvoices } from '../ledger/failed-invoices.ts'
import { firstHour } from '../ledger/first-hour.ts'
import { lastNumber, putClosed, readClosed } from '../ledger/invoices.ts'
import { sha256 } from '../ledger/ledger.ts'
import { listUnfolded } from '../ledger/totals.ts'
import { invoiceSources } from './invoices.ts'
import { billingHours } from './ledger.ts'
import { billingCurrency, underTerms } from './terms.ts'
import { kms, once, registry, setting, settingOr } from './wiring.ts'

/** Where an exporter's requests go. */
export type ExportPlace = {
  readonly ledger: Table
  readonly eventBus: ReturnType<typeof callAws>
  readonly credentials: () => AwsCredentials
}

const invoicing = (ledger: Table, nowMs: number) => {
  const { hourAt } = billingHours()
  return finaliseInvoices({
    ...invoiceSources(ledger),
    nowMs: () => nowMs,
    listUnfolded: listUnfolded(ledger, hourAt),
    firstHour: firstHour(ledger, registry(), hourAt, nowMs),
    readCursor: readCursor<InvoiceCursor>(ledger, invoicesCursor),
    moveCursor: moveCursor<InvoiceCursor>(ledger, invoicesCursor),
    consumersAfter: consumerIdsAfter(registry()),
    readClosed: readClosed(ledger),
    lastNumber: lastNumber(ledger),
    putClosed: putClosed(ledger),
    ...failedInvoices(ledger),
  })
}

const marketplaceService = () => {
  const region = process.env.AWS_REGION ?? ''
  const endpoint =
    process.env.AWS_ENDPOINT_URL_MARKETPLACE_METERING ?? `https://metering.marketplace.${region}.amazonaws.com`
  return { endpoint, region, signingName: 'aws-marketplace', targetPrefix: 'AWSMPMeteringService' }
}

/** Each consumer is read once a tick. */
const remembering = <Value>(read: (id: string) => Promise<Value>): ((id: string) => Promise<Value>) => {
  const known = new Map<string, Promise<Value>>()
  return (id) => {
    const value = known.get(id) ?? read(id)
    known.set(id, value)
    return value
  }
}

/** Each exporter as a work of its own; one that is switched off passes over what is folded meanwhile. */
const exporting = ({ ledger, eventBus, credentials }: ExportPlace, hasTime: () => boolean) => {
  const source = `/percall/${ledger.table}`
  // The clock's, not the event's, which may come again later: receivers forget, and take only what is young.
  const now = Date.now
  const consumerOf = remembering(readConsumer(registry()))
  const ports = (name: string) => exportPorts(ledger, registry(), name, { now, hasTime })
  const events = eventBridge(eventBus, { source, currency: billingCurrency() })
  const works = [() => exportHours(ports(events.name))(events)]
  const eventName = settingOr('PERCALL_STRIPE_METER', '')
  if (eventName !== '') {
    const key = once(() => readStripeKey({ registry: registry(), kms: kms(), keyArn: setting('PERCALL_KEY_ARN') }))
    const url = settingOr('PERCALL_STRIPE_URL', 'https://api.stripe.com')
    const customerOf = async (id: string) => (await consumerOf(id))?.stripeCustomer
    const receiver = stripe({ url, key, customerOf, eventName, source, sha256 })
    works.push(() => exportHours(ports(receiver.name))(receiver))
  } else works.push(() => passHours(ports('stripe')))
  const productCode = settingOr('PERCALL_MARKETPLACE_PRODUCT', '')
  if (productCode !== '') {
    const call = callAws(marketplaceService(), credentials)
    const customerOf = async (id: string) => (await consumerOf(id))?.marketplaceCustomer
    const receiver = marketplace({ call, productCode, customerOf, now })
    works.push(() => exportHours(ports(receiver.name))(receiver))
  } else works.push(() => passHours(ports('marketplace')))
  return works
}

/** What comes after the fold in a tick: exports of folded hours, invoices of folded months. */
export const monthEndPorts = (place: ExportPlace) => ({
  /** Closes months that are over and folded. -> how many invoices were made. */
  invoice: underTerms(
    (nowMs: number, hasTime: () => boolean): Promise<number> => invoicing(place.ledger, nowMs)(hasTime),
  ),
  /** To every receiver, also where one of them fails. -> how many records were sent. Throws where some are refused for good. */
  export: underTerms(async (hasTime: () => boolean): Promise<number> => {
    const outcomes = await Promise.allSettled(exporting(place, hasTime).map((work) => work()))
    const done = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const failures: unknown[] = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    const refused = done.reduce((sum, one) => sum + one.refused, 0)
    if (refused > 0) failures.push(refusedForGood(refused))
    if (failures.length > 0) throw failureOf(failures)
    return done.reduce((sum, { sent }) => sum + sent, 0)
  }),
})
