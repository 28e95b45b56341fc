import * as z from 'zod'
import { PercallError } from '../errors.ts'
import { type Nano, parseNano } from './money.ts'

/** A credit to a prepaid balance. Never changed, never removed. */
export type Credit = {
  readonly id: string
  readonly consumerId: string
  readonly amountNano: Nano
  readonly memo: string
  /** Id of the key that gave it. */
  readonly actor: string
  readonly createdAtMs: number
}

export const creditSchema = z.strictObject({
  /** Names it, so that a repetition gives it once; without one an Idempotency-Key does. */
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected letters, digits, "-", "_" or ".", at most 128')
    .optional(),
  /** A decimal above 0. */
  amount: z.string(),
  memo: z.string().max(1000).default(''),
})

/** Throws BAD_PRICE for what is no amount, and for 0: a credit moves something. */
export const creditAmount = (text: string): Nano => {
  const amountNano = parseNano('body.amount', text)
  if (amountNano === 0) throw new PercallError('BAD_PRICE', `body.amount: expected more than 0, got ${text}`)
  return amountNano
}
