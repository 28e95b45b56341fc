import { eachAtMost } from '../../src/each-at-most.ts'
import type { Receiver, Refusal } from '../../src/export/export-hours.ts'
import { recordId } from '../../src/export/record.ts'
import { type MeterEvent, type MeterSettings, meterEvent, meterOutcome } from '../../src/export/stripe.ts'
import { fetchAgain } from '../aws/fetch-again.ts'

export type StripePlace = MeterSettings & {
  /** `https://api.stripe.com`. */
  readonly url: string
  /** A secret key, or a restricted one that may write meter events. */
  readonly key: () => Promise<string>
  /** Stripe's id of a consumer; undefined where it is not billed there. */
  readonly customerOf: (consumerId: string) => Promise<string | undefined>
}

const stripeVersion = '2025-04-30.basil'
const requestTimeoutMs = 10_000
// One event is one request.
const mostMessages = 20
const mostAtOnce = 5

// Twice is once: an event has an identifier.
const post = async (url: string, key: string, { form }: MeterEvent) => {
  const answer = await fetchAgain(new URL('/v1/billing/meter_events', url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/x-www-form-urlencoded',
      'stripe-version': stripeVersion,
    },
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(requestTimeoutMs),
  })
  return { status: answer.status, text: await answer.text() }
}

const mostReason = 300

// 24 h at least; less what a tick may be late, and what clocks differ by: https://docs.stripe.com/api/billing/meter-event/create
const remembersMs = 22 * 3_600_000

/** What became of one event; without an answer nobody knows. */
const deliver = async ({ url }: StripePlace, key: string, event: MeterEvent) => {
  try {
    const { status, text } = await post(url, key, event)
    return { outcome: meterOutcome(status, text), reason: `${status}: ${text.slice(0, mostReason)}` }
  } catch (thrown) {
    return { outcome: 'unsure', reason: `no answer: ${thrown instanceof Error ? thrown.message : thrown}` } as const
  }
}

/** Units of consumers that are customers there, as events of a meter. https://docs.stripe.com/api/billing/meter-event/create */
export const stripe = (place: StripePlace): Receiver<MeterEvent> => ({
  name: 'stripe',
  remembersMs,
  mostMessages,
  tell: async (record) => {
    const customer = await place.customerOf(record.consumerId)
    const event = customer === undefined ? undefined : meterEvent(record, customer, place)
    if (event === undefined) return { kind: 'none' }
    if (typeof event === 'string') return { kind: 'refused', refusal: { id: recordId(record), reason: event } }
    return { kind: 'message', message: event }
  },
  send: async (events) => {
    const refused: Refusal[] = []
    const [told, unsure, failed]: [string[], string[], string[]] = [[], [], []]
    const failure = (reason: string) => ({ refused, failure: { cause: new Error(`Stripe: ${reason}`), told, unsure } })
    const key = await place.key().catch((cause: Error) => cause)
    // Nothing was sent.
    if (key instanceof Error) return failure(key.message)
    await eachAtMost(mostAtOnce, events, async (event) => {
      const { outcome, reason } = await deliver(place, key, event)
      if (outcome === 'delivered') told.push(event.id)
      else if (outcome === 'refused') refused.push({ id: event.id, reason })
      else failed.push(`expected the event ${event.id} to be taken, got ${reason}`)
      if (outcome === 'unsure') unsure.push(event.id)
    })
    return failed[0] === undefined ? { refused } : failure(failed[0])
  },
})
