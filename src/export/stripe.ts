import type { Sha256 } from '../ledger/chain.ts'
import { type ExportRecord, recordId } from './record.ts'

/**
 * A meter event, as POST /v1/billing/meter_events takes it in its form.
 * https://docs.stripe.com/api/billing/meter-event/create
 */
export type MeterEvent = {
  readonly id: string
  readonly form: Readonly<Record<string, string>>
}

/** Of event names and identifiers alike. */
const mostCharacters = 100

export type MeterSettings = {
  /** Name of the meter's events; `{model}` stands for the model. */
  readonly eventName: string
  /** This deployment among all that send to the account. */
  readonly source: string
  readonly sha256: Sha256
}

/** The event of a record; undefined where nothing of it was charged. A text: why none can be sent. */
export const meterEvent = (
  record: ExportRecord,
  customer: string,
  { eventName, source, sha256 }: MeterSettings,
): MeterEvent | string | undefined => {
  if (record.units === 0) return undefined
  const name = eventName.replaceAll('{model}', record.model)
  if (name.length > mostCharacters)
    return `event name: expected at most ${mostCharacters} characters, got ${name.length}`
  const id = recordId(record)
  return {
    id,
    form: {
      event_name: name,
      // Ids of records may be longer than an identifier: a digest is not, and is theirs alone.
      identifier: `percall-${sha256(`${source} ${id}`)}`,
      timestamp: String(Math.floor(record.startMs / 1000)),
      'payload[stripe_customer_id]': customer,
      'payload[value]': String(record.units),
    },
  }
}

/**
 * `delivered`, also where the event was there before; `refused`: it never will be; `later`: it certainly is not there, and
 * has to come again; `unsure`: it may be there.
 */
export type MeterOutcome = 'delivered' | 'refused' | 'later' | 'unsure'

// Stripe refuses a repetition instead of dropping it; the identifier is of this record alone, so it was delivered.
const isThere = (text: string): boolean => /already exists with identifier|duplicate_meter_event/.test(text)

/**
 * What an answer says of an event. A key that is wrong, and too many requests, are nothing against the event. What became of
 * a request that ends in a fault of Stripe's is not said: https://docs.stripe.com/error-low-level
 */
export const meterOutcome = (status: number, text: string): MeterOutcome => {
  if (status >= 200 && status < 300) return 'delivered'
  if (status === 400 && isThere(text)) return 'delivered'
  if (status === 400 || status === 402 || status === 404) return 'refused'
  return status >= 500 || status < 400 ? 'unsure' : 'later'
}
