import * as z from 'zod'
import { amount, pageOf, time } from './common.ts'

export const consumerAnswer = z.object({
  id: z.string(),
  plan: z.literal('postpaid'),
  grants: z.array(z.string()),
  createdAt: time,
})

export const consumersAnswer = pageOf('consumers', consumerAnswer)

/** Never with its secret. */
const keyAnswer = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  grants: z.array(z.string()).exactOptional(),
  createdAt: time,
  expires: time.exactOptional(),
  revoked: time.exactOptional(),
})

export const keysAnswer = pageOf('keys', keyAnswer)

/** The one answer that has the secret. */
export const keyMadeAnswer = z.object({ id: z.string(), secret: z.string() })

const sum = { calls: z.int(), units: z.int(), cost: amount }

/** `from` is included, `to` is not. */
export const usageAnswer = z.object({
  from: time,
  to: time,
  currency: z.string(),
  totals: z.object(sum),
  by: z.array(
    z.object({
      ...sum,
      day: z.string().exactOptional(),
      model: z.string().exactOptional(),
      version: z.string().exactOptional(),
      key: z.string().exactOptional(),
    }),
  ),
})

export const meAnswer = z.object({
  role: z.enum(['owner', 'consumer']),
  consumer: z.string(),
  plan: z.literal('postpaid'),
  key: z.string(),
  grants: z.array(z.string()),
  usage: usageAnswer,
})

const priceFields = {
  id: z.string(),
  unit: z.enum(['call', 'row', 'token']),
  amount,
  minimumPerCall: amount,
  currency: z.string(),
  /** Null for a model's first price, which holds at once. */
  from: time.nullable(),
}

const priceAnswer = z.object(priceFields)

export const priceMadeAnswer = z.object({ model: z.string(), ...priceFields })

export const pricesAnswer = z.object({
  model: z.string(),
  price: priceAnswer.nullable(),
  prices: z.array(priceAnswer),
})
