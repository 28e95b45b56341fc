import { formatNano } from '../billing/money.ts'
import { type ExportRecord, recordId } from './record.ts'

export type EventContext = { readonly source: string; readonly currency: string }

const iso = (ms: number): string => new Date(ms).toISOString()

/** As a CloudEvent: source and id are unique together. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const usageEvent = (record: ExportRecord, { source, currency }: EventContext) => ({
  specversion: '1.0',
  id: recordId(record),
  source,
  type: 'percall.usage.hour',
  subject: record.consumerId,
  // When it was used, so that a repetition is the same to the last byte.
  time: iso(record.endMs),
  datacontenttype: 'application/json',
  data: {
    consumer: record.consumerId,
    model: record.model,
    hour: record.hour,
    from: iso(record.startMs),
    to: iso(record.endMs),
    calls: record.calls,
    ...(record.unit && { unit: record.unit }),
    units: record.units,
    cost: formatNano(record.costNano),
    currency,
  },
})

export type UsageEvent = ReturnType<typeof usageEvent>

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const mostEntries = 10

/** An entry of PutEvents: its Detail is the whole CloudEvent. */
export const entryOf = (event: UsageEvent) => ({
  Source: 'percall',
  DetailType: event.type,
  Time: Date.parse(event.time) / 1000,
  Detail: JSON.stringify(event),
})
