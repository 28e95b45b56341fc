import { requireGrant } from '../access/principal.ts'
import type { Nano } from '../billing/money.ts'
import { costOf, type Price, quantitiesOf, unitsOf } from '../billing/price.ts'
import { rawTokens } from '../embedding/raw-tokens.ts'
import { freeUnitOf } from '../ledger/chain.ts'
import type { Hour } from '../ledger/hour.ts'
import type { Admit, Resolve } from '../ports.ts'
import type { Version } from '../registry/version.ts'
import type { Call } from './call.ts'
import { requireMayExplain } from './may-explain.ts'

/** What the rows of a body are for. */
export const purposes = ['predict', 'explain'] as const
export type Purpose = (typeof purposes)[number]

/** What a body would be charged in the hour of its quote, by list prices. */
export type Quote = {
  readonly version: Version
  readonly rows: number
  readonly tokens?: number
  readonly units: number
  readonly costNano: number
  /** Absent: the call would be free. */
  readonly price?: Price
  /** What a consumer would be charged for it; only to an owner, whose own calls are free, of a model that has a price. */
  readonly consumers?: { readonly price: Price; readonly units: number; readonly costNano: Nano }
  readonly hour: Hour
}

type Ports = { readonly resolve: Resolve; readonly admit: Admit }

/**
 * Reads a body as a call does and prices it, without running the model or writing a row. Throws NOT_GRANTED, OWNER_ONLY of
 * explanations that the owner keeps, what resolving and reading throw, and what an explanation refuses before it asks the model; what only running shows, such as values that the
 * model refuses, it does not tell.
 */
export const quoteCall =
  ({ resolve, admit }: Ports) =>
  async (
    { principal, reference, read }: Pick<Call, 'principal' | 'reference' | 'read'>,
    purpose: Purpose,
  ): Promise<Quote> => {
    requireGrant(principal, reference.model)
    const deployed = await resolve(reference)
    if (purpose === 'explain') requireMayExplain(principal, deployed)
    const { rows, inputs, tokens = rawTokens(deployed.manifest, inputs), check } = read(deployed)
    await check?.()
    const { price, hour } = await admit(principal, deployed.version.model)
    const { price: asked } =
      principal.role === 'owner' ? await admit({ ...principal, role: 'consumer' }, deployed.version.model) : {}
    const used = { rows, tokens, ...(purpose === 'explain' && { explained: true as const }) }
    const quantities = quantitiesOf(used)
    const units = unitsOf(price?.unit ?? freeUnitOf(principal.consumerId), quantities)
    const theirs = unitsOf(asked?.unit ?? 'call', quantities)
    return {
      version: deployed.version,
      rows,
      ...(tokens !== undefined && { tokens }),
      units,
      costNano: costOf(price, units),
      ...(price && { price }),
      ...(asked && { consumers: { price: asked, units: theirs, costNano: costOf(asked, theirs) } }),
      hour,
    }
  }
