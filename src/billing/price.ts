import { PercallError } from '../errors.ts'
import { formatNano, type Nano, toNano, zeroNano } from './money.ts'

export const priceUnits = ['call', 'row', 'token', 'explained_row'] as const
export type PriceUnit = (typeof priceUnits)[number]

/** What each unit costs that comes after `from` units of the month. */
export type Tier = { readonly from: number; readonly nanoPerUnit: Nano }

/** What one unit of a model costs from the start of an hour on. Immutable once its hour is opened. */
export type Price = {
  readonly id: string
  readonly model: string
  readonly unit: PriceUnit
  readonly nanoPerUnit: Nano
  /** A call that costs less by its units costs this. */
  readonly minimumPerCallNano: Nano
  /** Units of a month that are to cost nothing: kept for the month's invoice, as tiers are. */
  readonly freePerMonth?: number
  /** Lower prices of the month's units behind a number of them, by that number. */
  readonly tiers?: readonly Tier[]
  /** Start of the first hour it holds for; 0 for a model's first price, which holds at once. */
  readonly fromMs: number
}

/** What a call used, by the unit that may be charged; a call itself is always one. */
export type Quantities = { readonly [unit in Exclude<PriceUnit, 'call'>]?: number }

/** What a call of so many rows used; explained rows are rows too. */
export const quantitiesOf = ({
  rows,
  tokens,
  explained,
}: {
  readonly rows: number
  readonly tokens?: number | undefined
  readonly explained?: true | undefined
}): Quantities => ({ row: rows, token: tokens ?? 0, explained_row: explained ? rows : 0 })

export const unitsOf = (unit: PriceUnit, quantities: Quantities): number =>
  unit === 'call' ? 1 : (quantities[unit] ?? 0)

const mostCost = formatNano(Number.MAX_SAFE_INTEGER)

/** max(units x price, minimum), exact; without a price a call is free. Throws TOO_LARGE above a safe integer. */
export const costOf = (price: Price | undefined, units: number): Nano => {
  if (!price) return zeroNano
  // A product of integers that is a safe integer is exact: beyond 2^53 rounding never leads back below it.
  const product = units * price.nanoPerUnit
  if (!Number.isSafeInteger(product)) {
    const exact = formatNano(BigInt(units) * BigInt(price.nanoPerUnit))
    throw new PercallError('TOO_LARGE', `call: expected a cost of at most ${mostCost}, got ${exact}`)
  }
  const byUnits = toNano(product)
  // biome-ignore lint/complexity/useMathMinMax: Math.max answers a bare number, which is no Nano.
  return byUnits > price.minimumPerCallNano ? byUnits : price.minimumPerCallNano
}

/** The price in force in the hour that starts at `hourStartMs`: the latest that holds from it or earlier. */
export const priceInForce = (prices: readonly Price[], hourStartMs: number): Price | undefined =>
  prices.reduce<Price | undefined>(
    (best, price) => (price.fromMs <= hourStartMs && (!best || price.fromMs > best.fromMs) ? price : best),
    undefined,
  )
