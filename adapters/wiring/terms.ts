import type { Price } from '../../src/billing/price.ts'
import type { Hour } from '../../src/ledger/hour.ts'
import { priceAt } from '../ledger/prices.ts'
import { createTerms } from '../ledger/terms.ts'
import { once, registry, settingOr } from './wiring.ts'

export const billingZone = (): string => settingOr('PERCALL_BILLING_ZONE', 'UTC')
export const billingCurrency = (): string => settingOr('PERCALL_CURRENCY', 'USD')

/** The billing zone and the currency of this deployment, against those that are fixed. */
export const billingTerms = once(() => createTerms(registry(), { zone: billingZone(), currency: billingCurrency() }))

/** The price of an hour, from which on the currency is fixed. */
export const chargedPriceAt = () => {
  const find = priceAt(registry(), billingZone())
  const terms = billingTerms()
  return async (model: string, hour: Hour): Promise<Price | undefined> => {
    const price = await find(model, hour)
    if (price) await terms.fixCurrency()
    return price
  }
}

/** An act that is done once `step` is. */
const behind =
  (step: () => Promise<void>) =>
  <Asked extends readonly unknown[], Value>(act: (...asked: Asked) => Promise<Value>) =>
  async (...asked: Asked): Promise<Value> => {
    await step()
    return act(...asked)
  }

/** An act that opens a chain, from which on the zone is fixed: an owner's calls ask for no price. */
export const underZone = behind(() => billingTerms().fixZone())

/** An act that keeps an amount, from which on the currency is fixed. */
export const underCurrency = behind(() => billingTerms().fixCurrency())

/** An act that reads hours and amounts of others. */
export const underTerms = behind(() => billingTerms().check())
