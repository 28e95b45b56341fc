import type { Adjustment } from './adjustment.ts'
import type { Payer } from './plan.ts'
import type { Price, PriceUnit } from './price.ts'
import { rebatesOf } from './rebate.ts'

/** A month's rows of one model under one price, added up. */
export type MonthSum = {
  readonly model: string
  /** Absent: no price was in force, the rows are free. */
  readonly priceId?: string
  readonly unit: PriceUnit
  readonly calls: number
  readonly units: number
  readonly costNano: bigint
}

/** What paid for a month's rows: those without a lease are nobody's, so the invoice's. */
export type PaidSum = { readonly by: Payer['kind']; readonly amountNano: bigint }

/**
 * One line. `usage`: units at the list price. `minimum`: what minimums of calls add to that. `free`, `tier`: what the price
 * gives back, below 0. `adjustment`: what the owner added or took away.
 */
export type InvoiceLine =
  | {
      readonly kind: 'usage'
      readonly model: string
      readonly priceId?: string
      readonly unit: PriceUnit
      readonly calls: number
      readonly units: bigint
      readonly nanoPerUnit: bigint
      readonly amountNano: bigint
    }
  | { readonly kind: 'minimum'; readonly model: string; readonly priceId: string; readonly amountNano: bigint }
  | {
      readonly kind: 'free' | 'tier'
      readonly model: string
      readonly priceId: string
      readonly unit: PriceUnit
      /** Units of the month behind which it holds. */
      readonly from: number
      readonly units: bigint
      /** What each of them gets back. */
      readonly nanoPerUnit: bigint
      readonly amountNano: bigint
    }
  | { readonly kind: 'adjustment'; readonly id: string; readonly memo: string; readonly amountNano: bigint }

/** What was paid before the invoice: by the month's free allowance, or by the prepaid balance. */
export type InvoicePayment = { readonly by: 'free' | 'prepaid'; readonly amountNano: bigint }

/** The amounts of an invoice. `total` is the sum of its lines, `due` what is not paid yet; below 0 the owner owes it. */
export type InvoiceAmounts = {
  readonly lines: readonly InvoiceLine[]
  readonly totalNano: bigint
  readonly paid: readonly InvoicePayment[]
  readonly dueNano: bigint
}

export type Invoice = InvoiceAmounts & {
  readonly consumerId: string
  /** Of the billing zone. */
  readonly month: string
  readonly state: 'draft' | 'final'
  /** Of final ones, from 1, without gaps. */
  readonly number?: number
  readonly currency: string
  /** The first instant of the month, and the first behind it. */
  readonly fromMs: number
  readonly toMs: number
  readonly madeAtMs: number
}

type Priced = { readonly sum: MonthSum; readonly price: Price | undefined }

const usageLine = ({ sum, price }: Priced): InvoiceLine => {
  const units = BigInt(sum.units)
  const nanoPerUnit = BigInt(price?.nanoPerUnit ?? 0)
  return {
    kind: 'usage',
    model: sum.model,
    ...(price && { priceId: price.id }),
    unit: sum.unit,
    calls: sum.calls,
    units,
    nanoPerUnit,
    amountNano: units * nanoPerUnit,
  }
}

const minimumLine = ({ sum, price }: Priced): readonly InvoiceLine[] => {
  const amountNano = sum.costNano - BigInt(sum.units) * BigInt(price?.nanoPerUnit ?? 0)
  if (amountNano < 0n || (!price && amountNano > 0n))
    throw new Error(
      `invoice of ${sum.model}: expected rows that cost at least ${sum.units} units of price ${sum.priceId}, got ${sum.costNano}`,
    )
  return price && amountNano > 0n ? [{ kind: 'minimum', model: sum.model, priceId: price.id, amountNano }] : []
}

const rebateLines = ({ sum, price }: Priced, before: number): readonly InvoiceLine[] =>
  price
    ? rebatesOf(price, sum.units, before).map(({ kind, from, units, nanoPerUnit }) => ({
        kind,
        model: sum.model,
        priceId: price.id,
        unit: sum.unit,
        from,
        units,
        nanoPerUnit,
        amountNano: -units * nanoPerUnit,
      }))
    : []

/**
 * Lines of one model in the order of its prices. Each hour has one price of a model, so units under a later price came later:
 * free units and tiers count on over the prices of a month that have the same unit.
 */
const linesOfModel = (sums: readonly Priced[]): readonly InvoiceLine[] => {
  const ordered = sums.toSorted((a, b) => (a.price?.fromMs ?? -1) - (b.price?.fromMs ?? -1))
  const before = new Map<PriceUnit, number>()
  return ordered.flatMap((priced) => {
    const { unit, units } = priced.sum
    const earlier = before.get(unit) ?? 0
    if (priced.price) before.set(unit, earlier + units)
    return [usageLine(priced), ...minimumLine(priced), ...rebateLines(priced, earlier)]
  })
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const adjustmentLines = (adjustments: readonly Adjustment[]): readonly InvoiceLine[] =>
  adjustments
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs || compare(a.id, b.id))
    .map(({ id, memo, amountNano }) => ({ kind: 'adjustment', id, memo, amountNano }))

export const sumOf = (amounts: readonly { readonly amountNano: bigint }[]): bigint =>
  amounts.reduce((sum, { amountNano }) => sum + amountNano, 0n)

/**
 * What was paid before: the free allowance pays at most what the rows cost less what their prices give back, since it is no
 * money that could be given back; the prepaid balance paid what it paid.
 */
const paymentsOf = (paid: readonly PaidSum[], usedNano: bigint): readonly InvoicePayment[] => {
  const by = (kind: Payer['kind']): bigint => sumOf(paid.filter((one) => one.by === kind))
  const free = by('free') < usedNano ? by('free') : usedNano
  const payments: readonly InvoicePayment[] = [
    { by: 'free', amountNano: free },
    { by: 'prepaid', amountNano: by('prepaid') },
  ]
  return payments.filter(({ amountNano }) => amountNano !== 0n)
}

/**
 * The lines of a consumer's month, exact in nano. `prices`: those that the sums name. Throws when a sum names another, or
 * when rows cost less than their units at the price.
 */
export const invoiceAmounts = (
  sums: readonly MonthSum[],
  prices: readonly Price[],
  adjustments: readonly Adjustment[],
  paid: readonly PaidSum[],
): InvoiceAmounts => {
  const byId = new Map(prices.map((price) => [price.id, price]))
  const priced = sums.map((sum): Priced => {
    const price = sum.priceId === undefined ? undefined : byId.get(sum.priceId)
    if (sum.priceId !== undefined && !price)
      throw new Error(`invoice of ${sum.model}: expected the price ${sum.priceId} among its prices, it is not there`)
    return { sum, price }
  })
  const models = [...Map.groupBy(priced, ({ sum }) => sum.model)].toSorted(([a], [b]) => compare(a, b))
  const used = models.flatMap(([, ofModel]) => linesOfModel(ofModel))
  const lines = [...used, ...adjustmentLines(adjustments)]
  const totalNano = sumOf(lines)
  const payments = paymentsOf(paid, sumOf(used))
  return { lines, totalNano, paid: payments, dueNano: totalNano - sumOf(payments) }
}
