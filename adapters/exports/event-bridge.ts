import { type EventContext, entryOf, mostEntries, type UsageEvent, usageEvent } from '../../src/export/cloud-event.ts'
import type { Receiver } from '../../src/export/export-hours.ts'

type PutEventsAnswer = {
  readonly FailedEntryCount?: number
  readonly Entries?: readonly { readonly ErrorCode?: string; readonly ErrorMessage?: string }[]
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
type PutEvents = (operation: 'PutEvents', input: unknown) => Promise<PutEventsAnswer>

/** Every record, as a CloudEvent on the default bus. Its rules may get an event twice, under the same id. */
export const eventBridge = (call: PutEvents, context: EventContext): Receiver<UsageEvent> => ({
  name: 'events',
  mostMessages: mostEntries,
  tell: async (record) => ({ kind: 'message', message: usageEvent(record, context) }),
  send: async (events) => {
    const { FailedEntryCount = 0, Entries = [] } = await call('PutEvents', { Entries: events.map(entryOf) })
    if (FailedEntryCount === 0) return { refused: [] }
    const [why] = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined)
    throw new Error(
      `PutEvents: expected ${events.length} events to be taken, ${FailedEntryCount} were refused: ${why?.ErrorCode} ${why?.ErrorMessage}`,
    )
  },
})
