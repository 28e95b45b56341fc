import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { consumerIdsAfter } from '../../../adapters/access/consumer-ids.ts'
import { listAdjustments, putAdjustment } from '../../../adapters/ledger/adjustments.ts'
import { moveCursor, readCursor } from '../../../adapters/ledger/cursors.ts'
import { failedInvoices } from '../../../adapters/ledger/failed-invoices.ts'
import { firstHour } from '../../../adapters/ledger/first-hour.ts'
import { reconcileInvoices } from '../../../adapters/ledger/invoice-check.ts'
import { lastNumber, listNumbers, putClosed, readClosed } from '../../../adapters/ledger/invoices.ts'
import { listPrices } from '../../../adapters/ledger/prices.ts'
import { listRecords, listTotals, listUnfolded, totalsPk } from '../../../adapters/ledger/totals.ts'
import {
  type FinalisePorts,
  finaliseInvoice,
  finaliseInvoices,
  type InvoiceCursor,
} from '../../../src/billing/finalise-invoices.ts'
import type { InvoiceBody } from '../../../src/billing/invoice-body.ts'
import { monthRange } from '../../../src/billing/make-invoice.ts'
import { hours, lineOf, startLedger } from '../folded-month.ts'

const month = '2026-10'
const { fromMs, toMs } = monthRange(hours, month)
const hourMs = 3_600_000
const always = (): boolean => true

let place: Awaited<ReturnType<typeof startLedger>>
let priceId: string
beforeEach(async () => {
  place = await startLedger()
  priceId = (await place.addPrice('cars', { unit: 'call', amount: '0.000000005', freePerMonth: 3 })).id
})
afterEach(() => place.close())

const sources = () => ({
  hourAt: hours,
  currency: 'EUR',
  listTotals: listTotals(place.ledger),
  listPrices: listPrices(place.registry),
  listAdjustments: listAdjustments(place.ledger),
})

const ports = (nowMs: number, over: Partial<FinalisePorts> = {}): FinalisePorts => ({
  ...sources(),
  nowMs: () => nowMs,
  listUnfolded: listUnfolded(place.ledger, hours),
  firstHour: async () => (await listRecords(place.ledger)({ fromMs: 0, toMs: nowMs }))[0]?.startMs,
  readCursor: readCursor<InvoiceCursor>(place.ledger, 'invoices'),
  moveCursor: moveCursor<InvoiceCursor>(place.ledger, 'invoices'),
  consumersAfter: (after) => consumerIdsAfter(place.registry)(after, 4),
  readClosed: readClosed(place.ledger),
  lastNumber: lastNumber(place.ledger),
  putClosed: putClosed(place.ledger),
  ...failedInvoices(place.ledger),
  ...over,
})

const adjust = (consumerId: string, id: string, amountNano: bigint, memo = 'm') =>
  putAdjustment(place.ledger, 'registry')(
    { id, consumerId, month, amountNano, memo, actor: 'owner', createdAtMs: 1 },
    true,
  )

const consumers = Array.from({ length: 9 }, (_, i) => `c${i}`)

/** All but the last used something in the first and in the last hour of the month. */
const useMonth = async () => {
  for (const id of consumers) await place.addConsumer(id)
  const used = (units: number) =>
    Object.fromEntries(consumers.slice(0, -1).map((id, i) => [id, [lineOf('cars', priceId, units + i, 5)]]))
  await place.fold(hours(fromMs), used(2))
  await place.fold(hours(toMs - 1), used(4))
  await place.fold(hours(toMs), used(100))
}

const differences = (range = { fromMs, toMs }) => reconcileInvoices({ ...place, sources: sources() })(range)

/** Ticks, several at once, some of which die before or after their transaction, until the month is closed. */
const race = async (nowMs: number, meanwhile: () => Promise<unknown> = async () => {}) => {
  let step = 0
  const dying = (dies: (i: number) => 'before' | 'after' | undefined) =>
    ports(nowMs, {
      putClosed: async (...asked) => {
        step += 1
        const death = dies(step)
        if (death === 'before') throw new Error('killed')
        const outcome = await putClosed(place.ledger)(...asked)
        if (death === 'after') throw new Error('killed')
        return outcome
      },
      // Whoever is killed writes nothing more.
      noteFailed: async () => {
        throw new Error('killed')
      },
    })
  const deaths = [
    (i: number) => (i % 3 === 0 ? 'before' : undefined),
    (i: number) => (i % 4 === 0 ? 'after' : undefined),
  ] as const
  for (let round = 0; round < 40; round++) {
    const ticks = [dying(deaths[0]), dying(deaths[1]), ports(nowMs)].map((one) => finaliseInvoices(one)(always))
    await Promise.allSettled([...ticks, meanwhile()])
    if ((await readCursor<InvoiceCursor>(place.ledger, 'invoices')())?.month === '2026-11') return
  }
}

test('finalisers that race and die, adjustments that come meanwhile -> one invoice each, numbers without gaps, nothing lost', async () => {
  await useMonth()
  const outcomes: { id: string; taken: boolean }[] = []
  let count = 0
  await race(toMs + 2 * hourMs, async () => {
    const id = `a${count++}`
    const taken = await adjust(consumers[count % consumers.length]!, id, 7n).then(
      () => true,
      (thrown) => {
        expect(thrown).toMatchObject({ code: 'CONFLICT' })
        return false
      },
    )
    outcomes.push({ id, taken })
  })
  const kept = await Promise.all(consumers.map((id) => readClosed(place.ledger)(id, month)))
  const bodies = kept.flatMap((closed) => (closed?.kind === 'invoice' ? [closed.body] : []))
  expect(kept.every((closed) => closed !== undefined)).toBe(true)
  const numbers = bodies.map(({ number }) => number!).sort((a, b) => a - b)
  expect(numbers).toEqual(bodies.map((_, i) => i + 1))
  expect((await listNumbers(place.ledger)()).map(({ number }) => number)).toEqual(numbers)
  expect(await lastNumber(place.ledger)()).toBe(bodies.length)
  expect(bodies.length).toBeGreaterThanOrEqual(consumers.length - 1)
  // (2 + 4 calls and twice i, of which 3 are free, at 5 nano.
  const used = bodies.map(({ lines }) => lines.filter(({ kind }) => kind !== 'adjustment').map(({ amount }) => amount))
  expect(used[1]).toEqual(['0.00000004', '-0.000000015'])
  const printed = bodies.flatMap(({ lines }) => lines.flatMap(({ id }) => (id === undefined ? [] : [id])))
  expect(printed.sort()).toEqual(
    outcomes
      .filter(({ taken }) => taken)
      .map(({ id }) => id)
      .sort(),
  )
  expect(await differences()).toEqual([])
})

test('a month that is not over, or has an hour that is not folded -> stays open; the next month begins when it is closed', async () => {
  await useMonth()
  expect(await finaliseInvoices(ports(toMs))(always)).toBe(0)
  const late = hours(toMs - 5 * hourMs)
  // An opening of a late hour notes it.
  const { noteHour } = await import('../../../adapters/ledger/ledger-keys.ts')
  await place.ledger.documents.send(new UpdateCommand(noteHour('ledger', late.label, 'c0').Update))
  expect(await finaliseInvoices(ports(toMs + 2 * hourMs))(always)).toBe(0)
  expect(await readClosed(place.ledger)('c0', month)).toBeUndefined()
  await place.fold(late, { c0: [lineOf('cars', priceId, 1, 5)] })
  await race(toMs + 2 * hourMs)
  expect(await readClosed(place.ledger)('c0', month)).toMatchObject({ body: { number: 1, total: '0.00000002' } })
  expect(await readClosed(place.ledger)('c8', month)).toEqual({ kind: 'nothing', month })
  expect(await readClosed(place.ledger)('c0', '2026-11')).toBeUndefined()
})

test('an adjustment twice -> made once, with one row of the audit; its key for another -> refused; a final month -> CONFLICT', async () => {
  await place.addConsumer('c0')
  await place.fold(hours(fromMs), { c0: [lineOf('cars', priceId, 4, 5)] })
  expect(await adjust('c0', 'x', -5n)).toMatchObject({ isNew: true })
  expect(await adjust('c0', 'x', -5n)).toMatchObject({ isNew: false, adjustment: { amountNano: -5n } })
  await expect(adjust('c0', 'x', -6n)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  await expect(adjust('c0', 'x', -5n, 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  const query = {
    TableName: 'registry',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'AUDIT' },
  }
  const { Items = [] } = await place.registry.documents.send(new QueryCommand(query))
  expect(Items.filter(({ action }) => action === 'invoice.adjust')).toMatchObject([
    { of: `invoice/c0/${month}/x`, to: { amount: '-0.000000005', memo: 'm' } },
  ])
  await race(toMs + 2 * hourMs)
  expect(await readClosed(place.ledger)('c0', month)).toMatchObject({ body: { total: '0' } })
  await expect(adjust('c0', 'y', 1n)).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await adjust('c0', 'x', -5n)).toMatchObject({ isNew: false })
})

test('an adjustment of a month before the first rows, in which the consumer was there -> is invoiced', async () => {
  await place.addConsumer('c0', { createdAtMs: fromMs + 5 * hourMs })
  await place.addConsumer('c1', { createdAtMs: toMs + 5 * hourMs })
  await adjust('c0', 'x', 5n)
  const nowMs = toMs + 9 * hourMs
  const own = ports(nowMs, { firstHour: firstHour(place.ledger, place.registry, hours, nowMs) })
  expect(await own.firstHour()).toBe(fromMs + 4 * hourMs)
  await place.fold(hours(toMs + 6 * hourMs), { c0: [lineOf('cars', priceId, 4, 5)] })
  expect(await finaliseInvoices(own)(always)).toBe(1)
  expect(await readClosed(place.ledger)('c0', month)).toMatchObject({ body: { number: 1, total: '0.000000005' } })
})

test('an adjustment, and a number that is taken, between the reads and the transaction -> the invoice is made anew, with both', async () => {
  await useMonth()
  let calls = 0
  const interrupted = ports(toMs + 2 * hourMs, {
    putClosed: async (consumerId, closed, count) => {
      calls += 1
      if (calls === 1) await adjust(consumerId, 'late', 9n)
      if (calls === 2) {
        const body = closed.kind === 'invoice' ? closed.body : undefined
        const other = { kind: 'invoice', body: { ...body!, consumer: 'c7' } } as const
        expect(await putClosed(place.ledger)('c7', other, 0)).toBe('closed')
      }
      return putClosed(place.ledger)(consumerId, closed, count)
    },
  })
  expect(await finaliseInvoice(interrupted)('c0', month)).toBe(true)
  expect(await readClosed(place.ledger)('c0', month)).toMatchObject({ body: { number: 2, total: '0.000000024' } })
  expect(calls).toBe(3)
})

test('an invoice, a total or a number altered behind the product -> each is named', async () => {
  await useMonth()
  await race(toMs + 2 * hourMs)
  const { documents } = place.ledger
  const Key = { pk: 'V#c1', sk: month }
  const { Item } = await documents.send(new GetCommand({ TableName: 'ledger', Key }))
  const body = Item?.body as InvoiceBody
  await documents.send(
    new PutCommand({ TableName: 'ledger', Item: { ...Item, body: { ...body, due: '0.000000001' } } }),
  )
  const alter = async (consumerId: string, cost: number) =>
    documents.send(
      new UpdateCommand({
        TableName: 'ledger',
        Key: { pk: totalsPk(consumerId), sk: (await firstTotal(consumerId)).sk },
        UpdateExpression: 'SET #lines[0].costNano = :cost',
        ExpressionAttributeNames: { '#lines': 'lines' },
        ExpressionAttributeValues: { ':cost': cost },
      }),
    )
  await alter('c2', 1000)
  // Less than its units cost: no invoice can be made of it.
  await alter('c3', 1)
  const last = await lastNumber(place.ledger)()
  await documents.send(
    new UpdateCommand({
      TableName: 'ledger',
      Key: { pk: 'INVOICES', sk: '-' },
      UpdateExpression: 'SET #last = :last',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: { ':last': last + 1 },
    }),
  )
  const found = await differences()
  const kind = 'invoice differs'
  expect(found).toContainEqual({ kind, consumer: 'c1', text: `${month} due: expected ${body.due}, got 0.000000001` })
  expect(found).toContainEqual({ kind, text: `number: expected ${last + 1}, got none` })
  const textsOf = (id: string) => found.filter(({ consumer }) => consumer === id).map(({ text }) => text)
  expect(textsOf('c2').join()).toContain(
    `${month} minimum cars at price ${priceId}: expected {"amount":"0.00000098"}, got none`,
  )
  expect(textsOf('c3').join()).toMatch(
    /invoice: expected none that could be made: invoice of cars: expected rows that cost at least .*, got number 4$/,
  )
  expect(new Set(found.map(({ consumer }) => consumer))).toEqual(new Set(['c1', 'c2', 'c3', undefined]))
  // Of another month, the numbers alone are looked at.
  expect(await differences({ fromMs: toMs, toMs: toMs + hourMs })).toEqual([
    { kind, text: `number: expected ${last + 1}, got none` },
  ])
})

const firstTotal = async (consumerId: string) => {
  const query = {
    TableName: 'ledger',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': totalsPk(consumerId) },
  }
  const { Items = [] } = await place.ledger.documents.send(new QueryCommand(query))
  return Items[0] as { sk: string }
}

test('a range that ends before it begins, as of a day ahead up to what must be folded by now -> no hours, no fault', async () => {
  const range = { fromMs: toMs, toMs: fromMs }
  expect(await listTotals(place.ledger)('acme', range)).toEqual([])
  expect(await listRecords(place.ledger)(range)).toEqual([])
})
