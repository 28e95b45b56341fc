/** PutEvents: each entry is accepted or refused by itself. */
import { type Authorize, AwsError, account, type Caller, region } from '../service.ts'
import { type BusEvent, envelope } from './event.ts'

export const busArn = `arn:aws:events:${region}:${account}:event-bus/default`

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html, Entries. */
const mostEntries = 10
/**
 * "The total entry size must be less than 256 KB."
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/calculate-putevents-entry-size.html
 */
const largestSizeBytes = 256 * 1024
const timeSizeBytes = 14

type Entry = {
  readonly Source?: string
  readonly DetailType?: string
  readonly Detail?: string
  readonly Resources?: readonly string[]
  readonly Time?: number
  readonly EventBusName?: string
  readonly TraceHeader?: string
}
type Dependencies = {
  readonly authorize: Authorize
  readonly publish: (event: BusEvent) => void
  readonly now: () => number
}

export const putEventsOperation =
  ({ authorize, publish, now }: Dependencies) =>
  (input: { readonly Entries?: readonly Entry[]; readonly EndpointId?: string }, caller: Caller) => {
    authorize(caller, 'events:PutEvents', busArn)
    const entries = input.Entries ?? []
    if (input.EndpointId !== undefined) throw invalid('EndpointId is not supported')
    if (entries.length < 1 || entries.length > mostEntries) {
      throw invalid(
        `Value at 'entries' failed to satisfy constraint: 1 to ${mostEntries} members, got ${entries.length}`,
      )
    }
    const sizeBytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
    if (sizeBytes > largestSizeBytes) throw invalid('Total size of the entries in the request is over the limit.')
    const results = entries.map((entry) => {
      const refused = refusal(entry)
      if (refused !== undefined) return refused
      const event = envelope({
        source: entry.Source!,
        detailType: entry.DetailType!,
        detail: JSON.parse(entry.Detail!),
        resources: entry.Resources ?? [],
        timeMs: entry.Time === undefined ? now() : entry.Time * 1000,
      })
      publish(event)
      return { EventId: String(event.id) }
    })
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results }
  }

const invalid = (message: string) => new AwsError('ValidationException', message)

const sizeOf = ({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry) =>
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
  (Time === undefined ? 0 : timeSizeBytes)

const refusal = (entry: Entry) => {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => !entry[name])
  if (missing !== undefined) {
    const ErrorMessage = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`
    return { ErrorCode: 'InvalidArgument', ErrorMessage }
  }
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: aws.* is for the services.
  if (entry.Source!.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' }
  }
  if (![undefined, 'default', busArn].includes(entry.EventBusName)) {
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${entry.EventBusName} does not exist.` }
  }
  try {
    const detail: unknown = JSON.parse(entry.Detail!)
    if (detail !== null && typeof detail === 'object' && !Array.isArray(detail)) return undefined
  } catch {
    // the same answer as for a detail that is no object
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
}
