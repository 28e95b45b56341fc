import * as z from 'zod'
import { PercallError } from '../errors.ts'
import { parseSignedNano } from './money.ts'

/** What an invoice adds or takes away besides what was used. Never changed, never removed: a mistake gets another one. */
export type Adjustment = {
  readonly id: string
  readonly consumerId: string
  /** The invoice that it is on. */
  readonly month: string
  /** Below 0 in the consumer's favour. */
  readonly amountNano: bigint
  readonly memo: string
  /** Id of the key that made it. */
  readonly actor: string
  readonly createdAtMs: number
}

const mostMemo = 500

export const monthPattern = /^\d{4}-(?:0[1-9]|1[0-2])$/

export const adjustmentSchema = z.strictObject({
  /** A decimal other than 0; below 0 in the consumer's favour. */
  amount: z.string(),
  /** Printed on the invoice. */
  memo: z.string().min(1, 'expected why, for whoever reads the invoice').max(mostMemo),
  /** The invoice that it is on; the current month's where it is left out. */
  month: z.string().regex(monthPattern, 'expected a month such as 2026-11').optional(),
})

/** Throws BAD_PRICE for what is no amount, and for 0: an adjustment changes something. */
export const adjustmentAmount = (text: string): bigint => {
  const nano = parseSignedNano('body.amount', text)
  if (nano === 0n) throw new PercallError('BAD_PRICE', `body.amount: expected an amount other than 0, got ${text}`)
  return nano
}

/** A month has at most so many, so that its invoice stays one item of the ledger. */
export const mostAdjustments = 100
