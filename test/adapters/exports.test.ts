import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConsumer } from '../../adapters/access/consumers.ts'
import { callAws } from '../../adapters/aws/aws-json.ts'
import { totalParts } from '../../adapters/exports/csv.ts'
import { eventBridge } from '../../adapters/exports/event-bridge.ts'
import { exportPorts, listRefusals } from '../../adapters/exports/hours.ts'
import { marketplace } from '../../adapters/exports/marketplace.ts'
import { stripe } from '../../adapters/exports/stripe.ts'
import { sha256 } from '../../adapters/ledger/ledger.ts'
import type { Consumer } from '../../src/access/consumer.ts'
import { totalsHeader } from '../../src/export/csv.ts'
import { type CsvPart, type CsvPlace, csvPage, readPlace, writePlace } from '../../src/export/csv-page.ts'
import { type Exported, exportHours, passHours, type Receiver } from '../../src/export/export-hours.ts'
import type { ExportRecord } from '../../src/export/record.ts'
import type { TotalLine } from '../../src/ledger/totals.ts'
import { hours, lineOf, startLedger } from './folded-month.ts'
import { type Fault, startReceivers, stripeKey } from './receivers.ts'

const hourMs = 3_600_000
// The hour that Berlin's clocks have twice is among those that are folded.
const startMs = Date.UTC(2026, 9, 24, 23)
let nowMs = startMs
const now = () => nowMs

let fault: () => Fault = () => 'none'
let place: Awaited<ReturnType<typeof startLedger>>
let receivers: Awaited<ReturnType<typeof startReceivers>>
beforeAll(async () => {
  ;[place, receivers] = await Promise.all([startLedger(), startReceivers(now, () => fault())])
  await place.addConsumer('both', { stripeCustomer: 'cus_both', marketplaceCustomer: '123456789012' })
  await place.addConsumer('buyer', { marketplaceCustomer: 'id-of-buyer' })
  await place.addConsumer('gone', { marketplaceCustomer: 'not-subscribed' })
  await place.addConsumer('plain')
  for (let i = 0; i < 24; i++)
    await place.addConsumer(many(i), { stripeCustomer: `cus_${i}`, marketplaceCustomer: `m-${i}` })
})
afterAll(() => Promise.all([place.close(), receivers.close()]))

const many = (i: number): string => `many-${String(i).padStart(2, '0')}`

type Used = Readonly<Record<string, readonly TotalLine[]>>

/** Two models of each; some rows of each model were free. */
const usedIn = (hour: number): Used => {
  const of = (n: number): readonly TotalLine[] => [
    lineOf('a', 'p', 10 * hour + n + 1, 5),
    lineOf('a', undefined, 3, 0),
    lineOf('b', 'q', n + 1, 7),
    lineOf('free', 'r', 9, 0),
  ]
  const ids = [...Array.from({ length: 24 }, (_, i) => many(i)), 'both', 'buyer', 'gone', 'plain']
  return Object.fromEntries(ids.map((id, n) => [id, of(n)]))
}

type Field = 'stripeCustomer' | 'marketplaceCustomer'

const known = new Map<string, Consumer>()

const customerOf = (field: Field) => async (id: string) => {
  const consumer = known.get(id) ?? (await readConsumer(place.registry)(id))
  if (consumer) known.set(id, consumer)
  return consumer?.[field]
}

const folded = new Map<string, readonly ExportRecord[]>()

const stripeOf = (key: string) =>
  stripe({
    ...{ url: receivers.url, key: async () => key, customerOf: customerOf('stripeCustomer') },
    ...{ eventName: 'percall_{model}', source: '/percall/ledger', sha256 },
  })

const receiverOf = {
  events: () =>
    eventBridge(callAws(receivers.eventsService, receivers.credentials), {
      source: '/percall/ledger',
      currency: 'EUR',
    }),
  stripe: () => stripeOf(stripeKey),
  marketplace: () =>
    marketplace({
      call: callAws(receivers.meteringService, receivers.credentials),
      ...{ productCode: 'prod', customerOf: customerOf('marketplaceCustomer'), now },
    }),
} as const

const runOf =
  (dies: () => boolean, hasTime = () => true) =>
  async <Message>(receiver: Receiver<Message>): Promise<Exported> => {
    const ports = exportPorts(place.ledger, place.registry, receiver.name, { now, hasTime })
    const moveCursor: typeof ports.moveCursor = async (to) => {
      // Between what was sent and the note of it.
      if (to.revision > 1 && dies()) throw new Error('killed')
      return ports.moveCursor(to)
    }
    // They cannot change: each is read from its totals once, for all of the ticks below.
    const recordsOf: typeof ports.recordsOf = async (hour) => {
      const records = folded.get(hour.hour) ?? (await ports.recordsOf(hour))
      folded.set(hour.hour, records)
      return records
    }
    return exportHours({ ...ports, moveCursor, recordsOf })(receiver)
  }

/** Ticks until two in a row have nothing to send. */
const untilDone = async (run: () => Promise<Exported>): Promise<Exported> => {
  let [sent, refused, quiet] = [0, 0, 0]
  for (let i = 0; i < 300 && quiet < 2; i++) {
    const done = await run().catch(() => undefined)
    quiet = done && done.sent + done.refused === 0 ? quiet + 1 : 0
    sent += done?.sent ?? 0
    refused += done?.refused ?? 0
  }
  expect(quiet).toBe(2)
  return { sent, refused }
}

/** Every third or so, in an order that does not depend on time. */
const draws = (seed: number) => {
  let state = seed
  return (share: number): boolean => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648 < share
  }
}

const hourList = Array.from({ length: 4 }, (_, i) => hours(startMs + i * hourMs))

test('before the first fold -> nothing is sent; an exporter that comes first later begins with what is folded from then on', async () => {
  for (const make of Object.values(receiverOf))
    expect(await runOf(() => false)(make() as Receiver<unknown>)).toEqual({ sent: 0, refused: 0 })
  nowMs = hourList[0]!.endMs
  await place.fold(hourList[0]!, usedIn(0))
  const newcomer = { ...receiverOf.events(), name: 'newcomer' }
  expect(await runOf(() => false)(newcomer)).toEqual({ sent: 0, refused: 0 })
  expect(await runOf(() => false)(newcomer)).toEqual({ sent: 0, refused: 0 })
  expect(receivers.events).toEqual([])
})

test('exporters killed between sending and noting it, answers lost, refused for a while -> each id once after de-duplication, none missing', async () => {
  // An hour that waited is folded behind a later one.
  nowMs = hourList[3]!.endMs
  for (const i of [1, 3, 2]) await place.fold(hourList[i]!, usedIn(i))
  const draw = draws(7)
  let share = 0.15
  fault = () => (draw(share) ? 'refuse' : draw(share) ? 'lose' : 'none')
  const run = runOf(() => draw(0.3))
  await untilDone(() => run(receiverOf.events()))
  await untilDone(() => run(receiverOf.marketplace()))
  // Twenty requests a chunk.
  share = 0.02
  await untilDone(() => run(receiverOf.stripe()))
  fault = () => 'none'

  const all = hourList.flatMap(({ label }, i) =>
    Object.entries(usedIn(i)).flatMap(([consumer, lines]) =>
      ['a', 'b', 'free'].map((model) => ({
        ...{ hour: label, startMs: hourList[i]!.startMs, consumer, model },
        units: lines
          .filter((line) => line.model === model && line.costNano > 0n)
          .reduce((sum, { units }) => sum + units, 0),
      })),
    ),
  )
  const events = new Map(receivers.events.map((event) => [`${event.source} ${event.id}`, event]))
  expect([...events.keys()].sort()).toEqual(
    all.map(({ hour, consumer, model }) => `/percall/ledger ${hour}/${consumer}/${model}`).sort(),
  )
  // Sent more than once, and each time the same.
  expect(receivers.events.length).toBeGreaterThan(events.size)
  for (const event of receivers.events) expect(event).toEqual(events.get(`${event.source} ${event.id}`))
  expect(events.get(`/percall/ledger ${hourList[2]!.label}/both/a`)).toMatchObject({
    ...{ specversion: '1.0', type: 'percall.usage.hour', subject: 'both', time: '2026-10-25T02:00:00.000Z' },
    data: { hour: '2026-10-25T02+01:00', calls: 48, units: 45, unit: 'call', cost: '0.000000225', currency: 'EUR' },
  })

  const billed = all.filter(({ consumer, units }) => units > 0 && /^(both|many)/.test(consumer))
  const customerAt = (consumer: string) => (consumer === 'both' ? 'cus_both' : `cus_${Number(consumer.slice(5))}`)
  const form = (one: Record<string, string>) =>
    [one.event_name, one.timestamp, one['payload[stripe_customer_id]'], one['payload[value]']].join(' ')
  expect([...receivers.stripe.values()].map(form).sort()).toEqual(
    billed.map((one) => `percall_${one.model} ${one.startMs / 1000} ${customerAt(one.consumer)} ${one.units}`).sort(),
  )

  const bought = all.filter(({ consumer, units }) => units > 0 && /^(both|buyer|many)/.test(consumer))
  const buyerOf = (consumer: string) =>
    ({ both: '123456789012', buyer: 'id-of-buyer' })[consumer] ?? `m-${Number(consumer.slice(5))}`
  expect([...receivers.marketplace].map(([key, quantity]) => `${key} ${quantity}`).sort()).toEqual(
    bought.map((one) => `${buyerOf(one.consumer)} ${one.model} ${one.startMs / hourMs} ${one.units}`).sort(),
  )
  const { items } = await listRefusals(place.ledger)('marketplace', { limit: 100 })
  expect(items.map(({ id, reason }) => `${id} ${reason}`).sort()).toEqual(
    hourList.flatMap(({ label }) => ['a', 'b'].map((model) => `${label}/gone/${model} CustomerNotSubscribed`)).sort(),
  )
})

test('usage six hours old -> refused and named, not sent; a wrong key of Stripe -> nothing moves until it is right', async () => {
  const hour = hours(startMs + 9 * hourMs)
  await place.fold(hour, { both: [lineOf('a', 'p', 4, 5)] })
  nowMs = hour.startMs + 6 * hourMs
  const before = receivers.marketplace.size
  expect(await untilDone(() => runOf(() => false)(receiverOf.marketplace()))).toEqual({ sent: 0, refused: 1 })
  expect(receivers.marketplace.size).toBe(before)
  const { items } = await listRefusals(place.ledger)('marketplace', { limit: 1 })
  expect(items).toMatchObject([
    { id: `${hour.label}/both/a`, reason: expect.stringMatching(/^time: expected at most 6 hours ago/) },
  ])
  const sent = receivers.stripe.size
  await expect(runOf(() => false)(stripeOf('sk_test_wrong'))).rejects.toThrow(
    /expected the event .*both\/a to be taken, got 401/,
  )
  expect(receivers.stripe.size).toBe(sent)
  expect(await runOf(() => false)(receiverOf.stripe())).toEqual({ sent: 1, refused: 0 })
})

test('a model that is no dimension of the product -> refused and named alone, the rest of its request is sent', async () => {
  const hour = hours(startMs + 12 * hourMs)
  nowMs = hour.endMs
  const lines = ['a', 'unknown', 'z'].map((model, i) => lineOf(model, 'p', i + 1, 5))
  await place.fold(hour, { buyer: lines })
  const before = receivers.marketplace.size
  expect(await runOf(() => false)(receiverOf.marketplace())).toEqual({ sent: 2, refused: 1 })
  expect(receivers.marketplace.size - before).toBe(2)
  const { items } = await listRefusals(place.ledger)('marketplace', { limit: 100 })
  expect(items.filter(({ id }) => id.startsWith(hour.label))).toMatchObject([
    { id: `${hour.label}/buyer/unknown`, reason: 'InvalidUsageDimensionException' },
  ])
})

test('an hour folded three days after it -> sent; one folded while the exporter was off -> not sent', async () => {
  const [late, off] = [hours(startMs + 14 * hourMs), hours(startMs + 15 * hourMs)]
  const ports = exportPorts(place.ledger, place.registry, 'stripe', { now, hasTime: () => true })
  await untilDone(() => runOf(() => false)(receiverOf.stripe()))
  nowMs = late.endMs + 72 * hourMs
  await place.fold(late, { both: [lineOf('a', 'p', 4, 5)] })
  expect(await runOf(() => false)(receiverOf.stripe())).toEqual({ sent: 1, refused: 0 })
  await place.fold(off, { both: [lineOf('a', 'p', 4, 5)] })
  await passHours(ports)
  expect(await runOf(() => false)(receiverOf.stripe())).toEqual({ sent: 0, refused: 0 })
})

test('refusals before a failure -> both are told', async () => {
  const failing: Receiver<string> = {
    ...{ name: 'newcomer', mostMessages: 1 },
    tell: async ({ model }) =>
      model === 'a' ? { kind: 'refused', refusal: { id: model, reason: 'no' } } : { kind: 'message', message: model },
    send: async () => {
      throw new Error('503')
    },
  }
  await expect(runOf(() => false)(failing)).rejects.toThrow(/^503; exports: \d+ records were refused for good/)
})

test('two exporters at once -> one goes on, nothing is missing', async () => {
  const hour = hours(startMs + 20 * hourMs)
  nowMs = hour.endMs
  await place.fold(hour, usedIn(5))
  const before = receivers.stripe.size
  await Promise.all([1, 2].map(() => runOf(() => false)(receiverOf.stripe())))
  await untilDone(() => runOf(() => false)(receiverOf.stripe()))
  expect(receivers.stripe.size - before).toBe(2 * 25)
})

test('the totals as CSV, from each place on -> what is left of the file', async () => {
  const range = { fromMs: startMs, toMs: startMs + 4 * hourMs }
  const read = async (after?: CsvPlace) => {
    const parts: CsvPart[] = []
    for await (const part of totalParts(place.ledger, 'EUR')(range, after)) parts.push(part)
    return parts
  }
  const whole = await read()
  expect(whole).toHaveLength(4 * 28)
  const lines = whole
    .map(({ text }) => text)
    .join('')
    .trimEnd()
    .split('\r\n')
  expect(lines).toHaveLength(4 * 28 * 4)
  expect(lines).toContain(
    '2026-10-25T02+02:00,2026-10-25T00:00:00.000Z,2026-10-25T01:00:00.000Z,both,a,1,k,call,p,,35,35,0.000000175,EUR',
  )
  for (const i of [0, 27, 28, 60, 111])
    expect(await read(readPlace(writePlace(whole[i]!.place)))).toEqual(whole.slice(i + 1))
  const page = await csvPage(totalsHeader, totalParts(place.ledger, 'EUR')(range), () => false)
  expect(page).toEqual({ text: totalsHeader + whole[0]!.text, next: whole[0]!.place })
  await expect(read({ hour: '2020-01-01T00+00:00', key: 'a' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})
