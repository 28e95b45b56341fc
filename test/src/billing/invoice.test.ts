import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { invoiceAmounts, type MonthSum, sumOf } from '../../../src/billing/invoice.ts'
import { type InvoiceBody, invoiceBody } from '../../../src/billing/invoice-body.ts'
import { checkInvoices } from '../../../src/billing/invoice-check.ts'
import { invoicePage, rounded } from '../../../src/billing/invoice-page.ts'
import { monthRange } from '../../../src/billing/make-invoice.ts'
import { formatNano, parseSignedNano, toNano, zeroNano } from '../../../src/billing/money.ts'
import { monthSums } from '../../../src/billing/month-sums.ts'
import { monthOf } from '../../../src/billing/plan.ts'
import { costOf, type Price, priceInForce, unitsOf } from '../../../src/billing/price.ts'
import { newPrice, priceSchema } from '../../../src/billing/price-request.ts'
import { rebateOf } from '../../../src/billing/rebate.ts'
import { hourAt, startOfDay, zoneOffset } from '../../../src/ledger/hour.ts'
import { addRow, type Lines, linesOf } from '../../../src/ledger/totals.ts'
import type { UsageRow } from '../../../src/ledger/usage-row.ts'

type Sheet = {
  readonly zone: string
  readonly month: string
  readonly prices: readonly ({ id: string; model: string; from: string | null; madeAt?: string } & Record<
    string,
    unknown
  >)[]
  readonly adjustments: readonly { id: string; amount: string; memo: string }[]
  readonly rows: readonly { at: string; model: string; rows: number; tokens: number; batch: boolean }[]
  readonly lines: readonly {
    kind: string
    model?: string
    price?: string | null
    calls?: number
    units?: number
    from?: number
    id?: string
    amount: string
  }[]
  readonly total: string
}

const sheet: Sheet = JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/invoices/month.json'), 'utf8'))
const zoneHours = hourAt(zoneOffset(sheet.zone))

const prices: readonly Price[] = sheet.prices.map(({ id, model, from, madeAt: _, ...fields }) => ({
  ...{ id, model, fromMs: from === null ? 0 : Date.parse(from) },
  ...newPrice(priceSchema.parse(fields)),
}))
/** A first price holds from the moment when it was put. */
const madeAtMs = new Map(sheet.prices.map(({ id, madeAt }) => [id, madeAt === undefined ? 0 : Date.parse(madeAt)]))

/** As the ledger has it: priced by the hour of its admission; a batch has no minimum. */
const rowOf = ({ at, model, rows, tokens, batch }: Sheet['rows'][number]): UsageRow => {
  const admittedAtMs = Date.parse(at)
  const hour = zoneHours(admittedAtMs)
  const there = prices.filter((price) => price.model === model && madeAtMs.get(price.id)! <= admittedAtMs)
  const price = priceInForce(there, hour.startMs)
  const unit = price?.unit ?? 'call'
  const units = unitsOf(batch && unit === 'call' ? 'row' : unit, { row: rows, token: tokens })
  const costNano = costOf(price && batch ? { ...price, minimumPerCallNano: zeroNano } : price, units)
  return {
    ...{ kind: 'row', number: 1, previous: '', nonce: '', keyId: 'k', model, version: 1, origin: 'sync', admittedAtMs },
    ...{ unit, units, costNano, durationMs: 1, cold: false, requestId: '' },
    ...(price && { priceId: price.id }),
  }
}

/** Rows of the month by their local hours, as totals have them. */
const totalsOf = (rows: readonly UsageRow[]) => {
  const ofMonth = rows.filter(({ admittedAtMs }) => monthOf(zoneHours(admittedAtMs)) === sheet.month)
  const hours = Map.groupBy(ofMonth, ({ admittedAtMs }) => zoneHours(admittedAtMs).label)
  return [...hours.values()].map((ofHour) => {
    const lines: Lines = new Map()
    for (const row of ofHour) addRow(lines, row, undefined)
    return { lines: linesOf(lines) }
  })
}

const adjustments = sheet.adjustments.map(({ id, amount, memo }, i) => ({
  ...{ id, memo, consumerId: 'acme', month: sheet.month, actor: 'owner', createdAtMs: i },
  amountNano: parseSignedNano('amount', amount),
}))

const sheetInvoice = (): InvoiceBody =>
  invoiceBody({
    ...{ consumerId: 'acme', month: sheet.month, state: 'final', number: 7, currency: 'EUR', madeAtMs: 0 },
    ...monthRange(zoneHours, sheet.month),
    ...invoiceAmounts(monthSums(totalsOf(sheet.rows.map(rowOf))).sums, prices, adjustments, []),
  })

test('a month with a change of price, tiers, free units, minimums and adjustments -> the spreadsheet of month.py, to the nano', () => {
  const { lines, total, due } = sheetInvoice()
  const told = lines.map(({ kind, model, price, calls, units, from, id, amount }) => {
    if (kind === 'usage') return { kind, model, price: price ?? null, calls, units: Number(units), amount }
    if (kind === 'adjustment') return { kind, id, amount }
    return { kind, model, price, ...(from !== undefined && { from }), amount }
  })
  const exact = (amount: string): string => formatNano(parseSignedNano('amount', amount))
  expect(told).toEqual(sheet.lines.map((line) => ({ ...line, amount: exact(line.amount) })))
  expect([total, due]).toEqual([exact(sheet.total), exact(sheet.total)])
})

const unitsOfPrice = fc.constantFrom('call' as const, 'row' as const)

const pricesOfModel = (model: string) =>
  fc
    .array(
      fc.record({
        unit: unitsOfPrice,
        nano: fc.integer({ min: 5, max: 50 }),
        minimum: fc.nat(100),
        free: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
        tier: fc.option(fc.integer({ min: 31, max: 90 }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) =>
      all.map(
        ({ unit, nano, minimum, free, tier }, i): Price => ({
          ...{
            id: `${model}-${i}`,
            model,
            unit,
            nanoPerUnit: toNano(nano),
            minimumPerCallNano: toNano(minimum),
            fromMs: i,
          },
          ...(free !== undefined && { freePerMonth: free }),
          ...(tier !== undefined && { tiers: [{ from: tier, nanoPerUnit: toNano(nano - 4) }] }),
        }),
      ),
    )

const monthOfRows = fc.record({
  prices: fc.tuple(pricesOfModel('a'), pricesOfModel('b')).map((all) => all.flat()),
  calls: fc.array(fc.record({ place: fc.nat(9), units: fc.integer({ min: 1, max: 25 }) }), { maxLength: 40 }),
  unpriced: fc.nat(5),
  adjustments: fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 3 }),
  free: fc.nat(400),
  prepaid: fc.nat(400),
})

test('any month -> the sum of its lines is rows less rebates with adjustments; what is due is that less what was paid', () => {
  const property = fc.property(monthOfRows, ({ prices, calls, unpriced, adjustments, free, prepaid }) => {
    const sums = prices.flatMap((price, place): MonthSum[] => {
      const mine = calls.filter((call) => call.place % prices.length === place)
      const counts = mine.map(({ units }) => (price.unit === 'call' ? 1 : units))
      const costNano = counts.reduce((sum, units) => sum + BigInt(costOf(price, units)), 0n)
      const units = counts.reduce((sum, count) => sum + count, 0)
      const { model, unit, id } = price
      return mine.length === 0 ? [] : [{ model, unit, priceId: id, calls: mine.length, units, costNano }]
    })
    const free0: MonthSum = { model: 'a', unit: 'call', calls: unpriced, units: unpriced, costNano: 0n }
    const added = adjustments.map((nano, i) => ({
      ...{ id: String(i), memo: '', consumerId: 'c', month: 'm', actor: '', createdAtMs: i, amountNano: BigInt(nano) },
    }))
    const paid = [
      { by: 'free', amountNano: BigInt(free) },
      { by: 'prepaid', amountNano: BigInt(prepaid) },
      { by: 'capped', amountNano: 9n },
    ] as const
    const invoice = invoiceAmounts([...sums, ...(unpriced > 0 ? [free0] : [])].toReversed(), prices, added, paid)
    const rows = sums.reduce((sum, { costNano }) => sum + costNano, 0n)
    const before = new Map<string, number>()
    let rebates = 0n
    for (const price of prices) {
      const units = sums.find(({ priceId }) => priceId === price.id)?.units ?? 0
      const key = `${price.model} ${price.unit}`
      rebates += rebateOf(price, units, before.get(key))
      before.set(key, (before.get(key) ?? 0) + units)
    }
    const adjusted = adjustments.reduce((sum, nano) => sum + BigInt(nano), 0n)
    expect(sumOf(invoice.lines)).toBe(rows - rebates + adjusted)
    expect(invoice.totalNano).toBe(rows - rebates + adjusted)
    const byFree = BigInt(free) < rows - rebates ? BigInt(free) : rows - rebates
    expect(invoice.dueNano).toBe(invoice.totalNano - byFree - BigInt(prepaid))
  })
  fc.assert(property)
})

test('any signed amount -> its text gives it back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }), (nano) => {
      expect(parseSignedNano('amount', formatNano(nano))).toBe(nano)
    }),
  )
})

test('a sum that names a price that is not there, or costs less than its units -> refused', () => {
  const sum = { model: 'a', unit: 'call', priceId: 'gone', calls: 1, units: 1, costNano: 1n } as const
  expect(() => invoiceAmounts([sum], [], [], [])).toThrow(/expected the price gone/)
  const price: Price = {
    id: 'gone',
    model: 'a',
    unit: 'call',
    nanoPerUnit: toNano(2),
    minimumPerCallNano: zeroNano,
    fromMs: 0,
  }
  expect(() => invoiceAmounts([sum], [price], [], [])).toThrow(/expected rows that cost at least/)
})

test.for([
  ['Europe/Berlin', '2026-10', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
  ['Europe/Berlin', '2026-03', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
  ['America/New_York', '2026-11', '2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z'],
  // Its clocks go forward at midnight of the first: the month begins at one o'clock.
  ['America/Asuncion', '2023-10', '2023-10-01T04:00:00.000Z', '2023-11-01T03:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-10', '2026-09-30T13:30:00.000Z', '2026-10-31T13:00:00.000Z'],
  ['Asia/Kolkata', '2026-12', '2026-11-30T18:30:00.000Z', '2026-12-31T18:30:00.000Z'],
] as const)('%s %s -> from %s to %s, each instant in one month', ([zone, month, from, to]) => {
  const at = hourAt(zoneOffset(zone))
  const { fromMs, toMs } = monthRange(at, month)
  expect([new Date(fromMs).toISOString(), new Date(toMs).toISOString()]).toEqual([from, to])
  expect([fromMs, toMs - 1].map((ms) => monthOf(at(ms)))).toEqual([month, month])
  expect([fromMs - 1, toMs].map((ms) => monthOf(at(ms)))).not.toContain(month)
  expect(startOfDay(at, `${month}-01`)).toBe(fromMs)
})

test.for([
  ['0.125', 'EUR', '0.13'],
  ['0.124999999', 'EUR', '0.12'],
  ['-0.125', 'EUR', '-0.13'],
  ['-0.004', 'EUR', '0.00'],
  ['1.5', 'JPY', '2'],
  ['0.1235', 'KWD', '0.124'],
  ['12', 'USD', '12.00'],
  ['90071992547.409935', 'EUR', '90071992547.41'],
] as const)('%s %s -> %s on the page', ([amount, currency, text]) => {
  expect(rounded(amount, currency)).toBe(text)
})

test('texts with markup -> escaped; no scripts and nothing that is loaded', () => {
  const invoice = sheetInvoice()
  const memo = '<script>alert("1")</script> & \'more\''
  const lines = invoice.lines.map((line) => (line.kind === 'adjustment' ? { ...line, memo } : line))
  const page = invoicePage({ ...invoice, lines, consumer: '<b>' }, 'shop <i>')
  expect(page).not.toMatch(/<script|<b>|<i>|https?:|src=|href=|url\(/)
  expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;')
  expect(page).toContain('<h1>Invoice 7</h1>')
  expect(page).toContain(`${rounded(invoice.due, 'EUR')} EUR`)
})

test('numbers that are taken while they are read -> no difference; one behind the counter -> named', async () => {
  const counter = [1, 2]
  const found = await checkInvoices({
    keptMonths: async function* () {},
    covers: () => false,
    makeNow: () => Promise.reject(new Error('nothing is kept')),
    lastNumber: async () => counter.shift() ?? 0,
    numbered: async () => [1, 2, 3].map((number) => ({ number, consumer: 'c', month: '2026-10' })),
  })
  expect(found).toEqual([{ consumer: 'c', month: '2026-10', what: 'number', expected: 'none', got: '3' }])
})
