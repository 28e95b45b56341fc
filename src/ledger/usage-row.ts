import type { Nano } from '../billing/money.ts'
import type { PriceUnit } from '../billing/price.ts'

/** An immutable usage row. A call is accepted when its row is in the ledger. */
export type UsageRow = {
  readonly kind: 'row'
  /** Place in its chain, from 1, without gaps. */
  readonly number: number
  /** Hash of the row before it; of the chain's id for the first; empty in a reservation chain, whose slots are written in any order. */
  readonly previous: string
  /** Names this attempt to charge, so that one's own earlier write is recognised. */
  readonly nonce: string
  readonly keyId: string
  readonly model: string
  readonly version: number
  readonly origin: 'sync' | 'async' | 'batch'
  readonly admittedAtMs: number
  readonly unit: PriceUnit
  readonly units: number
  readonly costNano: Nano
  /** Absent: no price was in force; the row stays free whatever is priced later. */
  readonly priceId?: string
  readonly durationMs: number
  readonly cold: boolean
  readonly requestId: string
}
