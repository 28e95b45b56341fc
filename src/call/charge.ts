import type { Principal } from '../access/principal.ts'
import type { Payer } from '../billing/plan.ts'
import type { Price } from '../billing/price.ts'
import type { Hour } from '../ledger/hour.ts'

/** What was fixed when a call was admitted: who pays, its time, and with it hour and price. */
export type Admission = {
  readonly principal: Principal
  readonly model: string
  readonly admittedAtMs: number
  readonly hour: Hour
  /** Absent: the call is free (no price, or an owner's key). */
  readonly price?: Price
}

/** What one answered call used; the price's unit decides which number is charged. */
export type Usage = {
  readonly model: string
  readonly version: number
  readonly rows: number
  /** Absent for a model without tokens. */
  readonly tokens?: number
  /** The rows were explained. */
  readonly explained?: true
  readonly durationMs: number
  readonly cold: boolean
  readonly requestId: string
  /** Where the time went, for the statistics; no part of the row, and unknown of what is no call of predict. */
  readonly spent?: Spent
}

export type Spent = { readonly parseMs: number; readonly queueMs: number; readonly inferMs: number }

/** What one answered call costs. */
export type Charge = { readonly units: number; readonly costNano: number; readonly balance?: BalanceLeft }

/** What the item that paid has left, as far as the environment knows: leases of others may come back. */
export type BalanceLeft = {
  readonly leftNano: number
  /** All of it; of the kind `capped` the month's cap. */
  readonly ofNano: number
  readonly kind: Payer['kind']
}
