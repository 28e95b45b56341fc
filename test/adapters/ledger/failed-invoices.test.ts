/** Invoices that cannot be made, or do not fit one item, beside those of others. */
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { consumerIdsAfter } from '../../../adapters/access/consumer-ids.ts'
import { listAdjustments } from '../../../adapters/ledger/adjustments.ts'
import { moveCursor, readCursor } from '../../../adapters/ledger/cursors.ts'
import { failedInvoices } from '../../../adapters/ledger/failed-invoices.ts'
import { reconcileInvoices } from '../../../adapters/ledger/invoice-check.ts'
import { lastNumber, listClosed, listNumbers, putClosed, readClosed } from '../../../adapters/ledger/invoices.ts'
import { listPrices } from '../../../adapters/ledger/prices.ts'
import { listTotals, listUnfolded } from '../../../adapters/ledger/totals.ts'
import { finaliseInvoices, type InvoiceCursor } from '../../../src/billing/finalise-invoices.ts'
import { invoiceBody } from '../../../src/billing/invoice-body.ts'
import { closedInvoice, type InvoiceSources, monthRange } from '../../../src/billing/make-invoice.ts'
import { toNano } from '../../../src/billing/money.ts'
import type { Price } from '../../../src/billing/price.ts'
import { hours, lineOf, startLedger } from '../folded-month.ts'

const months = ['2026-09', '2026-10', '2026-11'] as const
const [first, second, third] = months
const hourMs = 3_600_000
const always = (): boolean => true

let place: Awaited<ReturnType<typeof startLedger>>
let priceId: string
beforeEach(async () => {
  place = await startLedger()
  priceId = (await place.addPrice('cars', { unit: 'call', amount: '0.000000005' })).id
  for (const id of ['a', 'big', 'z']) await place.addConsumer(id)
})
afterEach(() => place.close())

const sources = (): InvoiceSources => ({
  hourAt: hours,
  currency: 'EUR',
  listTotals: listTotals(place.ledger),
  listPrices: listPrices(place.registry),
  listAdjustments: listAdjustments(place.ledger),
})

const portsOf = (month: string, over: Partial<InvoiceSources> = {}) => ({
  ...sources(),
  nowMs: () => monthRange(hours, month).toMs + 2 * hourMs,
  listUnfolded: listUnfolded(place.ledger, hours),
  firstHour: async () => monthRange(hours, first).fromMs,
  readCursor: readCursor<InvoiceCursor>(place.ledger, 'invoices'),
  moveCursor: moveCursor<InvoiceCursor>(place.ledger, 'invoices'),
  consumersAfter: consumerIdsAfter(place.registry),
  readClosed: readClosed(place.ledger),
  lastNumber: lastNumber(place.ledger),
  putClosed: putClosed(place.ledger),
  ...failedInvoices(place.ledger),
  ...over,
})

/** Each consumer used something in both months; `big`, in the first, a price that nobody put. */
const useMonths = async () => {
  const known = [lineOf('cars', priceId, 2, 5)]
  const lost = [lineOf('cars', 'lost', 2, 5)]
  await place.fold(hours(monthRange(hours, first).fromMs), { a: known, big: lost, z: known })
  await place.fold(hours(monthRange(hours, second).fromMs), { a: known, big: known, z: known })
}

const kindOf = async (consumerId: string, month: string) =>
  (await readClosed(place.ledger)(consumerId, month))?.kind ?? 'open'

test('an invoice that cannot be made -> others, and later months, are; the fault names it with each tick until it can be made', async () => {
  await useMonths()
  const named = /^invoices: 1 could not be made and are tried again with each tick: big 2026-09 \(.*cars.*\)$/
  await expect(finaliseInvoices(portsOf(first))(always)).rejects.toThrow(named)
  expect([await kindOf('a', first), await kindOf('big', first), await kindOf('z', first)]).toEqual([
    ...['invoice', 'open', 'invoice'],
  ])
  await expect(finaliseInvoices(portsOf(second))(always)).rejects.toThrow(named)
  expect([await kindOf('a', second), await kindOf('big', second), await kindOf('z', second)]).toEqual([
    ...['invoice', 'invoice', 'invoice'],
  ])
  const lost = { id: 'lost', model: 'cars', unit: 'call', nanoPerUnit: toNano(5), fromMs: 0 } as unknown as Price
  const mended = { listPrices: async (model: string) => [...(await listPrices(place.registry)(model)), lost] }
  expect(await finaliseInvoices(portsOf(second, mended))(always)).toBe(1)
  expect(await kindOf('big', first)).toBe('invoice')
  expect(await failedInvoices(place.ledger).listFailed()).toEqual([])
  expect((await listNumbers(place.ledger)()).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
  expect(await finaliseInvoices(portsOf(third))(always)).toBe(0)
})

test('a tick that is killed between the note of a failed month and the move of the cursor -> the next one names it once', async () => {
  await useMonths()
  const move = moveCursor<InvoiceCursor>(place.ledger, 'invoices')
  const dying = {
    ...portsOf(first),
    moveCursor: async (to: InvoiceCursor) => {
      if (to.after !== undefined) throw new Error('killed')
      return move(to)
    },
  }
  await expect(finaliseInvoices(dying)(always)).rejects.toThrow('killed')
  expect(await failedInvoices(place.ledger).listFailed()).toEqual([{ consumerId: 'big', month: first }])
  await expect(finaliseInvoices(portsOf(first))(always)).rejects.toThrow(/^invoices: 1 could .*: big 2026-09 /)
  expect(await kindOf('z', first)).toBe('invoice')
})

const mostLines = 3000

/** An adjustment each: invoices of so many lines come of prices that follow the hour. */
const manyAdjustments =
  (count: number): InvoiceSources['listAdjustments'] =>
  async (consumerId, month) => ({
    adjustments: Array.from({ length: consumerId === 'big' ? count : 0 }, (_, i) => ({
      ...{ id: `adjustment-${i}`, consumerId, month, amountNano: BigInt(i - 3), actor: 'owner', createdAtMs: i },
      memo: `\u00fcber "quotes" \u{1f697} ${i}`.padEnd(100, '.'),
    })),
    // As the ledger has counted: none.
    count: 0,
  })

test.for([3, mostLines])(
  'an invoice with %i adjustments -> is kept whole, read back as it was made, and reconciles',
  async (count) => {
    await useMonths()
    const over = { listAdjustments: manyAdjustments(count) }
    await expect(finaliseInvoices(portsOf(second, over))(always)).rejects.toThrow('big 2026-09')
    const { invoice } = await closedInvoice({ ...sources(), ...over })(
      { consumerId: 'big', month: second },
      portsOf(second).nowMs(),
    )
    const closed = await readClosed(place.ledger)('big', second)
    const body = closed?.kind === 'invoice' ? closed.body : undefined
    expect(JSON.stringify(body)).toBe(
      JSON.stringify(invoiceBody({ ...invoice, state: 'final', number: body!.number! })),
    )
    expect(body!.lines).toHaveLength(count + 1)
    const reconciled = reconcileInvoices({ ...place, sources: { ...sources(), ...over } })
    expect(await reconciled(monthRange(hours, second))).toEqual([])
    expect((await listClosed(place.ledger)('big', { limit: 9 })).items).toMatchObject([
      { body: { month: second, total: body!.total, number: body!.number } },
    ])
  },
)

test('a part of an invoice altered behind the product -> reconcile names the invoice; reading it is refused', async () => {
  await useMonths()
  const over = { listAdjustments: manyAdjustments(mostLines) }
  await expect(finaliseInvoices(portsOf(second, over))(always)).rejects.toThrow('big 2026-09')
  const [listed] = (await listClosed(place.ledger)('big', { limit: 1 })).items
  const digest = listed?.kind === 'invoice' ? listed.body.parts?.digest : undefined
  const pk = `VL#big#${second}#${digest}`
  const { documents } = place.ledger
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: 'ledger',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    }),
  )
  expect(Items.length).toBeGreaterThan(1)
  await documents.send(new PutCommand({ TableName: 'ledger', Item: { ...Items[1], lines: '[]' } }))
  await expect(readClosed(place.ledger)('big', second)).rejects.toThrow(/invoice of big 2026-10: expected \d parts/)
  const reconciled = reconcileInvoices({ ...place, sources: { ...sources(), ...over } })
  expect(await reconciled(monthRange(hours, second))).toMatchObject([
    { consumer: 'big', text: expect.stringMatching(/^2026-10 lines: expected what was put, got invoice of big/) },
  ])
})
