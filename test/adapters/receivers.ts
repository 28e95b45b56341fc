/**
 * Stand-ins of the receivers of exports, which refuse what the documented services refuse, by names, types and limits:
 * Stripe, https://docs.stripe.com/api/billing/meter-event/create;
 * AWS Marketplace, https://docs.aws.amazon.com/marketplace/latest/APIReference/API_marketplace-metering_BatchMeterUsage.html;
 * EventBridge, https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { listen } from '../../local/listen.ts'
import { verifyHeader } from '../../local/signature.ts'

/** What becomes of a request: it is refused, or done and its answer lost. */
export type Fault = 'none' | 'refuse' | 'lose'

type Answer = { readonly status: number; readonly body: unknown }

export const stripeKey = 'sk_test_4242424242424242'
const secret = 'secret-of-the-role'

const stripeError = (message: string): Answer => ({
  status: 400,
  body: { error: { type: 'invalid_request_error', message } },
})

const dayMs = 86_400_000

const isWhole = (text: string): boolean => /^\d+$/.test(text)

/** Meter events: known fields only, each within its limits, one for an identifier within 24 hours; `counted` is what is billed. */
const meterEvents = (now: () => number) => {
  const taken = new Map<string, Record<string, string>>()
  const takenAt = new Map<string, number>()
  const counted: string[] = []
  const faultOf = (form: Record<string, string>): string | undefined => {
    const fields = ['event_name', 'identifier', 'timestamp', 'payload[stripe_customer_id]', 'payload[value]']
    const unknown = Object.keys(form).find((name) => !fields.includes(name))
    if (unknown !== undefined) return `Received unknown parameter: ${unknown}`
    const { event_name = '', identifier = '', timestamp = '' } = form
    if (event_name === '' || event_name.length > 100) return 'Invalid event_name'
    if (identifier === '' || identifier.length > 100) return 'Invalid identifier'
    const atMs = isWhole(timestamp) ? Number(timestamp) * 1000 : Number.NaN
    if (!(atMs > now() - 35 * dayMs && atMs < now() + 300_000)) return `Invalid timestamp ${timestamp}`
    if (!isWhole(form['payload[value]'] ?? '')) return 'Invalid value'
    return form['payload[stripe_customer_id]']?.startsWith('cus_') ? undefined : 'No such customer'
  }
  const post = (request: IncomingMessage, text: string): Answer => {
    if (request.headers.authorization !== `Bearer ${stripeKey}`) return { status: 401, body: { error: {} } }
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded')
      return stripeError('Invalid content type')
    const form = Object.fromEntries(new URLSearchParams(text))
    const fault = faultOf(form)
    if (fault !== undefined) return stripeError(fault)
    const identifier = form.identifier!
    if (now() - (takenAt.get(identifier) ?? Number.NEGATIVE_INFINITY) < dayMs)
      return stripeError(`An event already exists with identifier ${identifier}.`)
    takenAt.set(identifier, now())
    taken.set(identifier, form)
    counted.push(identifier)
    return { status: 200, body: { object: 'billing.meter_event', identifier } }
  }
  return { taken, counted, post }
}

type Record25 = Record<string, unknown>

const awsError = (name: string, message: string): Answer => ({ status: 400, body: { __type: name, message } })

/** Usage records: one quantity for a customer, dimension and hour; the same again is dropped. */
const usageRecords = (now: () => number) => {
  const taken = new Map<string, number>()
  const faultOf = (record: Record25): Answer | undefined => {
    const { Timestamp, Dimension, Quantity, CustomerAWSAccountId, CustomerIdentifier } = record
    const names = ['Timestamp', 'Dimension', 'Quantity', 'CustomerAWSAccountId', 'CustomerIdentifier']
    const unknown = Object.keys(record).find((name) => !names.includes(name))
    if (unknown !== undefined) return awsError('ValidationException', unknown)
    if (typeof Timestamp !== 'number') return awsError('ValidationException', 'Timestamp')
    if (Timestamp * 1000 <= now() - 6 * 3_600_000 || Timestamp * 1000 > now())
      return awsError('TimestampOutOfBoundsException', String(Timestamp))
    if (typeof Dimension !== 'string' || Dimension === '' || Dimension.length > 255 || Dimension === 'unknown')
      return awsError('InvalidUsageDimensionException', String(Dimension))
    if (!Number.isInteger(Quantity) || Number(Quantity) < 0 || Number(Quantity) > 2_147_483_647)
      return awsError('ValidationException', 'Quantity')
    if ((CustomerAWSAccountId === undefined) === (CustomerIdentifier === undefined))
      return awsError('InvalidCustomerIdentifierException', 'one of the two')
    if (CustomerAWSAccountId !== undefined && !/^[0-9]+$/.test(String(CustomerAWSAccountId)))
      return awsError('ValidationException', 'CustomerAWSAccountId')
    return undefined
  }
  const batch = (text: string): Answer => {
    const { ProductCode, UsageRecords } = JSON.parse(text) as {
      ProductCode: unknown
      UsageRecords: readonly Record25[]
    }
    if (typeof ProductCode !== 'string') return awsError('InvalidProductCodeException', String(ProductCode))
    if (UsageRecords.length > 25) return awsError('ValidationException', `${UsageRecords.length} records`)
    const kinds = new Set(UsageRecords.map((record) => 'CustomerAWSAccountId' in record))
    if (kinds.size > 1) return awsError('ValidationException', 'identifiers of both kinds')
    const fault = UsageRecords.map(faultOf).find((one) => one !== undefined)
    if (fault) return fault
    const Results = UsageRecords.map((record) => {
      const { Timestamp, Dimension, Quantity, CustomerAWSAccountId, CustomerIdentifier } = record
      const customer = String(CustomerAWSAccountId ?? CustomerIdentifier)
      if (customer === 'not-subscribed') return { UsageRecord: record, Status: 'CustomerNotSubscribed' }
      const key = `${customer} ${Dimension} ${Math.floor(Number(Timestamp) / 3600)}`
      const before = taken.get(key)
      if (before !== undefined && before !== Quantity) return { UsageRecord: record, Status: 'DuplicateRecord' }
      taken.set(key, Number(Quantity))
      return { UsageRecord: record, MeteringRecordId: key, Status: 'Success' }
    })
    return { status: 200, body: { Results, UnprocessedRecords: [] } }
  }
  return { taken, batch }
}

type Entry = {
  readonly Source?: string
  readonly DetailType?: string
  readonly Detail?: string
  readonly Time?: number
}

/** Events, each as often as it was sent. */
const busEvents = () => {
  const taken: Record<string, unknown>[] = []
  const put = (text: string): Answer => {
    const { Entries } = JSON.parse(text) as { Entries: readonly Entry[] }
    if (Entries.length < 1 || Entries.length > 10) return awsError('ValidationException', `${Entries.length} entries`)
    const whole = Entries.every(({ Source, DetailType, Detail }) => Source && DetailType && Detail)
    if (!whole || Buffer.byteLength(text) > 256 * 1024) return awsError('ValidationException', 'entries')
    for (const { Detail } of Entries) taken.push(JSON.parse(Detail!))
    return { status: 200, body: { FailedEntryCount: 0, Entries: Entries.map((_, i) => ({ EventId: String(i) })) } }
  }
  return { taken, put }
}

/** One server for all of them. `now` is theirs; `fault` decides of each request by its body. */
export const startReceivers = async (now: () => number, fault: (text: string) => Fault) => {
  const [stripe, marketplace, bus] = [meterEvents(now), usageRecords(now), busEvents()]
  const byTarget: Readonly<Record<string, (text: string) => Answer>> = {
    'AWSMPMeteringService.BatchMeterUsage': marketplace.batch,
    'AWSEvents.PutEvents': bus.put,
  }
  const answerOf = (request: IncomingMessage, text: string): Answer => {
    if (request.method === 'POST' && request.url === '/v1/billing/meter_events') return stripe.post(request, text)
    const bodySha256 = createHash('sha256').update(text).digest('hex')
    const signed = { method: 'POST', url: '/', headers: request.headers, bodySha256 }
    verifyHeader(signed, (id) => (id === 'ROLE' ? secret : undefined), Date.now)
    const operation = byTarget[String(request.headers['x-amz-target'])]
    return operation ? operation(text) : awsError('UnknownOperationException', String(request.headers['x-amz-target']))
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const what = fault(text)
    if (what === 'refuse') {
      response.writeHead(503).end('{}')
      return
    }
    const { status, body } = answerOf(request, text)
    if (what === 'lose') response.destroy()
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const port = await listen(server, 0)
  const url = `http://127.0.0.1:${port}`
  const service = (signingName: string, targetPrefix: string) => ({
    endpoint: url,
    region: 'us-east-1',
    signingName,
    targetPrefix,
  })
  return {
    url,
    stripe: stripe.taken,
    stripeCounted: stripe.counted,
    marketplace: marketplace.taken,
    events: bus.taken,
    meteringService: service('aws-marketplace', 'AWSMPMeteringService'),
    eventsService: service('events', 'AWSEvents'),
    credentials: () => ({ accessKeyId: 'ROLE', secretAccessKey: secret }),
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
